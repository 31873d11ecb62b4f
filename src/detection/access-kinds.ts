import { attributeOf, type Event } from '../event/event.ts';

/** What counts as a data access, a read or a sign-in: the same for every detector and for the baselines. */

/** Somebody known touched a named asset and was not refused. */
export function isDataAccess(event: Event): boolean {
  if (event.asset === '' || event.actor === '' || event.outcome === 'failure') return false;
  switch (event.action) {
    case 'read':
    case 'query':
    case 'create':
    case 'update':
    case 'delete':
    case 'export':
    case 'print':
    case 'download':
    case 'share':
    case 'call':
      return true;
    case '':
      return event.classUid === 6005 || event.classUid === 6003;
    default:
      return false;
  }
}

/** A data access by which data came out. */
export function isDataRead(event: Event): boolean {
  return isDataAccess(event) && event.action !== 'create' && event.action !== 'update' && event.action !== 'delete';
}

/** Somebody tried to sign in, and it is known how that ended. */
export function isSignIn(event: Event): boolean {
  return event.classUid === 3002 && event.action === 'sign-in' && event.outcome !== '';
}

const MAX_REPEAT = 1000;

/** How many attempts the line stands for: `message repeated N times` is N. */
export function attemptsOf(event: Event): number {
  if (event.attributes.length === 0) return 1;
  const repeat = attributeOf(event, 'repeat');
  if (repeat === undefined) return 1;
  const n = Math.floor(Number(repeat));
  return n >= 1 ? Math.min(n, MAX_REPEAT) : 1;
}
