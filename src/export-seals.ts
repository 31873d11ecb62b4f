import { CoveringSeals, type StreamPlace } from './evidence/covering-seals.ts';
import { fieldsOf, leafOfFields } from './evidence/canonical.ts';
import type { RecordIntegrity } from './event/ocsf-integrity.ts';
import type { RecordOf } from './exports/columns.ts';
import type { RecordKind, RecordQuery } from './exports/export-job.ts';
import type { CheckableRecord } from './exports/record-contents.ts';
import { recordsOf } from './export-records.ts';
import { ExportQueries, type SealableEvent } from './store/export-queries.ts';
import type { SealQueries } from './store/seal-queries.ts';
import type { StoreReader } from './store/reader.ts';

/** The same records as recordsOf gives, each with its integrity where it is sealed. What was passed on is derived, and has none. */
export function sealedRecordsOf<Kind extends RecordKind>(
  reader: StoreReader,
  seals: SealQueries,
  query: Extract<RecordQuery, { of: Kind }>,
): AsyncIterable<readonly CheckableRecord<RecordOf[Kind]>[]> {
  return sealedOf(reader, seals, query) as AsyncIterable<readonly CheckableRecord<RecordOf[Kind]>[]>;
}

async function* sealedOf(
  reader: StoreReader,
  seals: SealQueries,
  query: RecordQuery,
): AsyncGenerator<CheckableRecord<unknown>[]> {
  const covering = new CoveringSeals(seals);
  if (query.of === 'events') {
    yield* eventsOf(reader, { seals, covering }, query);
    return;
  }
  for await (const batch of recordsOf(reader, query)) {
    const found = query.of === 'sharing' ? new Map<string, never>() : await sealedIn(query.of, batch, seals, covering);
    yield batch.map((record) => ({ record, integrity: found.get(nameOf(query.of, record)) }));
  }
}

async function* eventsOf(
  reader: StoreReader,
  { seals, covering }: { seals: SealQueries; covering: CoveringSeals },
  { filter }: Extract<RecordQuery, { of: 'events' }>,
): AsyncGenerator<CheckableRecord<RecordOf['events']>[]> {
  // The store itself knows no SM3.
  const sealable = (await seals.anySealWith('sm3')) ? 'fields' : 'leaf';
  for await (const page of new ExportQueries(reader).sealableEvents(filter, sealable)) {
    const found = await covering.of(page.map(placeOfEvent));
    yield page.map(({ event, partition, offset, index, sealable: known }, n) => {
      const seal = found[n];
      if (seal === undefined) return { record: event, integrity: undefined };
      const leaf = 'leaf' in known ? known.leaf : leafOfFields(seal.digest, known.fields).toString('hex');
      return { record: event, integrity: { leaf, place: `events/${partition}/${offset}/${index}`, seal } };
    });
  }
}

function placeOfEvent({ partition, offset }: SealableEvent): StreamPlace {
  return { stream: `events/${partition}`, place: offset };
}

/** What is known of the records of a batch that are sealed, by `nameOf`. */
async function sealedIn(
  of: 'findings' | 'audit',
  batch: readonly unknown[],
  seals: SealQueries,
  covering: CoveringSeals,
): Promise<ReadonlyMap<string, RecordIntegrity>> {
  const names = new Set(batch.map((record) => nameOf(of, record)));
  const ids = new Set(batch.map((record) => (record as { id: string }).id));
  const sealed = (await seals.recordsOf(of, [...ids])).flatMap((one) => {
    const name = nameOf(of, parsed(one.record));
    return names.has(name) ? [{ ...one, name }] : [];
  });
  const found = await covering.of(sealed);
  return new Map(
    sealed.flatMap(({ name, ...one }, n) => {
      const seal = found[n];
      if (seal === undefined) return [];
      const leaf = leafOfFields(seal.digest, fieldsOf(one)).toString('hex');
      return [[name, { leaf, place: `${of}/${one.place}`, seal }]];
    }),
  );
}

/** A finding has revisions, an entry of the audit trail is recorded before and after. */
function nameOf(of: RecordKind, record: unknown): string {
  const { id, revision, phase } = record as { id?: string; revision?: number; phase?: string };
  return `${id}/${of === 'findings' ? revision : phase}`;
}

/** What can not be read is sealed too, and nobody's record. */
function parsed(record: string): unknown {
  try {
    return JSON.parse(record);
  } catch {
    return {};
  }
}
