/** Browsers draw nothing that is higher than some 16 million px: beyond this the bar stands for more rows than it has px. */
export const TALLEST_PX = 8_000_000;

export interface GridScroll {
  total: number;
  rowPx: number;
  viewPx: number;
}

/** Height of what is scrolled, px. */
export function heightOf({ total, rowPx }: GridScroll): number {
  return Math.min(total * rowPx, TALLEST_PX);
}

/** The most that the first row on the screen can be: the last row is then at the bottom. */
export function lastTop({ total, rowPx, viewPx }: GridScroll): number {
  return Math.max(0, total - Math.floor(viewPx / rowPx));
}

/** Whether a px of the bar is less than a px of the list. */
export function isScaled(grid: GridScroll): boolean {
  return grid.total * grid.rowPx > TALLEST_PX;
}

/** First row on the screen, with a fraction, when the bar is there. */
export function topRow(grid: GridScroll, scrollTop: number): number {
  if (!isScaled(grid)) return scrollTop / grid.rowPx;
  const range = heightOf(grid) - grid.viewPx;
  return range <= 0 ? 0 : Math.min(1, scrollTop / range) * lastTop(grid);
}

/** The other way round. */
export function scrollTopOf(grid: GridScroll, row: number): number {
  if (!isScaled(grid)) return row * grid.rowPx;
  const last = lastTop(grid);
  return last === 0 ? 0 : (row / last) * (heightOf(grid) - grid.viewPx);
}
