import type { ListName } from './schema.ts';

/**
 * What is known of one name of a list since a moment: all its entries over valid time, as people write them. A version never
 * changes; a later one takes its place. In the keyed topic `registry` its key is
 * `<list>/<name>/<recordedAt, 15 digits>/<change set>` and its value this object as JSON.
 */
export interface RegistryVersion {
  list: ListName;
  key: string;
  /** When it came to be known here, ms since the epoch. */
  recordedAt: number;
  changeSet: string;
  change: ChangeKind;
  /** [] when it is not known any more. */
  entries: readonly EntryInput[];
}

/** `ended`: nothing changed but that something got an end, or an earlier one. */
export type ChangeKind = 'added' | 'corrected' | 'ended' | 'removed';

/** An entry as people write it; checked by the schema of its list. */
export type EntryInput = Readonly<Record<string, unknown>>;

/**
 * Versions that were recorded together, all or nothing: they count from the moment this mark of theirs is in the topic, key
 * `change-set/<recordedAt, 15 digits>/<change set>`.
 */
export interface ChangeSetMark {
  changeSet: string;
  recordedAt: number;
  /** How many versions belong to it. */
  count: number;
  origin: Origin;
  /** Account of the person or name of the program. */
  by: string;
}

/** The way in: only what came by the same way is taken back when it is missing there. */
export type Origin = 'folder' | 'import' | 'api' | `catalogue:${string}`;

/** The table that keeps versions and marks: the keyed topic `registry` of the event log. */
export interface VersionTable {
  entries(): AsyncIterable<[key: string, value: Uint8Array]>;
  put(entries: readonly (readonly [key: string, value: Uint8Array])[]): Promise<void>;
  /** Differs after anything was put. */
  position(): Promise<string>;
}

const MARKS = 'change-set/';

export function versionKey({ list, key, recordedAt, changeSet }: RegistryVersion): string {
  return `${list}/${key}/${digits(recordedAt)}/${changeSet}`;
}

export function versionRow(version: RegistryVersion): [key: string, value: Uint8Array] {
  return [versionKey(version), Buffer.from(JSON.stringify(version))];
}

export function markKey({ recordedAt, changeSet }: ChangeSetMark): string {
  return `${MARKS}${digits(recordedAt)}/${changeSet}`;
}

export function markRow(mark: ChangeSetMark): [key: string, value: Uint8Array] {
  return [markKey(mark), Buffer.from(JSON.stringify(mark))];
}

export function isMark(rowKey: string): boolean {
  return rowKey.startsWith(MARKS);
}

function digits(recordedAt: number): string {
  return String(recordedAt).padStart(15, '0');
}
