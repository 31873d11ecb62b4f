import { describe, expect, it } from 'vitest';
import { bruteForce } from '../../detectors/brute-force.ts';
import { passwordSpray } from '../../detectors/password-spray.ts';
import { failuresIn, type Connections } from '../../src/detection/attempts.ts';
import type { Detector } from '../../src/detection/detector.ts';
import { Enrichment } from '../../src/detection/enrichment.ts';
import type { Event } from '../../src/event/event.ts';
import { parseRecord } from '../../src/event/parse.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { eventAt, judge } from './judge.ts';

/** Lines as real hosts write them, through the real reader: one attempt counts once, however many lines tell of it. */

const registry = registryFrom({});
const SECOND = 1000;

/** @param seconds after noon. */
function line(seconds: number, text: string, source = 'hosts'): Event {
  const event = eventAt(new Date(Date.parse('2026-11-20T12:00+08:00') + seconds * SECOND).toISOString(), { source });
  const { time } = event;
  parseRecord(text, event, { timeZone: 'Asia/Shanghai', now: time, format: '' });
  event.time = time;
  new Enrichment().enrich(event, registry);
  return event;
}

const sshd = (pid: number, text: string): string => `<38>Nov 20 12:00:00 web01 sshd[${pid}]: ${text}`;

const found = (detector: unknown, events: readonly Event[]) =>
  judge(detector as Detector, events, { registry }).findings.at(-1);
const times = (count: number, lines: (n: number) => readonly Event[]) =>
  Array.from({ length: count }, (_, n) => lines(n)).flat();

/** What sshd and PAM write of one wrong password for a user who exists. */
const wrongPassword = (n: number): Event[] =>
  [
    'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.9  user=wang',
    'Failed password for wang from 192.0.2.9 port 5 ssh2',
    'Connection closed by authenticating user wang 192.0.2.9 port 5 [preauth]',
  ].map((text, i) => line(n * 20 + i, sshd(1000 + n, text)));

/** The same of a user who does not exist. */
const invalidUser = (user: string, n: number, password: boolean): Event[] =>
  [
    `Invalid user ${user} from 192.0.2.9 port ${40_000 + n}`,
    ...(password
      ? [
          'pam_unix(sshd:auth): check pass; user unknown',
          'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.9',
          `Failed none for invalid user ${user} from 192.0.2.9 port ${40_000 + n} ssh2`,
          `Failed password for invalid user ${user} from 192.0.2.9 port ${40_000 + n} ssh2`,
        ]
      : []),
    `Connection closed by invalid user ${user} 192.0.2.9 port ${40_000 + n} [preauth]`,
  ].map((text, i) => line(n * 20 + i, sshd(1000 + n, text)));

