/** Something that is not as it was sealed. */
export interface StoreDifference {
  /** 0 when it is in no seal: nobody has sealed it. */
  seal: number;
  /** '' when it is the seal itself. */
  stream: string;
  /**
   * `sealed`: rows that were sealed. `table`: the table that people query. `log`: the event log's own copy. `chain`: the seal,
   * or what is kept beside it. `view`: what a view shows.
   */
  in: 'sealed' | 'table' | 'log' | 'chain' | 'view';
  /** Place of the first record that differs, as far as that can be known; of a table the id, of a view the name. */
  place: string;
  times: [number, number];
}

/** A leaf as it is there now. */
interface Found {
  place: string;
  hash: Buffer;
}

const MARK_BYTES = 4;

/**
 * Where a block begins to differ.
 * @param marks as they were sealed: the first four bytes of each leaf; empty when they are gone.
 * @returns the place of the record that is changed or new, or where the missing one was; '' when that can not be known.
 */
export function placeOfDifference(marks: Buffer, leaves: readonly Found[], last: string): string {
  if (marks.length === 0) return '';
  const isSealed = (record: number, leaf: number): boolean =>
    marks.subarray(record * MARK_BYTES, (record + 1) * MARK_BYTES).equals(leaves[leaf]!.hash.subarray(0, MARK_BYTES));
  const records = marks.length / MARK_BYTES;
  let at = 0;
  while (at < records && at < leaves.length && isSealed(at, at)) at++;
  if (at >= leaves.length) return at === records - 1 || at === 0 ? last : after(leaves[at - 1]!.place);
  const isMissing = leaves.length < records && isSealed(at + 1, at);
  return isMissing ? before(leaves[at]!.place, leaves[at - 1]?.place) : leaves[at]!.place;
}

/** Where the record was that is missing before a place. */
function before(place: string, previous: string | undefined): string {
  const [offset, index] = place.split('/').map(Number) as [number, number?];
  if (index === undefined) return String(offset - 1);
  if (index > 0) return `${offset}/${index - 1}`;
  return previous === undefined ? '' : after(previous);
}

function after(place: string): string {
  const [offset, index] = place.split('/').map(Number) as [number, number?];
  return index === undefined ? String(offset + 1) : `${offset}/${index + 1}`;
}

const [EARLIEST, LATEST] = [Date.UTC(1900, 0, 1), Date.UTC(2299, 11, 31, 23, 59, 59, 999)];

/** A time as the store can keep it: the nearest of the years 1900 to 2299. */
export function storableTime(at: number): number {
  return Math.min(Math.max(at, EARLIEST), LATEST);
}
