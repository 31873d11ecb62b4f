import type { VersionTable } from '../../src/registry/change-set.ts';

/** A table in memory, shared by all that are given it; `fail` is thrown by the next put. */
export class MemoryTable implements VersionTable {
  readonly rows = new Map<string, Uint8Array>();
  /** What the next put throws after `keep` of its rows. */
  fault: { error: Error; keep: number } | undefined;
  #puts = 0;

  async *entries(): AsyncGenerator<[string, Uint8Array]> {
    yield* [...this.rows].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  async put(entries: readonly (readonly [string, Uint8Array | undefined])[]): Promise<void> {
    this.#puts++;
    const { fault } = this;
    this.fault = undefined;
    for (const [key, value] of fault === undefined ? entries : entries.slice(0, fault.keep))
      if (value === undefined) this.rows.delete(key);
      else this.rows.set(key, value);
    if (fault !== undefined) throw fault.error;
  }

  async position(): Promise<string> {
    return String(this.#puts);
  }
}
