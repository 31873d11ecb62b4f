import type { Event } from '../event.ts';

/** What a reader needs besides the text. */
export interface ParseContext {
  /** IANA zone for times that state none. */
  timeZone: string;
  /** Ingest time, ms since the epoch: the year of times without one is the nearest to it. */
  now: number;
  /** Name of the format that the source's registry entry fixes, or '' to recognize each record. */
  format: string;
}

/** One log format: one file in this folder, listed in catalogue.ts. */
export interface Format {
  /** Lower case with dashes; part of `event.format`. */
  readonly name: string;
  /** Set when `parse` calls nameFormat itself, because only then it knows which of its shapes it is. */
  readonly namesItself?: true;
  /** Whether the text looks like this format. Cheap, and never throws. `event` holds what the envelope said (service, host). */
  recognizes(text: string, event: Event): boolean;
  /** Fills the event in place. @returns '' or the reason why the text could not be (wholly) read. */
  parse(text: string, event: Event, context: ParseContext): string;
}

/** Adds a free attribute; an empty value is not stated and not kept. */
export function state(event: Event, name: string, value: string): void {
  if (value === '') return;
  if (event.attributes.length === 0) event.attributes = [name, value];
  else (event.attributes as string[]).push(name, value);
}

/** Puts the format's name behind the names of its envelopes: `rfc5424` + `sshd`. */
export function nameFormat(event: Event, name: string): void {
  event.format = chained(event.format, name);
}

const chains = new Map<string, Map<string, string>>();

/** Interned concatenation, so that equal chains are one string. The names come from code: the map can not grow freely. */
function chained(outer: string, inner: string): string {
  if (outer === '') return inner;
  const inners = chains.get(outer) ?? new Map<string, string>();
  const chain = inners.get(inner) ?? `${outer}+${inner}`;
  if (!inners.has(inner)) chains.set(outer, inners.set(inner, chain));
  return chain;
}
