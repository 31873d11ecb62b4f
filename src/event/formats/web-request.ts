import type { Event } from '../event.ts';
import { state } from './format.ts';
import { CLASS } from './outcome.ts';

interface Method {
  action: string;
  activityId: number;
}

/** HTTP methods as API Activity: what they mean when nothing more is known. */
const METHODS: ReadonlyMap<string, Method> = new Map([
  ['GET', { action: 'read', activityId: 2 }],
  ['HEAD', { action: 'read', activityId: 2 }],
  ['POST', { action: 'call', activityId: 99 }],
  ['PUT', { action: 'update', activityId: 3 }],
  ['PATCH', { action: 'update', activityId: 3 }],
  ['DELETE', { action: 'delete', activityId: 4 }],
  ['OPTIONS', { action: 'call', activityId: 99 }],
  ['PROPFIND', { action: 'read', activityId: 2 }],
  ['CONNECT', { action: 'connect', activityId: 99 }],
]);

const CALL: Method = { action: 'call', activityId: 99 };

/**
 * Reads `METHOD target HTTP/x` into asset (the path), message, and the attributes method, query, protocol. A line that is no
 * HTTP (a port scan's bytes) stays the message, and only that.
 */
export function readRequest(line: string, event: Event): void {
  event.message = line;
  event.classUid = CLASS.api;
  const methodEnd = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  const hasProtocol = last > methodEnd && line.startsWith('HTTP/', last + 1);
  if (methodEnd <= 0 || !isMethod(line, methodEnd)) return;
  setMethod(line.slice(0, methodEnd), event);
  setTarget(line.slice(methodEnd + 1, hasProtocol ? last : line.length), event);
  if (hasProtocol) state(event, 'protocol', line.slice(last + 1));
}

function isMethod(line: string, end: number): boolean {
  if (end > 20) return false;
  for (let i = 0; i < end; i++) {
    const code = line.charCodeAt(i);
    if (code < 65 || code > 90) return code === 95 || code === 45;
  }
  return true;
}

/** Action and activity of a method; unknown ones are calls. */
export function setMethod(name: string, event: Event): void {
  const method = METHODS.get(name) ?? CALL;
  event.action = method.action;
  event.activityId = method.activityId;
  state(event, 'method', name);
}

/** The asset is the path; the query (without `?`) and the authority of an absolute target are kept apart. */
export function setTarget(target: string, event: Event): void {
  let path = target;
  const scheme = target.indexOf('://');
  if (scheme > 0 && scheme < 8) {
    const slash = target.indexOf('/', scheme + 3);
    const authority = target.slice(scheme + 3, slash < 0 ? target.length : slash);
    if (event.system === '') event.system = authority;
    path = slash < 0 ? '/' : target.slice(slash);
  }
  const question = path.indexOf('?');
  event.asset = question < 0 ? path : path.slice(0, question);
  if (question >= 0) state(event, 'query', path.slice(question + 1));
}

/** Outcome by HTTP status: below 400 is success. @returns '' or the fault. */
export function setStatus(status: string, event: Event): string {
  const code = status.length === 3 ? Number(status) : 0;
  if (!(code >= 100 && code <= 599))
    return status === '000' || status === '-' ? '' : `status '${status.slice(0, 20)}' is no HTTP status`;
  event.outcome = code < 400 ? 'success' : 'failure';
  state(event, 'status', status);
  return '';
}
