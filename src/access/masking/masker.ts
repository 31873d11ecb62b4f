import { saysField } from './field-names.ts';
import { fitted } from './field-values.ts';
import type { Tagged } from './fields.ts';
import { findPersonal } from './find-personal.ts';
import { isMasked, KINDS, plainOf, type Kind, type Span } from './kinds.ts';

export interface MaskerOptions {
  /** Ten or more characters of a keyed hash: the same for the same text. */
  hashOf: (plain: string) => string;
  /** Names of fields that the registry tags as personal. */
  tagged?: Tagged;
}

const TOKEN_LENGTH = 10;
const MAX_REMEMBERED = 4_000;
const MAX_REMEMBERED_LENGTH = 400;
const MAX_DEPTH = 40;
/** Who acts: what everybody who sees masked events has to see. Their logins stay in the texts beside them too. */
const ACTING = ['account', 'actor'] as const;
/** Of our own making, never of a sender's. */
const OURS = /^(?:id|eventIds|entry|epoch|next|cursor|detector|severity|code)$/;
const OURS_VALUE = /^[\w.:-]{0,200}$/;
/** Objects and lists whose names come from senders. */
const FROM_SENDERS = /^(?:attributes|unmapped)$/;

/**
 * Puts `‹手机/mobile#k3f9a2Xb7c›` in the place of personal information: the kind, and a keyed pseudonym which is the same for the
 * same value however it is written, so that what is masked can still be compared, joined and counted.
 */
export class Masker {
  readonly #hashOf: MaskerOptions['hashOf'];
  readonly #tagged: Tagged | undefined;
  readonly #remembered = new Map<string, readonly Span[]>();

  constructor({ hashOf, tagged }: MaskerOptions) {
    this.#hashOf = hashOf;
    this.#tagged = tagged;
  }

  /** @param stay texts that are left as they are when they are all of what was found. */
  text(text: string, stay: readonly string[] = []): string {
    const spans = this.spans(text);
    if (spans.length === 0) return text;
    const parts: string[] = [];
    let done = 0;
    for (const { from, to, kind, value } of spans) {
      if (stay.includes(value)) continue;
      parts.push(text.slice(done, from), this.#token(kind, value));
      done = to;
    }
    parts.push(text.slice(done));
    return parts.join('');
  }

  /** Where personal information stands in the text. */
  spans(text: string): readonly Span[] {
    const known = this.#remembered.get(text);
    if (known !== undefined) return known;
    const spans = findPersonal(text, this.#tagged);
    if (text.length <= MAX_REMEMBERED_LENGTH) {
      if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(text, spans);
    }
    return spans;
  }

  /** Whether `wanted` is all of a value that is masked in `text`, however it is written. */
  holdsValue(text: string, wanted: string): boolean {
    return this.spans(text).some(({ kind, value }) => plainOf(kind, value) === plainOf(kind, wanted));
  }

  /** The same data with every text in it masked, names of fields too. What has nothing to mask is handed back as it is. */
  data<T>(given: T): T {
    return this.#masked(given, '', [], 0) as T;
  }

  #masked(given: unknown, name: string, stay: readonly string[], depth: number): unknown {
    if (typeof given === 'string') return this.#string(given, name, stay);
    if (typeof given === 'number') return this.#number(given, name);
    if (typeof given !== 'object' || given === null) return given;
    if (depth > MAX_DEPTH) return '…';
    if (Array.isArray(given)) return this.#list(given, name, stay, depth);
    const { toJSON } = given as { toJSON?: unknown };
    if (typeof toJSON === 'function') return this.#masked((toJSON as () => unknown).call(given), name, stay, depth + 1);
    return this.#object(given as Record<string, unknown>, name, stay, depth);
  }

  #list(given: readonly unknown[], name: string, stay: readonly string[], depth: number): unknown {
    const isPairs = FROM_SENDERS.test(name);
    let changed = false;
    const list = given.map((each, index) => {
      const of = isPairs && index % 2 === 1 ? String(given[index - 1]) : isPairs ? '' : name;
      const masked = this.#masked(each, of, stay, depth + 1);
      changed ||= masked !== each;
      return masked;
    });
    return changed ? list : given;
  }

  #object(given: Record<string, unknown>, name: string, around: readonly string[], depth: number): unknown {
    const acting = ACTING.map((field) => given[field]).filter((login) => typeof login === 'string' && login !== '');
    const stay = acting.length === 0 ? around : [...around, ...(acting as string[])];
    const isSenders = FROM_SENDERS.test(name);
    let changed = false;
    const masked: [string, unknown][] = Object.entries(given).map(([field, value]) => {
      const said = /\d{5}|[^\x20-\x7e]|@/.test(field) ? this.text(field, stay) : field;
      const of = isSenders && typeof value === 'object' ? name : field;
      const shown = this.#masked(value, of, stay, depth + 1);
      changed ||= shown !== value || said !== field;
      return [said, shown];
    });
    return changed ? Object.fromEntries(masked) : given;
  }

  #string(text: string, name: string, stay: readonly string[]): string {
    if (text.length < 2 || (OURS.test(name) && OURS_VALUE.test(text) && !/^\d+$/.test(text))) return text;
    if (name === 'account' || name === 'actor') if (stay.includes(text)) return text;
    const says = name === '' ? undefined : this.#says(name);
    if (says !== undefined && !isMasked(text)) {
      const found = fitted(text, says, true, true);
      if (found !== undefined) return this.#token(found.kind, text.slice(found.from, found.to));
    }
    return this.text(text, stay);
  }

  /** A number is masked by the name of its field alone: counts and times are numbers too. */
  #number(given: number, name: string): number | string {
    const says = name === '' || given < 1e6 ? undefined : this.#says(name);
    const found = says === undefined ? undefined : fitted(String(given), says, true, true);
    return found === undefined ? given : this.#token(found.kind, String(given));
  }

  #says(name: string): Kind | undefined {
    const kind = this.#tagged?.(name);
    if (kind !== undefined) return kind;
    const says = saysField(name);
    return says?.is === 'sure' ? says.kind : undefined;
  }

  #token(kind: Kind, value: string): string {
    const { zh, en } = KINDS[kind];
    return `‹${zh}/${en}#${this.#hashOf(plainOf(kind, value)).slice(0, TOKEN_LENGTH)}›`;
  }
}
