import type { SealedRecord } from '../../src/evidence/canonical.ts';
import { canonicalOf } from '../../src/evidence/canonical.ts';
import type { EventPlaces } from '../../src/evidence/event-blocks.ts';
import type { EvidenceStore } from '../../src/evidence/evidence-export.ts';
import { kindOf } from '../../src/evidence/evidence-export.ts';
import { leafOf } from '../../src/evidence/merkle.ts';
import type { ProofStore } from '../../src/evidence/proof.ts';
import type { SealerStore } from '../../src/evidence/sealer.ts';
import type { KeptBlock, KeptSeal } from '../../src/evidence/chain-comparison.ts';
import type { CheckStore } from '../../src/evidence/store-check.ts';
import { readSeal, type Block, type Seal, type SignedSeal } from '../../src/evidence/seal.ts';
import { EVENT_FIELDS, EVENT_FORM } from '../../src/store/sealed-columns.ts';

export interface StoredEvent {
  partition: number;
  offset: number;
  index: number;
  ingestTime: number;
  /** `wanglou-event-1` and the fields. */
  fields: string[];
}

const column = (name: string): number => EVENT_FIELDS.indexOf(name) + 1;

/** An event with the fields that are stated, at a place. */
export function storedEvent(stated: Record<string, string>, place: [number, number, number]): StoredEvent {
  const fields = [EVENT_FORM, ...EVENT_FIELDS.map((name) => stated[name] ?? '')];
  const [partition, offset, index] = place;
  fields[column('partition')] = String(partition);
  fields[column('offset')] = String(offset);
  fields[column('index')] = String(index);
  return { partition, offset, index, ingestTime: Number(stated['ingest_time'] ?? 0), fields };
}

/** The store as the sealer and the export see it, in memory. */
export class MemoryStore implements SealerStore, EvidenceStore, ProofStore, CheckStore {
  events: StoredEvent[] = [];
  readonly kept = new Map<string, SealedRecord>();
  readonly sealed: { signed: SignedSeal; seal: Seal; hash: string; marks: readonly Buffer[] }[] = [];
  /** Called before each thing that is written or read, by its name; throws to make it fail. */
  before: (step: string) => void = () => undefined;

