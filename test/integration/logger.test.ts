import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerBalances } from './ledger-balances.ts';
import { accountOf, EVERY_LINE_ONCE, numberedLines } from './numbered-lines.ts';
import { StoredEvents, type StoredEvent } from './stored-events.ts';
import { startWanglou, type RunningWanglou } from './wanglou.ts';

let wanglou: RunningWanglou;
let stored: StoredEvents;

beforeAll(async () => {
  wanglou = await startWanglou();
  stored = new StoredEvents(wanglou);
});

afterAll(async () => {
  await stored.close();
  await wanglou.stop();
});

/** Runs util-linux' logger; what it sends is the last argument, or the lines of its input. */
async function logger(args: readonly string[], lines?: readonly string[]): Promise<void> {
  const to = ['-n', '127.0.0.1', '-P', String(wanglou.ports.syslog), '--size', '64KiB', '-t', 'portal'];
  const input = lines === undefined ? 'ignore' : 'pipe';
  const child = spawn('logger', [...to, ...args], { stdio: [input, 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  // Paced: datagrams that come faster than they are read are lost where the kernel gives a small buffer.
  for (let next = 0; lines !== undefined && next < lines.length; next += 20) {
    child.stdin!.write(
      lines
        .slice(next, next + 20)
        .map((line) => `${line}\n`)
        .join(''),
    );
    await pause(5);
  }
  child.stdin?.end();
  expect(await ended).toEqual([0, null]);
}

const UDP = ['-d'];
const TCP = ['-T'];
const COUNTED = ['-T', '--octet-count'];

describe('every line of logger is stored once and unchanged', () => {
  it.each([
    ['udp', UDP],
    ['udp-old', [...UDP, '--rfc3164']],
    ['tcp', TCP],
    ['tcp-old', [...TCP, '--rfc3164']],
    ['counted', COUNTED],
    ['counted-old', [...COUNTED, '--rfc3164']],
  ])('%s', async (mark, args) => {
    const lines = numberedLines(`logger-${mark}`, 2_000);
    await logger(args, lines);
    const events = await stored.arrived(`#logger-${mark}#`, lines.length);
    expect(
      accountOf(
        lines,
        events.map(({ message }) => message),
      ),
    ).toEqual(EVERY_LINE_ONCE);
    const format = mark.endsWith('old') ? 'rfc3164' : 'rfc5424';
    expect(new Set(events.map((event) => `${event.format} ${event.fault}`))).toEqual(new Set([`${format} `]));
  });
});

describe('what logger states is read', () => {
  async function sent(...args: string[]): Promise<StoredEvent> {
    await logger(args);
    const [event] = await stored.arrived(args.at(-1)!, 1);
    return event!;
  }

  it('in the old format: priority, host, program, process, and a time without year or zone', async () => {
    const before = Math.floor(Date.now() / 1_000) * 1_000;
    const event = await sent(...TCP, '--rfc3164', '-p', 'authpriv.warning', '--id=4711', 'old format, 旧格式');
    expect(event).toMatchObject({
      format: 'rfc3164',
      fault: '',
      host: hostname().split('.')[0],
      service: 'portal',
      message: 'old format, 旧格式',
      severity: 3,
      attributes: { pid: '4711', 'syslog.facility': '10', 'syslog.severity': '4' },
    });
    // logger writes the local time of this machine; sources without a zone are taken to be in Asia/Shanghai.
    const local = new Date(before - new Date().getTimezoneOffset() * 60_000 - 8 * 3_600_000).getTime();
    expect(Date.parse(`${event.time.replace(' ', 'T')}Z`)).toBeGreaterThanOrEqual(local);
  });

  it('in the new format: elements that follow each other directly, escapes, message id, critical severity', async () => {
    const access = [
      '--sd-id',
      'access@32473',
      '--sd-param',
      'who="张\\"三\\" \\]x"',
      '--sd-param',
      'path="C:\\\\temp"',
    ];
    const zoo = ['--sd-id', 'zoo@32473', '--sd-param', 'tiger="hungry"'];
    const event = await sent(
      ...TCP,
      '--rfc5424',
      ...access,
      ...zoo,
      '--msgid',
      'AUDIT',
      '-p',
      'local3.crit',
      '读取 sd',
    );
    expect(event).toMatchObject({ format: 'rfc5424', fault: '', service: 'portal', message: '读取 sd', severity: 5 });
    expect(event.attributes).toMatchObject({
      'timeQuality.tzKnown': '1',
      'access@32473.who': '张"三" ]x',
      'access@32473.path': 'C:\\temp',
      'zoo@32473.tiger': 'hungry',
      'syslog.msgid': 'AUDIT',
      'syslog.facility': '19',
    });
  });

  it('in the new format with nothing but a program: no host, the time of arrival', async () => {
    const before = Date.now();
    const event = await sent(...COUNTED, '--rfc5424=notime,notq,nohost', 'bare record');
    expect(event).toMatchObject({ format: 'rfc5424', fault: '', host: '', service: 'portal', message: 'bare record' });
    expect(Date.parse(`${event.time.replace(' ', 'T')}Z`)).toBeGreaterThanOrEqual(before);
  });

  it('over UDP, where who sent it stays a claim', async () => {
    const event = await sent(...UDP, 'claimed only');
    expect(event).toMatchObject({ source: 'udp/127.0.0.1', authenticated: false, message: 'claimed only' });
  });

  it('and a line with nothing in it is an event too', async () => {
    await logger([...TCP, '-t', 'blank-lines'], ['', 'blank-lines end']);
    const events = await stored.arrived('blank-lines', 2);
    expect(events.map(({ message }) => message)).toEqual(['', 'blank-lines end']);
  });
});

it('leaves a coverage ledger that balances', async () => {
  await ledgerBalances(wanglou);
});
