import { createHmac } from 'node:crypto';
import type { Event } from './event.ts';
import { Identifiers } from './identifiers.ts';

const MAX_REMEMBERED = 50_000;
const NONE = new Identifiers([]);
/** Most texts have no run of so many digits: they are not looked at any further. */
const RUN = 11;
/** Resident identity card (17 digits and a check character) and mobile number of China, each not inside a longer number. */
const IDENTIFIER = /(?<![0-9A-Za-z])(?:[1-9]\d{16}[0-9Xx]|1[3-9]\d{9})(?![0-9A-Za-z])/g;
const HASHED = /^ds_[\w-]{22}$/;

/**
 * Takes identifiers of persons out of events: in their place come keyed hashes, the same for the same person, so that look-ups
 * of a person can be counted without anybody seeing who it is. Found are ID card numbers with a right check character,
 * mobile numbers, and what the sender states as `dataSubjects`.
 */
export class DataSubjects {
  readonly #key: string;
  readonly #remembered = new Map<string, string>();

  /** @param key secret; with another key the same person has another hash. */
  constructor(key: string) {
    this.#key = key;
  }

  /** `ds_` and 132 bits of HMAC-SHA-256 of the identifier without blanks, in capitals. */
  hashOf(identifier: string): string {
    const plain = identifier.replace(/\s/g, '').toUpperCase();
    let hash = this.#remembered.get(plain);
    if (hash === undefined) {
      if (this.#remembered.size > MAX_REMEMBERED) this.#remembered.clear();
      hash = `ds_${createHmac('sha256', this.#key).update(plain).digest('base64url').slice(0, 22)}`;
      this.#remembered.set(plain, hash);
    }
    return hash;
  }

  /**
   * Sets `dataSubjects`, in place. Idempotent.
   * @param keep whether the identifiers stay in the texts as they are.
   */
  protect(event: Event, keep: boolean): void {
    const stated = event.dataSubjects.length > 0;
    if (!stated && !mayHold(event.raw) && (event.raw !== '' || !mayName(event))) return;
    const found = new Set<string>();
    for (const subject of event.dataSubjects) found.add(HASHED.test(subject) ? subject : this.hashOf(subject));
    const clear = stated ? new Identifiers(event.dataSubjects.filter((subject) => !HASHED.test(subject))) : NONE;
    const replaced = (text: string): string => this.#replaced(text, event.account, clear, found);
    const raw = replaced(event.raw);
    const message = replaced(event.message);
    const target = replaced(event.target);
    const asset = replaced(event.asset);
    const recipient = replaced(event.recipient);
    const attributes = event.attributes.some(mayHold) || stated ? event.attributes.map(replaced) : event.attributes;
    if (!keep) Object.assign(event, { raw, message, target, asset, recipient, attributes });
    if (found.size > 0) event.dataSubjects = [...found];
  }

  /** A login that is a mobile number names who acts, not whose data it is: it stays. */
  #replaced(text: string, account: string, clear: Identifiers, found: Set<string>): string {
    const result = clear.replacedIn(text, (identifier) => this.hashOf(identifier));
    if (!mayHold(result)) return result;
    return result.replace(IDENTIFIER, (identifier) => {
      if (identifier === account) return identifier;
      if (identifier.length === 18 && !isIdCard(identifier)) return identifier;
      const hash = this.hashOf(identifier);
      found.add(hash);
      return hash;
    });
  }
}

/** Whether there is a run of digits: looks at every eleventh character, and only around digits at others. */
function mayHold(text: string): boolean {
  for (let end = RUN - 1; end < text.length;) {
    let begin = end + 1;
    while (begin > 0 && isDigit(text.charCodeAt(begin - 1))) begin--;
    if (end - begin + 1 >= RUN) return true;
    end = begin + RUN - 1;
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function mayName(event: Event): boolean {
  return mayHold(event.message) || mayHold(event.target) || mayHold(event.asset) || event.attributes.some(mayHold);
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';

/** GB 11643: a date of birth and a check character. */
function isIdCard(text: string): boolean {
  const month = Number(text.slice(10, 12));
  const day = Number(text.slice(12, 14));
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(text[at]), 0);
  return CHECKS[sum % 11] === text[17]!.toUpperCase();
}
