import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEAL_LIMITS } from '../../src/evidence/block.ts';
import type { Digest } from '../../src/evidence/digest.ts';
import { evidenceFiles, STREAMS, type EvidenceRequest } from '../../src/evidence/evidence-export.ts';
import { publicPemOf, type Note } from '../../src/evidence/seal.ts';
import type { SealKeys } from '../../src/evidence/seal-key-files.ts';
import { Sealer } from '../../src/evidence/sealer.ts';
import { EmbeddedEventLog } from '../../src/event-log/embedded.ts';
import { TOPICS } from '../event-log/conformance-topics.ts';
import { MemoryStore, storedEvent } from './memory-store.ts';

export const START = Date.UTC(2026, 10, 26, 4);

/** A real event log, a store in memory, and what seals it. Time passes when told. */
export class SealedPlatform {
  readonly store = new MemoryStore();
  readonly dir = mkdtempSync(join(tmpdir(), 'wanglou-seals-'));
  key: KeyObject = generateKeyPairSync('ed25519').privateKey;
  keys: SealKeys = { signer: async () => ({ key: this.key, notes: [] }), current: async () => this.key };
  digest: Digest = 'sha256';
  limits = SEAL_LIMITS;
  notes: Note[] = [];
  now = START;
  log = this.#newLog();

  async start(): Promise<void> {
    await this.log.start();
  }

  async stop(): Promise<void> {
    await this.log.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  sealer(): Sealer {
    const { log, store, digest, limits } = this;
    return new Sealer({
      ...{ log, store, keys: this.keys, digest, limits, program: '0.1.0', access: 'trial' },
      notes: () => this.notes.splice(0),
      onProblem: () => undefined,
      now: () => this.now,
    });
  }

  /** Events as detection has stored and committed them. */
  async events(count: number, partition = 0): Promise<void> {
    const [offset = 0] = await this.log.append([{ topic: 'events', partition, value: Buffer.from('a batch') }]);
    for (let index = 0; index < count; index++)
      this.store.events.push(storedEvent(this.#fields(offset, index), [partition, offset, index]));
    await this.log.commit('detect', [{ topic: 'events', partition, offset: offset + 1 }]);
  }

  async audit(...texts: string[]): Promise<void> {
    const records = texts.map((text) => ({ id: text, at: this.now, recordedAt: this.now, action: 'reveal', reason: text })); // prettier-ignore
    await this.log.append(
      records.map((one) => ({ topic: 'audit', partition: 0, key: one.id, value: Buffer.from(JSON.stringify(one)) })),
    );
  }

  async reports(...keys: string[]): Promise<void> {
    await this.log
      .table('reports')
      .put(keys.map((key) => [key, Buffer.from(JSON.stringify({ id: key, at: this.now }))]));
  }

  /** Writes an evidence export of everything. @returns its folder. */
  async export(request: Partial<EvidenceRequest> = {}, name = 'export'): Promise<string> {
    const folder = join(this.dir, name);
    const { store, key, now } = this;
    const files = evidenceFiles(
      store,
      { key, folder, program: '0.1.0', now: () => now },
      { from: 0, to: this.now + 1, streams: STREAMS, by: 'lina', ...request },
    );
    while ((await files.next()).done !== true);
    return folder;
  }

  get publicKey(): string {
    return publicPemOf(this.key);
  }

  #fields(offset: number, index: number): Record<string, string> {
    const id = `00000000-0000-8000-8000-${String(offset * 1_000_000 + index).padStart(12, '0')}`;
    const [time, rows] = [String(this.now - 50), String(index)];
    const message = index % 7 === 0 ? `导出 "${index}"\n第二行\u0000` : `用户查询 ${index}`;
    return { id, time, ingest_time: String(this.now), source: 'gateway', account: `user${index}`, rows, message, attributes: '1:a1:b' }; // prettier-ignore
  }

  #newLog(): EmbeddedEventLog {
    return new EmbeddedEventLog({
      dir: join(this.dir, 'log'),
      topics: TOPICS,
      onProblem: () => undefined,
      onFatal: (error) => {
        throw error;
      },
      space: async () => ({ freeBytes: 1e12, totalBytes: 2e12 }),
    });
  }
}
