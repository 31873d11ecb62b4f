import type { Event } from '../event/event.ts';

/** Data of a named asset went to a named recipient. */
export function isOutward(event: Event): boolean {
  if (event.recipient === '' || event.asset === '' || event.outcome === 'failure') return false;
  switch (event.action) {
    case 'share':
    case 'export':
    case 'download':
    case 'print':
    case 'call':
      return true;
    default:
      return false;
  }
}
