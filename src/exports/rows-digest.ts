import { hash } from 'node:crypto';
import type { Cell } from './table.ts';

/** 60 bits: exactly as many as a signed integer of 64 bits takes from hexadecimal digits. */
const LANE_DIGITS = 15;
const LANES = 4;

/**
 * The digest of rows in any order, which others can compute (docs/exports.md has it for DuckDB): of each row the SHA-256 of its
 * canonical text; its first 60 hexadecimal digits are four numbers, which are summed over all rows; the digest is the SHA-256 of
 * `rows,sum,sum,sum,sum`. A row that is there twice counts twice.
 */
export class RowsDigest {
  rows = 0;
  readonly #sums = new Array<bigint>(LANES).fill(0n);
  /** What is not in the sums yet, so that large numbers are added once in a while. */
  readonly #high = new Float64Array(LANES);
  readonly #low = new Float64Array(LANES);

  add(canonical: string): void {
    const digest = hash('sha256', canonical);
    for (let lane = 0, at = 0; lane < LANES; lane++, at += LANE_DIGITS) {
      this.#high[lane]! += parseInt(digest.slice(at, at + 7), 16);
      this.#low[lane]! += parseInt(digest.slice(at + 7, at + LANE_DIGITS), 16);
    }
    if (++this.rows % 100_000 === 0) this.#settle();
  }

  hex(): string {
    this.#settle();
    return hash('sha256', [this.rows, ...this.#sums].join(','));
  }

  #settle(): void {
    for (let lane = 0; lane < LANES; lane++) {
      this.#sums[lane]! += (BigInt(this.#high[lane]!) << 32n) + BigInt(this.#low[lane]!);
      this.#high[lane] = this.#low[lane] = 0;
    }
  }
}

/**
 * The canonical text of a row: of each cell its length in bytes, a colon and its text. A number is written in decimal, a time as ms
 * since the Unix epoch, a flag as true or false, nothing as an empty text.
 */
export function canonicalRow(cells: readonly Cell[]): string {
  let text = '';
  for (const cell of cells) {
    const said = cell === null ? '' : String(cell);
    text += `${typeof cell === 'string' ? Buffer.byteLength(said) : said.length}:${said}`;
  }
  return text;
}
