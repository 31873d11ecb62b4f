import type { Event } from '../event.ts';
import { withoutPort } from './access-client.ts';
import { shortestAddress } from './address.ts';
import { state, type Format } from './format.ts';
import { CLASS, signIn } from './outcome.ts';
import { between } from './scan.ts';
import { readIsoTime, reading } from './time.ts';
import { readRequest } from './web-request.ts';
import { instantOf } from './zone.ts';

const SEVERITIES: Readonly<Record<string, number>> = {
  ...{ debug: 1, info: 1, notice: 1, warn: 3, error: 4, crit: 5, alert: 5, emerg: 6 },
};

/** `2021/12/02 11:53:15 [error] 40#40: *42 text, client: …, server: …, request: "…", host: "…"`. */
export const nginxError: Format = {
  name: 'nginx-error',

  recognizes(text) {
    return text.charCodeAt(4) === 47 && text.charCodeAt(20) === 91 && readIsoTime(text, 0);
  },

  parse(text, event, context) {
    if (!readIsoTime(text, 0)) return 'no time at the start';
    event.time = instantOf(reading.wallMs, context.timeZone);
    event.service ||= 'nginx';
    const level = between(text, '[', ']', 19);
    event.severity = Object.hasOwn(SEVERITIES, level) ? SEVERITIES[level]! : 0;
    state(event, 'level', level);
    const rest = text.slice(text.indexOf(']', 20) + 1);
    const process = /^ (\d+)#\d+: (?:\*(\d+) )?/.exec(rest.slice(0, 80));
    state(event, 'pid', process?.[1] ?? '');
    state(event, 'connection', process?.[2] ?? '');
    readDetails(rest.slice(process?.[0].length ?? 0).trimStart(), event);
    return '';
  },
};

function readDetails(text: string, event: Event): void {
  const at = Math.max(0, detailsStart(text));
  const request = between(text, ', request: "', '"', at);
  if (request !== '') readRequest(request, event);
  event.classUid = request === '' ? CLASS.base : CLASS.api;
  event.message = text;
  event.clientAddress =
    shortestAddress(between(`${text},`, ', client: ', ',', at)) ||
    shortestAddress(/^client (\S+)/.exec(text)?.[1] ?? '');
  const host = between(text, ', host: "', '"', at) || between(`${text},`, ', server: ', ',', at);
  const name = withoutPort(host);
  if (name !== '_' && shortestAddress(name) === '') event.system ||= name;
  state(event, 'referrer', between(text, ', referrer: "', '"', at));
  if (request !== '') event.outcome = 'failure';
  const user = /^user "([^"]*)"(?:: (password mismatch)| was not found)/.exec(text);
  if (user === null) return;
  event.account = user[1]!;
  signIn(event, 'failure');
}

/** Where nginx's own details begin: not inside a quoted file name, which the client can choose. */
function detailsStart(text: string): number {
  let quotes = 0;
  let counted = 0;
  for (let at = text.indexOf(', client: '); at >= 0; at = text.indexOf(', client: ', at + 1)) {
    for (; counted < at; counted++) if (text.charCodeAt(counted) === 34) quotes++;
    if (quotes % 2 === 0) return at;
  }
  return text.indexOf(', client: ');
}
