import { attributeOf, type Event } from '../event/event.ts';

const PARAMETER = /(?:^|[?&])(?:[a-z_]*id|no|number|key|code)=([^&\s]{1,64})/i;
const PATH_END = /\/(\d{1,15})$/;
/** Keys that lie as close as this follow each other. */
const MAX_STEP = 10;

/** What a look-up asked for: attribute `recordKey`, a parameter of the query, the path's last number, or the data subject. */
export function recordKey(event: Event): string {
  if (event.attributes.length > 0) {
    const stated = attributeOf(event, 'recordKey');
    if (stated !== undefined) return stated;
    const query = attributeOf(event, 'query');
    const found = query === undefined ? null : PARAMETER.exec(query);
    if (found) return found[1]!;
    const path = attributeOf(event, 'path');
    const end = path === undefined ? null : PATH_END.exec(path);
    if (end) return end[1]!;
  }
  return event.dataSubjects[0] ?? '';
}

/** The part of the keys that follow the one before upwards or downwards by a small step; 0 where keys are no numbers. */
export function sequentialShare(keys: readonly number[]): number {
  let following = 0;
  for (let i = 1; i < keys.length; i++) {
    const step = Math.abs(keys[i]! - keys[i - 1]!);
    if (keys[i]! >= 0 && keys[i - 1]! >= 0 && step > 0 && step <= MAX_STEP) following++;
  }
  return keys.length < 2 ? 0 : following / (keys.length - 1);
}

/** Standard deviation of the pauses over their mean; Infinity where they are too short to be measured. */
export function variationOfGaps(times: readonly number[]): number {
  const gaps: number[] = [];
  for (let i = 1; i < times.length; i++) gaps.push(times[i]! - times[i - 1]!);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  // Logs that are dated to the second show an even pace of less than a second as none.
  if (!(mean >= 500)) return Infinity;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return Math.sqrt(variance) / mean;
}
