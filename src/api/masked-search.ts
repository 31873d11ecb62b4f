import type { Event } from '../event/event.ts';
import type { EventPage, EventSearch, Queries } from './queries.ts';

/** What a search sees of an event: the same as who searches. */
export interface Sees {
  text(text: string): string;
  /** Whether `wanted` is all of a value that is masked in `text`, however it is written. */
  holdsValue(text: string, wanted: string): boolean;
}

/** Pages with nothing to see are passed over, up to here. */
const MAX_PAGES = 10;

/**
 * Searches what can be seen: a text is found in events as they are shown, or as the whole of a masked value. So somebody who
 * knows a number finds its events, and nobody finds out a number digit by digit.
 */
export async function searchMasked(
  queries: Pick<Queries, 'searchEvents'>,
  search: EventSearch,
  sees: Sees,
): Promise<EventPage> {
  const { text } = search;
  if (text === undefined) return queries.searchEvents(search);
  const wanted = sees.text(text).toLowerCase();
  let { cursor } = search;
  for (let pages = 1; ; pages++) {
    const page = await queries.searchEvents({ ...search, ...(cursor === undefined ? {} : { cursor }) });
    const events = page.events.filter((event) => isSeen(event, text, wanted, sees));
    if (page.next === '' || events.length > 0 || pages === MAX_PAGES) return { events, next: page.next };
    cursor = page.next;
  }
}

function isSeen({ message, raw }: Event, text: string, wanted: string, sees: Sees): boolean {
  return [message, raw].some((each) => sees.text(each).toLowerCase().includes(wanted) || sees.holdsValue(each, text));
}
