import type { Event } from '../event.ts';
import { state } from './format.ts';
import { COLON, skipSpaces, SPACE } from './scan.ts';
import { readFacility, readMnemonic } from './syslog-priority.ts';

const MAX_TAG_CHARS = 80;

/**
 * Reads `tag: text`, `tag[pid]: text`, `tag(module)[pid]: text` or `tag 1.2.3: text` at `at` into service, pid and message.
 * A path is cut to its last part; a module (`sshd(pam_unix)`) becomes the attribute `module`. Without a tag all is message.
 */
export function readTag(text: string, at: number, event: Event): void {
  const end = nameEnd(text, at);
  const stop = text.charCodeAt(end);
  if (end === at) readUnusual(text, at, event);
  else if (stop === COLON) finish(text, at, end, end, event);
  else if (stop === 91) readPid(text, at, end, event);
  else if (stop === 40) readModule(text, at, end, event);
  else if (stop === SPACE) readVersioned(text, at, end, event);
  else event.message = text.slice(at);
}

/** `(systemd)[12]: …`, a process that has not taken its name yet; anything else is no tag. */
function readUnusual(text: string, at: number, event: Event): void {
  const close = text.charCodeAt(at) === 40 ? text.indexOf(')', at) : -1;
  if (close > at + 1 && close - at < MAX_TAG_CHARS && text.charCodeAt(close + 1) === 91) {
    readPid(text, at + 1, close + 1, event);
    event.service = text.slice(at + 1, close);
  } else event.message = text.slice(at);
}

function nameEnd(text: string, at: number): number {
  const limit = Math.min(text.length, at + MAX_TAG_CHARS);
  for (let i = at; i < limit; i++) {
    const code = text.charCodeAt(i);
    if (code === COLON || code === 91 || code === 40 || code <= SPACE || code === 123 || code === 34 || code === 61)
      return i;
  }
  return at;
}

function readPid(text: string, at: number, nameStop: number, event: Event): void {
  const close = text.indexOf(']', nameStop);
  if (close < 0 || close - nameStop > MAX_TAG_CHARS) {
    event.message = text.slice(at);
    return;
  }
  state(event, 'pid', text.slice(nameStop + 1, close));
  finish(text, at, nameStop, text.charCodeAt(close + 1) === COLON ? close + 1 : close, event);
}

/** `sshd(pam_unix)[123]: …` of older PAM. */
function readModule(text: string, at: number, nameStop: number, event: Event): void {
  const close = text.indexOf(')', nameStop);
  const next = text.charCodeAt(close + 1);
  if (close < 0 || close - nameStop > MAX_TAG_CHARS || (next !== 91 && next !== COLON)) {
    event.message = text.slice(at);
    return;
  }
  state(event, 'module', text.slice(nameStop + 1, close));
  if (next === COLON) finish(text, at, nameStop, close + 1, event);
  else {
    readPid(text, at, close + 1, event);
    event.service = text.slice(at, nameStop);
  }
}

/** `syslogd 1.4.1: restart.`: the second word is a version only if it ends in a colon; any other text has no tag. */
function readVersioned(text: string, at: number, nameStop: number, event: Event): void {
  const second = skipSpaces(text, nameStop);
  if (text.charCodeAt(at) === 37 && text.charCodeAt(second) === COLON) {
    finish(text, at, nameStop, second, event);
    return;
  }
  if (nameStop === at + 2 && text.startsWith('-- ', at)) return readLogin(text, at, second, event);
  const secondEnd = text.indexOf(' ', second);
  const isVersion = secondEnd > 0 && text.charCodeAt(secondEnd - 1) === COLON && /\d/.test(text.charAt(second));
  if (isVersion) finish(text, at, nameStop, secondEnd - 1, event);
  else event.message = text.slice(at);
}

/** `-- wang[12]: …`: util-linux's login names itself `login -- wang`. */
function readLogin(text: string, at: number, second: number, event: Event): void {
  const end = nameEnd(text, second);
  if (text.charCodeAt(end) !== 91) event.message = text.slice(at);
  else {
    readPid(text, second, end, event);
    event.service = 'login';
  }
}

function finish(text: string, at: number, nameStop: number, last: number, event: Event): void {
  const slash = text.lastIndexOf('/', nameStop - 1);
  const end = text.charCodeAt(nameStop - 1) === 93 ? nameStop - 1 : nameStop; // gdm writes `gdm-password][12]:`
  event.service = text.slice(slash >= at && text.charCodeAt(at) === 47 ? slash + 1 : at, end);
  event.message = text.slice(skipMessageId(text, skipSpaces(text, last + 1), event));
  if (text.charCodeAt(at) === 37) readMnemonic(event.service, event);
}

/** Solaris writes `[ID 800047 auth.info] ` before the text. */
function skipMessageId(text: string, at: number, event: Event): number {
  if (!text.startsWith('[ID ', at)) return at;
  const id = /^\[ID (\d{1,10}) ([\w.]{3,30})\] /.exec(text.slice(at, at + 60));
  if (id === null) return at;
  state(event, 'syslog.msgid', id[1]!);
  readFacility(`${id[2]!} `, 0, event);
  return at + id[0].length;
}
