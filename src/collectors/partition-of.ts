import type { Event } from '../event/event.ts';
import { loginOf } from '../event/login.ts';

/**
 * The partition of an event: a stable hash (FNV-1a, 32 bits) of its account's login name, else of its source, so that
 * a detector sees one account's events in order.
 */
export function partitionOf(event: Event, partitions: number): number {
  if (partitions === 1) return 0;
  const key = event.account === '' ? event.source : loginOf(event.account);
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % partitions;
}
