import { attributeOf, type Event } from '../event/event.ts';

/** The number that the log's own writer gave the line, from the first of the attributes that states one; -1 without. */
export function sequenceNumberOf(event: Event, attributes: readonly string[]): number {
  for (const name of attributes) {
    const text = attributeOf(event, name);
    if (text === undefined || !/^\d{1,15}$/.test(text)) continue;
    return Number(text);
  }
  return -1;
}
