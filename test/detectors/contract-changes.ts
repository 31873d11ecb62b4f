import type { Event } from '../../src/event/event.ts';
import { keyedId } from '../../src/event/id.ts';
import type { RegistryInput } from '../../src/registry/schema.ts';
import { eventAt } from '../detection/judge.ts';

/** Changes of a situation after which a detector should come to the same. */

const DAY_MS = 86_400_000;
const ZONE_MS = 8 * 3_600_000;

/** A calendar in which every day that has an event is a holiday. */
export function allHolidays(events: readonly Event[]): RegistryInput {
  return calendarWith('rest', [...new Set(events.map(({ time }) => dateOf(time)))]);
}

/** The events moved by whole days so that the last day is a Saturday, and a calendar in which people work on it. */
export function onMakeUpSaturday(events: readonly Event[]): { events: Event[]; more: RegistryInput } {
  const last = Math.max(...events.map(({ time }) => time));
  const weekday = new Date(last + ZONE_MS).getUTCDay();
  const byMs = ((6 - weekday + 7) % 7) * DAY_MS;
  return { events: events.map((event) => moved(event, byMs)), more: calendarWith('workdays', [dateOf(last + byMs)]) };
}

function moved(event: Event, byMs: number): Event {
  return { ...event, time: event.time + byMs, ingestTime: event.ingestTime + byMs };
}

function calendarWith(what: 'rest' | 'workdays', dates: string[]): RegistryInput {
  const years = [...new Set(dates.map((date) => Number(date.slice(0, 4))))];
  return { calendar: years.map((year) => ({ year, [what]: dates.filter((date) => date.startsWith(String(year))) })) };
}

function dateOf(time: number): string {
  return new Date(time + ZONE_MS).toISOString().slice(0, 10);
}

/** The events in the order in which they arrive when each is so many ms late; delays are taken in turn. */
export function delayed(events: readonly Event[], delaysMs: readonly number[]): Event[] {
  return events
    .map((event, n) => ({ ...event, ingestTime: event.time + delaysMs[n % delaysMs.length]! }))
    .sort((a, b) => a.ingestTime - b.ingestTime || a.sequence - b.sequence);
}

/** The events as they arrive three days later, behind something newer. */
export function daysLater(events: readonly Event[]): Event[] {
  const newest = Math.max(...events.map(({ ingestTime }) => ingestTime)) + 3 * DAY_MS;
  const clock = eventAt(new Date(newest).toISOString(), { source: 'clock' });
  return [clock, ...events.map((event) => ({ ...event, ingestTime: newest }))];
}

/** The same events under ids that their sender could repeat. */
export function repeatable(events: readonly Event[]): Event[] {
  return events.map((event, n) => ({ ...event, id: keyedId('contract', String(n)) }));
}
