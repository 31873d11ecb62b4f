/**
 * A seeded stream of numbers (sfc32). The same key gives the same numbers on every machine; streams with different keys are
 * independent, so that an activity that is added or changed leaves the lines of all others as they were.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d = 1;

  /** @param key what the stream is for: seed, activity, day, … */
  constructor(...key: (string | number)[]) {
    const text = key.join('/');
    this.#a = hash(text, 0x811c9dc5);
    this.#b = hash(text, 0x01000193);
    this.#c = hash(text, 0x9e3779b9);
    for (let i = 0; i < 12; i++) this.next();
  }

  /** A number in [0, 1). */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** `count` different items, in random order; all of them when there are fewer. */
  sample<T>(items: readonly T[], count: number): T[] {
    const rest = [...items];
    for (let i = 0; i < Math.min(count, rest.length); i++) {
      const j = this.int(i, rest.length - 1);
      [rest[i], rest[j]] = [rest[j]!, rest[i]!];
    }
    return rest.slice(0, count);
  }

  /** Standard normal (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** Log-normal: `median` · e^(sigma · normal). */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  /** Number of events when `mean` are expected (Knuth; large means by the normal approximation). */
  poisson(mean: number): number {
    if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let count = -1;
    for (let product = 1; product > limit; count++) product *= this.next();
    return Math.max(0, count);
  }

  /** `length` characters of base64. */
  base64(length: number): string {
    let text = '';
    while (text.length < length) text += BASE64[this.int(0, 63)]!;
    return text;
  }

  /** `digits` hexadecimal digits. */
  hex(digits: number): string {
    let text = '';
    while (text.length < digits)
      text += Math.floor(this.next() * 65536)
        .toString(16)
        .padStart(4, '0');
    return text.slice(0, digits);
  }
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** FNV-1a, 32 bits. */
export function hash(text: string, basis = 0x811c9dc5): number {
  let value = basis | 0;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value ^ (value >>> 15);
}
