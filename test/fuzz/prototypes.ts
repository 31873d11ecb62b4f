/** What no input may add to. */
const WATCHED: readonly object[] = [
  Object,
  Array,
  Function,
  String,
  Number,
  Boolean,
  RegExp,
  Date,
  Map,
  Set,
  Error,
  Promise,
  Buffer,
].map((known) => known.prototype as object);

/** Remembers what built-in prototypes are, and tells when that has changed. */
export class Prototypes {
  readonly #before = WATCHED.map((watched) => new Map(Object.entries(Object.getOwnPropertyDescriptors(watched))));
  readonly #keys = Reflect.ownKeys(Object.prototype).length + Reflect.ownKeys(Array.prototype).length;

  /** Whether something was added to objects or arrays: cheap, for every input. */
  get haveGrown(): boolean {
    return Reflect.ownKeys(Object.prototype).length + Reflect.ownKeys(Array.prototype).length !== this.#keys;
  }

  /** Names of what was added, removed or replaced. What was added is taken out again, so that the next input finds all as it was. */
  changes(): string[] {
    return WATCHED.flatMap((watched, n) => {
      const before = this.#before[n]!;
      const now = new Map(Object.entries(Object.getOwnPropertyDescriptors(watched)));
      const added = [...now.keys()].filter((name) => !before.has(name));
      for (const name of added) Reflect.deleteProperty(watched, name);
      const others = [...before].filter(([name, was]) => {
        const is = now.get(name);
        return is === undefined || !Object.is(is.value, was.value);
      });
      return [...added, ...others.map(([name]) => name)];
    });
  }
}
