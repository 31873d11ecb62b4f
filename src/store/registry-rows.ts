import { periodFieldsOf } from '../registry/check.ts';
import { momentOf } from '../registry/fields.ts';
import type { Recorded } from '../registry/history.ts';

/** A row of the table `registry`; times as ClickHouse writes them. */
export interface RegistryRow {
  list: string;
  id: string;
  recorded_at: string;
  change_set: string;
  part: number;
  change: Recorded['change'];
  origin: string;
  recorded_by: string;
  valid_from: string | null;
  valid_to: string | null;
  entry: string;
}

/** @param timeZone of dates without an offset. */
export function rowsOfVersion(version: Recorded, timeZone: string): RegistryRow[] {
  const { list, key, recordedAt, changeSet, change, origin, by, entries } = version;
  const fields = periodFieldsOf(list);
  const time = (date: unknown, edge: 'start' | 'end'): string | null =>
    typeof date === 'string' ? storeTime(momentOf(date, edge, timeZone)) : null;
  return (entries.length === 0 ? [undefined] : entries).map((entry, part) => ({
    list,
    id: key,
    recorded_at: storeTime(recordedAt),
    change_set: changeSet,
    part,
    change,
    origin,
    recorded_by: by,
    valid_from: time(entry?.[fields.from], 'start'),
    valid_to: time(entry?.[fields.to], 'end'),
    entry: entry === undefined ? '' : JSON.stringify(entry),
  }));
}

function storeTime(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '');
}