describe('what counts as a failed sign-in', () => {
  it('counts the lines of PAM and sshd about one wrong password once', () => {
    expect(found(bruteForce, times(9, wrongPassword))).toBeUndefined();
    expect(found(bruteForce, times(10, wrongPassword))).toMatchObject({ observed: 10 });
  });

  it('counts every wrong password of one connection', () => {
    const many = times(10, (n) => [line(n * 5, sshd(1000, 'Failed password for wang from 192.0.2.9 port 5 ssh2'))]);
    expect(found(bruteForce, many)).toMatchObject({ observed: 10 });
    const summed = [
      line(0, sshd(1000, 'Failed password for wang from 192.0.2.9 port 5 ssh2')),
      line(9, sshd(1000, 'message repeated 9 times: [ Failed password for wang from 192.0.2.9 port 5 ssh2]')),
      line(
        9,
        sshd(1000, 'error: maximum authentication attempts exceeded for wang from 192.0.2.9 port 5 ssh2 [preauth]'),
      ),
      line(
        9,
        sshd(1000, 'PAM 9 more authentication failures; logname= uid=0 euid=0 tty=ssh rhost=192.0.2.9  user=wang'),
      ),
    ];
    expect(found(bruteForce, summed)).toMatchObject({ observed: 10 });
  });

  it('counts a connection of a host that takes no passwords, and so never writes that one failed', () => {
    const root = (n: number) => [
      line(n * 20, sshd(n, 'Connection closed by authenticating user root 192.0.2.9 port 5 [preauth]')),
    ];
    expect(found(bruteForce, times(10, root))).toMatchObject({ observed: 10, actor: 'root@web01' });
    expect(found(bruteForce, times(9, root))).toBeUndefined();
    const spray = times(15, (n) => invalidUser(`user${n}`, n, false));
    expect(found(passwordSpray, spray)).toMatchObject({ observed: 15 });
    const older = times(15, (n) => [line(n, sshd(n, `Invalid user user${n} from 192.0.2.9`))]);
    expect(found(passwordSpray, older)).toMatchObject({ observed: 15 });
  });

  it('finds a spray at its true number of failures where every attempt leaves five lines', () => {
    const spray = found(
      passwordSpray,
      times(15, (n) => invalidUser(`user${n}`, n, true)),
    );
    expect(spray?.explanation.zh).toContain('共失败 15 次');
    expect(
      found(
        bruteForce,
        times(30, (n) => invalidUser(`user${n}`, n, true)),
      ),
    ).toBeUndefined();
  });

  it('keeps hundreds of connections apart that fail at the same time and end later', () => {
    const keeper: { connections: Connections | null } = { connections: null };
    const added = (text: (n: number) => string) =>
      times(300, (n) => [line(n, sshd(n, text(n)))]).reduce((sum, event) => sum + failuresIn(keeper, event), 0);
    expect(added((n) => `Failed password for invalid user user${n} from 192.0.2.9 port 5 ssh2`)).toBe(300);
    expect(added((n) => `Connection closed by invalid user user${n} 192.0.2.9 port 5 [preauth]`)).toBe(0);
  });

  it('remembers a bounded number of connections', () => {
    const keeper: { connections: Connections | null } = { connections: null };
    let added = 0;
    for (let n = 0; n < 5000; n++)
      added += failuresIn(keeper, line(n, sshd(n, 'Failed password for a from 192.0.2.9 port 5 ssh2')));
    expect(added).toBe(5000);
    expect(Object.keys({ ...keeper.connections!.current, ...keeper.connections!.previous }).length).toBeLessThanOrEqual(
      1024,
    );
  });

  it('counts an attempt that the host’s audit log tells of too once', () => {
    const both = (n: number) => [
      line(n * 20, sshd(n, 'Failed password for wang from 192.0.2.9 port 5 ssh2')),
      line(
        n * 20,
        `<86>Nov 20 12:00:00 web01.gov.example audispd[77]: node=web01.gov.example type=USER_LOGIN msg=audit(1795147200.1:${n}): pid=${n} uid=0 auid=4294967295 ses=4294967295 msg='op=login acct="wang" exe="/usr/sbin/sshd" hostname=? addr=192.0.2.9 terminal=ssh res=failed'`,
        'audit',
      ),
    ];
    expect(found(bruteForce, times(9, both))).toBeUndefined();
    expect(found(bruteForce, times(10, both))).toMatchObject({ observed: 10 });
  });

  it('counts keyboard-interactive attempts once, of which PAM and from the third on sshd itself write an error', () => {
    const connection = (n: number) => [
      ...[0, 1, 2].map((i) => line(n * 60 + i, sshd(n, 'error: PAM: Authentication failure for wang from 192.0.2.9'))),
      ...[1, 2].map((i) =>
        line(n * 60 + i, sshd(n, 'Failed keyboard-interactive/pam for wang from 192.0.2.9 port 5 ssh2')),
      ),
    ];
    expect(found(bruteForce, times(3, connection))).toBeUndefined();
    expect(found(bruteForce, times(4, connection).slice(0, 16))).toMatchObject({ observed: 10 });
  });

  it('does not take a full connection pool for a wrong password', () => {
    const full = times(20, (n) => [
      line(n, `2026-11-20 12:00:00.000 CST [${n}] app@aid FATAL:  too many connections for role "app"`),
    ]);
    expect(found(bruteForce, full)).toBeUndefined();
  });

  it('does not take the process id of an application for a connection', () => {
    const attempt = (n: number, source: string) =>
      line(
        n * 9,
        `{"kind":"sign-in","account":"li.na","clientAddress":"192.0.2.7","outcome":"failure","pid":"1","time":"2026-11-20T12:00:00+08:00"}`,
        source,
      );
    const replicas = times(5, (n) => [attempt(n, 'portal-a'), attempt(n, 'portal-b')]);
    expect(found(bruteForce, replicas)).toMatchObject({ observed: 10 });
  });

  it('comes to the same number when the lines of a connection are mixed up', () => {
    const reversed = times(10, (n) => wrongPassword(n).reverse());
    expect(found(bruteForce, reversed)).toMatchObject({ observed: 10 });
  });

  it('does not take the keys that a client offers by itself for guesses', () => {
    const offers = ['publickey', 'none', 'hostbased', 'gssapi-with-mic'];
    const signIns = times(6, (n) => [
      ...offers.map((method) => line(n * 60, sshd(n, `Failed ${method} for wang from 192.0.2.9 port 5 ssh2`))),
      line(n * 60 + 1, sshd(n, 'Accepted password for wang from 192.0.2.9 port 5 ssh2')),
    ]);
    expect(found(bruteForce, signIns)).toBeUndefined();
  });

  it('does not count scanners that name nobody, nor sessions that end', () => {
    const quiet = times(40, (n) => [
      line(n, sshd(n, 'Connection closed by 192.0.2.9 port 5 [preauth]')),
      line(n, sshd(n, 'Did not receive identification string from 192.0.2.9 port 5')),
      line(n, sshd(n, `Disconnected from user user${n} 192.0.2.9 port 5`)),
      line(n, sshd(n, 'Invalid user  from 192.0.2.9 port 53502')),
    ]);
    expect(found(bruteForce, quiet)).toBeUndefined();
    expect(found(passwordSpray, quiet)).toBeUndefined();
  });
});
