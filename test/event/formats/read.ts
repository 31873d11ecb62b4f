import { attributeOf, emptyEvent, type Event } from '../../../src/event/event.ts';
import { parseRecord, type ParseContext } from '../../../src/event/parse.ts';

/** Ingest time of the tests: 2026-11-24 12:00 in Shanghai. */
export const NOW = Date.parse('2026-11-24T12:00:00+08:00');

/** Reads one record as a collector would. */
export function read(text: string, context: Partial<ParseContext> = {}): Event {
  const event = emptyEvent();
  parseRecord(text, event, { timeZone: 'Asia/Shanghai', now: NOW, format: '', ...context });
  return event;
}

/** The attributes of these names, as an object. */
export function attributes(event: Event, ...names: string[]): Record<string, string | undefined> {
  return Object.fromEntries(names.map((name) => [name, attributeOf(event, name)]));
}

/** The event time as ISO 8601 in UTC. */
export function iso(event: Event): string {
  return new Date(event.time).toISOString();
}
