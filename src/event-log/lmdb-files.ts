import { mkdirSync } from 'node:fs';
import { open, type Database, type RootDatabase } from 'lmdb';

/** The LMDB databases of the embedded log. Several processes may have them open at once. */
export interface LmdbFiles {
  root: RootDatabase<Buffer, Buffer>;
  /** See record-codec.ts. */
  records: Database<Buffer, Buffer>;
  /** Topic and partition → `bytes` appended so far (double); its version is the next offset, from which appends are safe. */
  heads: Database<Buffer, Buffer>;
  /** `group NUL topic partition` → committed offset (double). */
  groups: Database<Buffer, Buffer>;
  /** Entries of keyed topics. */
  tables: Database<Buffer, Buffer>;
  /** Topic → number of its partitions (double), from the first start on. */
  partitions: Database<Buffer, Buffer>;
}

/** Address space only: the file grows as it is written. */
const MAP_BYTES = 2 ** 38;

/**
 * Every commit is on disk before its promise resolves (`overlappingSync` off: fdatasync of the pages, then the meta page).
 * Writes are gathered by us, not by event turn: lmdb would leave the promise of its own gathering without a catch.
 */
export function openLmdb(dir: string): LmdbFiles {
  mkdirSync(dir, { recursive: true });
  const root = open<Buffer, Buffer>({
    path: dir,
    noSubdir: false,
    mapSize: MAP_BYTES,
    maxDbs: 8,
    overlappingSync: false,
    eventTurnBatching: false,
    encoding: 'binary',
    keyEncoding: 'binary',
  });
  const database = (name: string, useVersions = false) =>
    root.openDB<Buffer, Buffer>({ name, useVersions, encoding: 'binary', keyEncoding: 'binary' });
  return {
    root,
    records: database('records'),
    heads: database('heads', true),
    groups: database('groups'),
    tables: database('tables'),
    partitions: database('partitions'),
  };
}

export function double(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleLE(value);
  return bytes;
}
