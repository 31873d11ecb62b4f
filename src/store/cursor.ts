import { WanglouError } from '../errors.ts';

/** A place in a list that is ordered by time and id; opaque to clients: `<ms>-<uuid>`. */
export function writeCursor(timeMs: number, id: string): string {
  return `${timeMs}-${id}`;
}

/** @throws WanglouError WL_QUERY_INVALID */
export function readCursor(cursor: string | undefined): { cursorTime?: string; cursorId?: string } {
  if (cursor === undefined || cursor === '') return {};
  const parts = /^(\d{1,15})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor);
  if (!parts) throw new WanglouError('WL_QUERY_INVALID', `${JSON.stringify(cursor)} is no cursor of a page`);
  return { cursorTime: parts[1]!, cursorId: parts[2]! };
}
