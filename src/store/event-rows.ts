import { COLUMNS, type Column } from '../event/columns.ts';
import { emptyEvent, type Event } from '../event/event.ts';
import { timeOf } from './finding-rows.ts';

/** A row of `events` as JSONEachRow gives it: by column name; times and UUIDs are texts. */
export type EventRow = Record<string, unknown> & { id: string; time: string };

/** The columns that make an event, quoted, for a SELECT. */
export const EVENT_COLUMNS = COLUMNS.map(({ name }) => `\`${name}\``).join(', ');

export function eventOfRow(row: EventRow): Event {
  const event = emptyEvent() as unknown as Record<string, unknown>;
  for (const column of COLUMNS) event[column.field] = valueOf(column, row[column.name]);
  return event as unknown as Event;
}

function valueOf(column: Column, value: unknown): unknown {
  if (column.kind === 'time') return timeOf(value as string);
  if (column.kind === 'pairs') return Object.entries(value as Record<string, string>).flat();
  return value;
}
