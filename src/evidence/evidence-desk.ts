import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { evidenceFiles, type EvidenceRequest, type EvidenceStore } from './evidence-export.ts';
import { sealOfEvent, type EventSeal, type ProofStore } from './proof.ts';
import type { SealKeys } from './seal-key-files.ts';
import { keyIdOf, publicPemOf, readSeal } from './seal.ts';
import type { CheckState } from './store-check.ts';
import { TAR_END, tarMember } from './tar.ts';

export interface EvidenceParts {
  store: EvidenceStore & ProofStore;
  keys: Pick<SealKeys, 'current'>;
  program: string;
  /** Compares what is stored with what was sealed. */
  check: { state: CheckState; run(): Promise<void> };
  /** Where an archive is put together, a file at a time; default the system's folder for such files. */
  spoolDir?: string;
  now?: () => number;
}

/** The chain as people see it. */
export interface ChainState {
  /** Number and time of the last seal; null before the first. */
  last: { number: number; time: number; records: number } | null;
  chain: string;
  digest: string;
  key: { id: string; publicKey: string };
  /** The last comparison of what is stored with what was sealed. */
  check: CheckState;
}

/** What people ask about seals, and take away as evidence. */
export class EvidenceDesk {
  readonly #parts: EvidenceParts;

  constructor(parts: EvidenceParts) {
    this.#parts = parts;
  }

  async chain(): Promise<ChainState> {
    const { store, keys, check } = this.#parts;
    const key = await keys.current();
    const signed = await store.lastSeal();
    const seal = signed && readSeal(signed);
    const records = Object.values(seal?.ends ?? {}).reduce((sum, end) => sum + end.records, 0);
    return {
      last: seal ? { number: seal.number, time: seal.time, records } : null,
      ...{ chain: seal?.chain ?? '', digest: seal?.digest ?? '' },
      key: { id: keyIdOf(key), publicKey: publicPemOf(key) },
      check: check.state,
    };
  }

  /** Begins to compare everything that is stored with what was sealed, unless that is running. */
  startCheck(): CheckState {
    void this.#parts.check.run();
    return this.#parts.check.state;
  }

  /** @param withRecord puts the event, unmasked, into the proof. */
  async sealOf(event: string, withRecord = false): Promise<EventSeal> {
    return sealOfEvent(this.#parts.store, await this.#parts.keys.current(), event, withRecord);
  }

  /**
   * The evidence export as a tar archive, made while it is read: of what goes out only one file at a time lies on the disk.
   * @throws WanglouError WL_NOT_FOUND when nothing of the range is sealed.
   */
  async archive(request: EvidenceRequest): Promise<Readable> {
    const { keys, store, program, spoolDir = tmpdir(), now = Date.now } = this.#parts;
    const key = await keys.current();
    const folder = await mkdtemp(join(spoolDir, 'wanglou-evidence-'));
    const files = evidenceFiles(store, { key, folder, program, now }, request);
    const first = await files.next().catch(async (error: unknown) => {
      await rm(folder, { recursive: true, force: true });
      throw error;
    });
    return Readable.from(archived(folder, first, files, now()), { objectMode: false });
  }
}

async function* archived(
  folder: string,
  first: IteratorResult<string>,
  files: AsyncGenerator<string>,
  at: number,
): AsyncGenerator<Buffer> {
  try {
    for (let next = first; next.done !== true; next = await files.next()) {
      yield* tarMember(folder, next.value, at);
      await rm(join(folder, next.value));
    }
    yield TAR_END;
  } finally {
    await files.return(undefined);
    await rm(folder, { recursive: true, force: true });
  }
}
