/**
 * About how many different names there were, as plain data of at most 128 numbers: the smallest of their hashes tell how
 * close they lie. Exact up to 128 names, then within about a tenth.
 */
export type Distinct = number[];

const KEPT = 128;
const RANGE = 4_294_967_296;

export function noDistinct(): Distinct {
  return [];
}

export function addDistinct(smallest: Distinct, name: string): void {
  const value = hashOf(name);
  if (smallest.length === KEPT && value >= smallest[KEPT - 1]!) return;
  let low = 0;
  let high = smallest.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (smallest[middle]! < value) low = middle + 1;
    else high = middle;
  }
  if (smallest[low] === value) return;
  smallest.splice(low, 0, value);
  if (smallest.length > KEPT) smallest.pop();
}

export function distinctCount(smallest: Distinct): number {
  return smallest.length < KEPT ? smallest.length : ((KEPT - 1) * RANGE) / (smallest[KEPT - 1]! + 1);
}

/** 32 bits, evenly spread: FNV-1a with the mixing of MurmurHash3 behind it. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
