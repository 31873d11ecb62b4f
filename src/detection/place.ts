/** Events that one record of the log may hold and still be told apart; any after that share the last place. */
const EVENTS_PER_RECORD = 1_048_576;

/** Place of an event in its partition as one growing number: exact up to offset 2³³. */
export function placeOf(offset: number, index: number): number {
  return offset * EVENTS_PER_RECORD + Math.min(index, EVENTS_PER_RECORD - 1);
}

/** Offset of the record that a place lies in. */
export function offsetOf(place: number): number {
  return Math.floor(place / EVENTS_PER_RECORD);
}
