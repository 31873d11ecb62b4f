import { setPeer } from './peer.ts';
import { state, type Format } from './format.ts';
import { signIn } from './outcome.ts';
import { between, COLON, digitsEnd, twoDigits } from './scan.ts';
import { readClock, readIsoTime, reading, utc } from './time.ts';
import { instantOf } from './zone.ts';

const LEVELS: Readonly<Record<string, number>> = { note: 1, system: 1, warning: 3, error: 4 };

const HEAD = /^ *(\d+)?(?: (\d+))? *(?:\[(Note|Warning|ERROR|System|Error)\]|(Connect)\t? )/;

/**
 * MySQL's and MariaDB's error log (and the general log's refused `Connect`), and MSSQL's error log: refused sign-ins and the
 * level of the rest. Attributes: level, thread, usingPassword, code, reason.
 */
export const mysqlError: Format = {
  name: 'mysql-error',

  recognizes(text) {
    const end = timeEnd(text);
    return end > 0 && HEAD.test(text.slice(end, end + 60).replaceAll('\t', ' '));
  },

  parse(text, event, context) {
    const end = timeEnd(text);
    if (end === 0) return 'no time at the start';
    event.time = reading.time === reading.time ? reading.time : instantOf(reading.wallMs, context.timeZone);
    event.service = event.service || 'mysqld';
    const head = HEAD.exec(text.slice(end, end + 60).replaceAll('\t', ' '));
    const level = head?.[3] ?? '';
    event.severity = LEVELS[level.toLowerCase()] ?? 1;
    state(event, 'level', level);
    state(event, 'thread', head?.[1] ?? '');
    event.message = text.slice(end + (head?.[0].length ?? 0)).trim();
    const code = /^\[(MY-\d+)\] \[\w+\] /.exec(event.message);
    state(event, 'code', code?.[1] ?? '');
    const denied = /Access denied for user '([^']*)'@'([^']*)'(?: \(using password: (YES|NO)\))?/.exec(event.message);
    if (denied !== null) {
      event.account = denied[1]!;
      setPeer(denied[2]!, event);
      state(event, 'usingPassword', denied[3] ?? '');
      signIn(event, 'failure');
    }
    return '';
  },
};

/** Reads ISO time or the old `yymmdd h:mm:ss` into `reading`. @returns where it ends, or 0. */
function timeEnd(text: string): number {
  if (readIsoTime(text, 0)) return reading.end;
  if (digitsEnd(text, 0) !== 6 || text.charCodeAt(6) !== 32) return 0;
  const clock = text.charCodeAt(7) === 32 ? 8 : 7;
  const year = twoDigits(text, 0);
  const date = utc(year < 70 ? 2000 + year : 1900 + year, twoDigits(text, 2), twoDigits(text, 4), 0, 0, 0);
  if (date !== date || !readClock(text, clock)) return 0;
  reading.wallMs += date;
  reading.time = NaN;
  return reading.end;
}

/** `2022-12-20 12:36:54.17 Logon       Login failed for user 'SA'. Reason: … [CLIENT: 192.0.2.1]`. */
export const mssqlError: Format = {
  name: 'mssql-error',

  recognizes(text) {
    return (
      text.charCodeAt(13) === COLON &&
      /^ (?:Logon|spid\d+s?|Server|Backup) {2,}/.test(text.slice(22, 60)) &&
      readIsoTime(text, 0)
    );
  },

  parse(text, event, context) {
    if (!readIsoTime(text, 0)) return 'no time at the start';
    event.time = instantOf(reading.wallMs, context.timeZone);
    event.service = event.service || 'mssql';
    const head = /^ (\S+) +/.exec(text.slice(reading.end, reading.end + 40));
    state(event, 'component', head?.[1] ?? '');
    event.message = text.slice(reading.end + (head?.[0].length ?? 0));
    const login = /^Login (failed|succeeded) for user '([^']*)'\./.exec(event.message);
    if (login === null) return '';
    const clientAt = event.message.lastIndexOf(' [CLIENT: ');
    event.account = login[2]!;
    setPeer(clientOf(event.message, clientAt), event);
    state(event, 'reason', between(event.message.slice(0, clientAt < 0 ? undefined : clientAt), ' Reason: ', ''));
    signIn(event, login[1] === 'failed' ? 'failure' : 'success');
    return '';
  },
};

/** `192.0.2.1`, `<named pipe>` or `<local machine>`, which is no address. */
function clientOf(message: string, at: number): string {
  const client = at < 0 ? '' : between(message, ' [CLIENT: ', ']', at);
  return client.startsWith('<') ? '' : client;
}
