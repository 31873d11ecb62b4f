import type { Event } from '../event.ts';
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
    const level = between(text, '[', ']', 19);
    event.severity = Object.hasOwn(SEVERITIES, level) ? SEVERITIES[level]! : 0;
    state(event, 'level', level);
    const rest = text.slice(text.indexOf(']', 20) + 1);
    state(event, 'pid', /^ (\d+)#/.exec(rest)?.[1] ?? '');
    readDetails(rest.replace(/^ \d+#\d+: (?:\*\d+ )?/, '').trimStart(), event);
    return '';
  },
};

function readDetails(text: string, event: Event): void {
  const request = between(text, ', request: "', '"');
  if (request !== '') readRequest(request, event);
  event.classUid = request === '' ? CLASS.base : CLASS.api;
  event.message = text;
  event.clientAddress =
    shortestAddress(between(`${text},`, ', client: ', ',')) || shortestAddress(/^client (\S+)/.exec(text)?.[1] ?? '');
  const host = between(text, ', host: "', '"');
  event.system = host || between(`${text},`, ', server: ', ',');
  const user = /^user "([^"]*)"(?:: (password mismatch)| was not found)/.exec(text);
  if (request !== '') event.outcome = 'failure';
  if (user === null) return;
  event.account = user[1]!;
  signIn(event, 'failure');
}
