import { saysField } from './field-names.ts';
import { fitted } from './field-values.ts';
import type { Tagged } from './fields.ts';
import { findPersonal } from './find-personal.ts';
import { isMasked, KINDS, plainOf, type Kind, type Span } from './kinds.ts';
import { viewsOf } from './view.ts';

export interface MaskerOptions {
  /** Ten or more characters of a keyed hash: the same for the same text. */
  hashOf: (plain: string) => string;
  /** Names of fields that the registry tags as personal. */
  tagged?: Tagged;
  /** Another one whenever `tagged` says something else. */
  tagsVersion?: () => string;
}

/** What is known about a text from where it stands. */
interface Around {
  /** Logins of who acts. */
  stay: readonly string[];
  /** Masked wherever they stand. */
  also: readonly { value: string; token: string }[];
}

const NOTHING: Around = { stay: [], also: [] };
const TOKEN_LENGTH = 10;
const MAX_REMEMBERED = 4_000;
const MAX_REMEMBERED_LENGTH = 400;
const MAX_DEPTH = 40;
/** Who acts: what everybody who sees masked events has to see. Their logins stay in the texts beside them too. */
const ACTING = ['account', 'actor'] as const;
/** Of our own making, never of a sender's. */
const OURS = /^(?:id|eventIds|entry|epoch|next|cursor|detector|severity|code)$/;
const OURS_VALUE = /^[\w.:-]{0,200}$/;
/** A login, rather than what a reader of log lines took for one. */
const LOGIN = /^[^\s"'“”‘’`,，;；:：=<>(){}[\]|]{1,128}$/;
/** The original line of an event: what is found there, with all that stands around it, is masked in the other fields too. */
const LINES = ['raw', 'raw_data'] as const;
/** Objects and lists whose names come from senders. */
const FROM_SENDERS = /^(?:attributes|unmapped)$/;

/**
 * Puts `‹手机/mobile#k3f9a2Xb7c›` in the place of personal information: the kind, and a keyed pseudonym which is the same for the
 * same value however it is written, so that what is masked can still be compared, joined and counted.
 */
export class Masker {
  readonly #hashOf: MaskerOptions['hashOf'];
  readonly #tagged: Tagged | undefined;
  readonly #tagsVersion: (() => string) | undefined;
  #version = '';
  /** Long texts are looked at twice at most, one after the other. */
  #last: { text: string; spans: readonly Span[] } | undefined;
  readonly #remembered = new Map<string, readonly Span[]>();

  constructor({ hashOf, tagged, tagsVersion }: MaskerOptions) {
    this.#tagsVersion = tagsVersion;
    this.#hashOf = hashOf;
    this.#tagged = tagged;
  }

  text(text: string): string {
    return this.#text(text, NOTHING);
  }

  /** Where personal information stands in the text. */
  spans(text: string): readonly Span[] {
    this.#forgetOldTags();
    if (this.#last?.text === text) return this.#last.spans;
    const known = this.#remembered.get(text);
    if (known !== undefined) return known;
    const spans = findPersonal(text, this.#tagged);
    this.#last = { text, spans };
    if (text.length <= MAX_REMEMBERED_LENGTH) {
      if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(text, spans);
    }
    return spans;
  }

  #forgetOldTags(): void {
    const version = this.#tagsVersion?.() ?? '';
    if (version === this.#version) return;
    this.#version = version;
    this.#last = undefined;
    this.#remembered.clear();
  }

  /** Whether `wanted` is all of a value that is masked in `text`, however it is written. */
  holdsValue(text: string, wanted: string): boolean {
    return this.spans(text).some(({ kind, value }) => plainOf(kind, value) === plainOf(kind, wanted));
  }

  /** The same data with every text in it masked, names of fields too. What has nothing to mask is handed back as it is. */
  data<T>(given: T): T {
    return this.#masked(given, '', NOTHING, 0) as T;
  }

  #masked(given: unknown, name: string, around: Around, depth: number): unknown {
    if (typeof given === 'string') return this.#string(given, name, around);
    if (typeof given === 'number') return this.#number(given, name);
    if (typeof given !== 'object' || given === null) return given;
    if (depth > MAX_DEPTH) return '…';
    if (Array.isArray(given)) return this.#list(given, name, around, depth);
    const { toJSON } = given as { toJSON?: unknown };
    if (typeof toJSON === 'function')
      return this.#masked((toJSON as () => unknown).call(given), name, around, depth + 1);
    return this.#object(given as Record<string, unknown>, name, around, depth);
  }

  #list(given: readonly unknown[], name: string, around: Around, depth: number): unknown {
    const isPairs = FROM_SENDERS.test(name);
    let changed = false;
    const list = given.map((each, index) => {
      const of = isPairs && index % 2 === 1 ? String(given[index - 1]) : isPairs ? '' : name;
      const isSent = isPairs && typeof each === 'string';
      const masked = isSent ? this.#sent(each, of, around) : this.#masked(each, of, around, depth + 1);
      changed ||= masked !== each;
      return masked;
    });
    return changed ? list : given;
  }

  #object(given: Record<string, unknown>, name: string, outside: Around, depth: number): unknown {
    const around = this.#around(given, outside);
    const isSenders = FROM_SENDERS.test(name);
    let changed = false;
    const masked: [string, unknown][] = Object.entries(given).map(([field, value]) => {
      const said = /\d{5}|[^\x20-\x7e]|@/.test(field) ? this.#text(field, around) : field;
      const of = isSenders && typeof value === 'object' ? name : field;
      const isSent = isSenders && typeof value === 'string';
      const shown = isSent ? this.#sent(value, of, around) : this.#masked(value, of, around, depth + 1);
      changed ||= shown !== value || said !== field;
      return [said, shown];
    });
    return changed ? Object.fromEntries(masked) : given;
  }

  /** What an object says about the texts in it: who acts, and what its line has in it. */
  #around(given: Record<string, unknown>, outside: Around): Around {
    const acting = ACTING.map((field) => given[field]).filter(
      (login) => typeof login === 'string' && LOGIN.test(login),
    );
    const lines = LINES.map((field) => given[field]).filter((line) => typeof line === 'string');
    if (acting.length === 0 && lines.length === 0) return outside;
    const stay = [...outside.stay, ...(acting as string[])];
    const also = lines.flatMap((line) =>
      this.spans(line)
        .filter(({ value }) => !stay.includes(value))
        .flatMap(({ from, to, kind, value }) => {
          const [written, token] = [line.slice(from, to), this.#token(kind, value)];
          return written === value
            ? [{ value, token }]
            : [
                { value: written, token },
                { value, token },
              ];
        }),
    );
    return { stay, also: [...outside.also, ...also] };
  }

  /** A value under a name that a sender gave it: `name` may be a person's there, of ours it is that of a department or source. */
  #sent(text: string, name: string, around: Around): string {
    const says = saysField(name);
    if (says === undefined || says.is === 'not' || around.stay.includes(text)) return this.#string(text, name, around);
    return this.#value(text, says.kind, says.is === 'sure') ?? this.#string(text, name, around);
  }

  #string(text: string, name: string, around: Around): string {
    if (text.length < 2 || (OURS.test(name) && OURS_VALUE.test(text) && !/^\d+$/.test(text))) return text;
    if ((name === 'account' || name === 'actor') && around.stay.includes(text)) return text;
    return (name === '' ? undefined : this.#own(text, name)) ?? this.#text(text, around);
  }

  #text(text: string, { stay, also }: Around): string {
    let masked = text;
    const spans = this.spans(text).filter(({ value }) => !stay.includes(value));
    if (spans.length > 0) {
      let done = 0;
      masked = '';
      for (const { from, to, kind, value } of spans) {
        masked += text.slice(done, from) + this.#token(kind, value);
        done = to;
      }
      masked += text.slice(done);
    }
    for (const { value, token } of also) if (masked.includes(value)) masked = masked.replaceAll(value, token);
    return masked;
  }

  /** A value under a name of ours. Staff are called by name there; `person` may also be what a sender says, of whomever. */
  #own(text: string, name: string): string | undefined {
    if (name === 'person') return this.#value(text, 'name', false);
    const kind = this.#says(name);
    return kind === undefined || kind === 'name' ? undefined : this.#value(text, kind, true);
  }

  /** What the name of its field says is personal is masked as a whole; undefined when it does not look like it. */
  #value(text: string, kind: Kind, isSure: boolean): string | undefined {
    if (isMasked(text)) return undefined;
    for (const shown of [text, ...viewsOf(text).map((view) => view.text)]) {
      const found = fitted(shown, kind, isSure, true);
      if (found !== undefined) return this.#token(found.kind, shown.slice(found.from, found.to));
    }
    return undefined;
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