  async rowsByOffset({ partition, from, to }: EventPlaces): Promise<{ offset: number; rows: number }[]> {
    this.before('rowsByOffset');
    const counts = new Map<number, number>();
    for (const { offset } of this.#within({ partition, from, to })) counts.set(offset, (counts.get(offset) ?? 0) + 1);
    return [...counts].map(([offset, rows]) => ({ offset, rows }));
  }

  async leaves(places: EventPlaces): Promise<{ offset: number; index: number; at: number; leaf: string }[]> {
    this.before('leaves');
    return this.#within(places).map(({ offset, index, ingestTime: at, fields }) => ({
      ...{ offset, index, at },
      leaf: leafOf('sha256', canonicalOf(fields)).toString('hex'),
    }));
  }

  async lines(places: EventPlaces): Promise<Buffer> {
    return Buffer.from(
      this.#within(places)
        .map(({ fields }) => `${JSON.stringify(fields)}\n`)
        .join(''),
    );
  }

  async records(stream: string, from: number, to: number): Promise<SealedRecord[]> {
    return [...this.kept.values()]
      .filter((one) => one.stream === stream && one.place >= from && one.place < to)
      .sort((a, b) => a.place - b.place);
  }

  async keepRecords(records: readonly SealedRecord[]): Promise<void> {
    this.before('keepRecords');
    for (const one of records) this.kept.set(`${one.stream}/${one.place}`, one);
  }

  async keepSeal(signed: SignedSeal, seal: Seal, hash: string, marks: readonly Buffer[]): Promise<void> {
    this.before('keepSeal');
    if (!this.sealed.some((one) => one.seal.number === seal.number)) this.sealed.push({ signed, seal, hash, marks });
  }

  async lastSeal(): Promise<SignedSeal | undefined> {
    return this.sealed.at(-1)?.signed;
  }

  async seals(from: number, to: number): Promise<SignedSeal[]> {
    return this.sealed.filter(({ seal }) => seal.number >= from && seal.number < to).map(({ signed }) => signed);
  }

  async sealsBetween(
    streams: readonly string[],
    from: number,
    to: number,
  ): Promise<{ first: number; last: number } | undefined> {
    const isWanted = ({ stream, records, times }: Block): boolean =>
      records > 0 && streams.includes(kindOf(stream)) && times[1] >= from && times[0] < to;
    const found = this.sealed.filter(({ seal }) => seal.blocks.some(isWanted)).map(({ seal }) => seal.number);
    return found.length === 0 ? undefined : { first: found[0]!, last: found.at(-1)! };
  }

  async marks(
    streams: readonly string[],
    from: number,
    to: number,
  ): Promise<{ seal: number; block: number; marks: string }[]> {
    return this.sealed
      .filter(({ seal }) => seal.number >= from && seal.number < to)
      .flatMap(({ seal, marks }) =>
        seal.blocks.flatMap(({ stream, records }, block) =>
          records > 0 && streams.includes(kindOf(stream))
            ? [{ seal: seal.number, block, marks: marks[block]!.toString('base64') }]
            : [],
        ),
      );
  }

  async sealsWithNote(kind: 'expired' | 'key'): Promise<SignedSeal[]> {
    return this.sealed
      .filter(({ signed }) => readSeal(signed).notes.some((note) => note.kind === kind))
      .map(({ signed }) => signed);
  }

  /** Keys of records that the tables show otherwise. */
  readonly shownOtherwise = new Set<string>();

  async differing(_stream: string, records: readonly SealedRecord[]): Promise<SealedRecord[]> {
    return records.filter(({ key }) => this.shownOtherwise.has(key));
  }

  async sealsAfter(number: number, most: number): Promise<KeptSeal[]> {
    return this.sealed
      .filter(({ seal }) => seal.number > number)
      .slice(0, most)
      .map(({ signed, seal, hash }) => ({ ...signed, number: seal.number, time: seal.time, hash }));
  }

  async blocks(from: number, to: number): Promise<KeptBlock[]> {
    return this.sealed
      .filter(({ seal }) => seal.number >= from && seal.number <= to)
      .flatMap(({ seal, marks }) =>
        seal.blocks.map((block, n) => ({
          ...block,
          seal: seal.number,
          block: n,
          marks: marks[n]!.toString('base64'),
        })),
      );
  }

  /** Ids that tables show and no record has. */
  readonly forged: { stream: string; id: string; at: number }[] = [];

  async strangers(stream: string): Promise<{ id: string; at: number }[]> {
    return this.forged.filter((one) => one.stream === stream);
  }

  async strangeEvents(
    partitions: readonly { next: number }[],
  ): Promise<{ partition: number; offset: number; index: number; at: number }[]> {
    return this.events
      .filter(({ partition, offset }) => offset >= (partitions[partition]?.next ?? 0))
      .map((event) => ({ ...event, at: event.ingestTime }));
  }

  readonly viewsChanged: string[] = [];

  async changedViews(): Promise<string[]> {
    return this.viewsChanged;
  }

  async placeOfEvent(id: string): Promise<StoredEvent | undefined> {
    return this.events.find(({ fields }) => fields[1] === id);
  }

  async blockAt(stream: string, place: number): Promise<{ seal: number; block: number } | undefined> {
    for (const { seal } of this.sealed) {
      const block = seal.blocks.findIndex((one) => one.stream === stream && one.from <= place && place < one.to);
      if (block >= 0) return { seal: seal.number, block };
    }
    return undefined;
  }

  #within({ partition, from, to }: EventPlaces): StoredEvent[] {
    return this.events
      .filter((event) => event.partition === partition && event.offset >= from && event.offset < to)
      .sort((a, b) => a.offset - b.offset || a.index - b.index);
  }
}
