import { hash } from 'node:crypto';
import type { Group } from '../finding/group.ts';
import { decodePlain, encodePlain } from './plain-codec.ts';
import type { KeptAccount } from './read-account.ts';
import type { Shard } from './shard.ts';
import type { SubjectRecord, SubjectTable } from './subject-table.ts';

/**
 * Keys of the table `states`: `subject/<shard>/<kind>/<subject>`, `group/<shard>/<detector>/<key>`, `baseline/<key>` and
 * `cut/<partition>`; the shard is the partition, or `all` for the second stage. Values are as of plain-codec.ts.
 */
export type ShardName = number | 'all';

interface StoredSubject {
  touched: number;
  /** Last place per partition whose events are in it. */
  seenBy: readonly number[];
  /** State by `detector@version`: another version of a detector starts anew. */
  slots: Record<string, unknown>;
}

interface StoredGroup {
  seenBy: readonly number[];
  group: Group;
}

/** Where a partition goes on after a restart. */
export interface Cut {
  /** Record to begin with, and the first event in it that is not judged. */
  offset: number;
  place: number;
  /** The partition's clock before that record. */
  clock: number;
  /** Partitions that `events` had: with another number, states are no longer where their subjects come. */
  partitions: number;
  generations: readonly number[];
  /** What the records before it held and what became of it; absent in cuts of versions that kept no account. */
  account?: KeptAccount;
}

export function subjectKey(shard: ShardName, kind: string, subject: string): string {
  return `subject/${shard}/${kind}/${subject}`;
}

export function groupKey(shard: ShardName, name: string): string {
  return `group/${shard}/${bounded(name)}`;
}

/** A baseline's values say themselves what they are about, so that a long key may be shortened. */
export function baselineKey(key: string): string {
  return `baseline/${bounded(key)}`;
}

/** Tables take keys of up to about 1,900 bytes. */
function bounded(name: string): string {
  return name.length > 300 ? `sha1:${hash('sha1', name)}` : name;
}

export function encodeSubject(table: SubjectTable, record: SubjectRecord, seenBy: readonly number[]): Uint8Array {
  const slots: Record<string, unknown> = {};
  for (const [slot, { detector }] of table.detectors.entries())
    if (record.slots[slot] !== undefined) slots[`${detector.name}@${detector.version}`] = record.slots[slot];
  return encodePlain({ touched: record.touched, seenBy, slots } satisfies StoredSubject);
}

export function encodeGroup(group: Group, seenBy: readonly number[]): Uint8Array {
  return encodePlain({ seenBy, group } satisfies StoredGroup);
}

/** Puts a stored subject or group back into its shard; what no longer has a detector is left out. */
export function restoreInto(shard: Shard, key: string, value: Uint8Array): void {
  const [what, , name] = key.split('/', 3) as [string, string, string];
  if (what === 'group') {
    const { group, seenBy } = decodePlain(value) as StoredGroup;
    shard.grouping.restore(group, seenBy);
    return;
  }
  const table = shard.tables.find(({ kind }) => kind.name === name);
  if (table === undefined) return;
  const stored = decodePlain(value) as StoredSubject;
  const slots = table.detectors.map(({ detector }) => stored.slots[`${detector.name}@${detector.version}`]);
  const subject = key.slice(key.indexOf('/', key.indexOf('/', key.indexOf('/') + 1) + 1) + 1);
  const record = { subject, slots, touched: stored.touched, seenBy: stored.seenBy, changed: false };
  table.restore(record);
  shard.rearm(table, record);
}
