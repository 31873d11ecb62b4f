import type { Event } from '../event/event.ts';

/** What counts as a data access or a read: the same for every detector and for the baselines. */

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
