import { withIntegrity, type RecordIntegrity } from '../event/ocsf-integrity.ts';
import type { OcsfObject } from '../event/ocsf.ts';
import { columnsOf, type RecordOf } from './columns.ts';
import type { RecordKind, RecordQuery } from './export-job.ts';
import { jsonLine } from './formats/ndjson.ts';
import { OCSF_OF } from './ocsf-records.ts';
import { cellsOf, plainText, type Cell, type TableColumn } from './table.ts';

/** A record, and by what it can be checked; undefined while it is not sealed. */
export interface CheckableRecord<Row> {
  record: Row;
  integrity: RecordIntegrity | undefined;
}

/** What files of records are made of. */
export interface RecordSources {
  /** Records of a query as they are stored, some thousand at a time. */
  records: <Kind extends RecordKind>(
    query: Extract<RecordQuery, { of: Kind }>,
  ) => AsyncIterable<readonly RecordOf[Kind][]>;
  /** The same records with their seals, which lines of OCSF carry. */
  sealed: <Kind extends RecordKind>(
    query: Extract<RecordQuery, { of: Kind }>,
  ) => AsyncIterable<readonly CheckableRecord<RecordOf[Kind]>[]>;
  /** Puts pseudonyms in the place of personal information. */
  mask: <T>(data: T) => T;
}

export function columnsOfRecords({ of }: RecordQuery, names?: readonly string[]): TableColumn[] {
  return columnsOf(of, names).map(({ name, type }: TableColumn) => ({ name: plainText(name), type }));
}

/** Each record in the form of OCSF. */
export async function* linesOfRecords(
  query: RecordQuery,
  { sealed, mask }: RecordSources,
  span: TakenIn,
): AsyncGenerator<string[]> {
  const ocsf = OCSF_OF[query.of] as (record: unknown) => OcsfObject;
  for await (const batch of sealed(query)) {
    span.note(
      query.of,
      batch.map(({ record }) => record),
    );
    yield batch.map(({ record, integrity }) => {
      const masked = mask(ocsf(record));
      return jsonLine(integrity === undefined ? masked : withIntegrity(masked, integrity));
    });
  }
}

/** Cells for the columns that are named, or for all. */
export async function* rowsOfRecords(
  query: RecordQuery,
  names: readonly string[] | undefined,
  { records, mask }: RecordSources,
  span: TakenIn,
): AsyncGenerator<Cell[][]> {
  const columns = columnsOf(query.of as 'events', names);
  for await (const batch of records<'events'>(query as Extract<RecordQuery, { of: 'events' }>)) {
    span.note(query.of, batch);
    // Masked with all that stands in them: what a line says is personal is masked in the fields beside it too.
    yield batch.map((record) => cellsOf(columns, mask(record)));
  }
}

/** By what a record is sealed: a passing with the event that it follows from. */
const TAKEN_AT: { [Kind in RecordKind]: (record: RecordOf[Kind]) => number } = {
  events: ({ ingestTime }) => ingestTime,
  findings: ({ causedAt }) => causedAt,
  audit: ({ at }) => at,
  sharing: ({ ingestTime }) => ingestTime,
};

/** When the records were taken in that were read. */
export class TakenIn {
  times: [number, number] | null = null;

  note(of: RecordKind, records: readonly unknown[]): void {
    const takenAt = TAKEN_AT[of] as (record: unknown) => number;
    for (const record of records) {
      const at = takenAt(record);
      this.times ??= [at, at];
      if (at < this.times[0]) this.times[0] = at;
      if (at > this.times[1]) this.times[1] = at;
    }
  }
}
