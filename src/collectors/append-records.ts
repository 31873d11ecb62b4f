import type { Event } from '../event/event.ts';

/** A batch of events as a record of the log; see NewRecord in the event log's interface. */
export interface AppendRecord {
  topic: 'events';
  partition: number;
  value: Uint8Array;
  live: LiveBatch;
}

/** The decoded form that goes on in memory to a detector in the same process. */
export interface LiveBatch {
  events: Event[];
  baseEnd: number;
}

export type Encode = (events: Event[]) => { bytes: Uint8Array; baseEnd: number };

export interface RecordLimits {
  encode: Encode;
  maxRecordBytes: number;
  onUnencodable(event: Event, error: unknown): void;
}

/** Strings of an event that is too long by itself are cut to this. */
const SHORTENED_CHARACTERS = 4_096;

/** Encodes events as one record, or as several when one would be longer than the log takes. */
export function recordsOf(partition: number, events: Event[], limits: RecordLimits): AppendRecord[] {
  let failure: unknown;
  try {
    const { bytes, baseEnd } = limits.encode(events);
    if (bytes.length <= limits.maxRecordBytes)
      return [{ topic: 'events', partition, value: bytes, live: { events, baseEnd } }];
  } catch (error) {
    failure = error;
  }
  if (events.length > 1) {
    const half = events.length >> 1;
    return [
      ...recordsOf(partition, events.slice(0, half), limits),
      ...recordsOf(partition, events.slice(half), limits),
    ];
  }
  const event = events[0]!;
  if (event.fault.endsWith(SHORTENED)) {
    limits.onUnencodable(event, failure);
    return [];
  }
  return recordsOf(partition, [shortened(event)], limits);
}

const SHORTENED = 'longer than a record of the event log: its texts were cut';

function shortened(event: Event): Event {
  const fault = event.fault === '' ? SHORTENED : `${event.fault.slice(0, SHORTENED_CHARACTERS)}; ${SHORTENED}`;
  const cut = Object.fromEntries(
    Object.entries(event).map(([name, value]) => [name, Array.isArray(value) ? [] : cutText(value)]),
  );
  return Object.assign(event, cut, { fault });
}

function cutText(value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, SHORTENED_CHARACTERS) : value;
}
