import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { kernelDrops } from '../../src/collectors/udp-drops.ts';
import { Authority } from './certificates.ts';
import { collectorState } from './collector-state.ts';
import { ledgerBalances } from './ledger-balances.ts';
import { accountOf, EVERY_LINE_ONCE, numberedLines } from './numbered-lines.ts';
import { Rsyslogds } from './rsyslogd.ts';
import { StoredEvents, type StoredEvent } from './stored-events.ts';
import { eventually, startWanglou, type RunningWanglou } from './wanglou.ts';

const dir = mkdtempSync(join(tmpdir(), 'wanglou-rsyslog-'));
const authority = new Authority(join(dir, 'certificates'));
const rsyslogds = new Rsyslogds();
let wanglou: RunningWanglou;
let stored: StoredEvents;

beforeAll(async () => {
  const server = authority.issue('wanglou');
  mkdirSync(join(dir, 'registry'));
  writeFileSync(join(dir, 'registry/sources.yaml'), '- { id: portal, certificateSubject: portal-web-01 }\n');
  wanglou = await startWanglou({
    WANGLOU_TLS_CERT: server.cert,
    WANGLOU_TLS_KEY: server.key,
    WANGLOU_TLS_CLIENT_CA: authority.ca,
    WANGLOU_REGISTRY_DIR: join(dir, 'registry'),
  });
  stored = new StoredEvents(wanglou);
});

afterEach(() => rsyslogds.removeAll());

afterAll(async () => {
  await stored.close();
  await wanglou.stop();
  rmSync(dir, { recursive: true });
});

const OLD = 'template="RSYSLOG_TraditionalForwardFormat"';
const NEW = 'template="RSYSLOG_SyslogProtocol23Format"';
const COUNTED = `protocol="tcp" TCP_Framing="octet-counted" ${NEW}`;
/** Room for all lines: a full queue (1,000 unless configured) lets rsyslogd drop a line every two seconds. */
const OWN_QUEUE = 'queue.type="LinkedList" queue.size="100000" action.resumeRetryCount="-1" action.resumeInterval="1"';

const forward = (port: number, more: string): string =>
  `action(type="omfwd" target="127.0.0.1" port="${port}" ${more})`;

const messages = (events: readonly StoredEvent[]): string[] => events.map((event) => event.message);
const formats = (events: readonly StoredEvent[]): string[] => [...new Set(events.map((event) => event.format))];
const faults = (events: readonly StoredEvent[]): string[] => events.map((e) => e.fault).filter((fault) => fault !== '');

/** Parameters of a sender that shows this certificate and expects ours. */
function tls(name: string, issuer = authority): [action: string, options: { globals: string }] {
  const { cert, key } = issuer.issue(name);
  const files = { CAFile: authority.ca, CertFile: cert, KeyFile: key };
  const globals = Object.entries(files).map(([file, path]) => `DefaultNetstreamDriver${file}="${path}"`);
  const driver = 'StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name"';
  return [
    forward(wanglou.ports.syslogTls, `${COUNTED} ${OWN_QUEUE} ${driver} StreamDriverPermittedPeers="wanglou"`),
    { globals: globals.join(' ') },
  ];
}

describe('lines from rsyslogd are stored, each once and unchanged,', () => {
  it('over UDP, in the old format', async () => {
    const lines = numberedLines('rsyslog-udp', 3_000);
    const paced = forward(wanglou.ports.syslog, `protocol="udp" udp.sendDelay="300" ${OLD}`);
    rsyslogds.start(paced).write(lines);
    const events = await stored.arrived('#rsyslog-udp#', lines.length);
    expect(accountOf(lines, messages(events))).toEqual(EVERY_LINE_ONCE);
    expect([formats(events), faults(events)]).toEqual([['rfc3164'], []]);
    const sender = { source: 'udp/127.0.0.1', authenticated: false, host: 'portal-web-01', service: 'portal' };
    expect(events[0]).toMatchObject(sender);
  });

  it('over TCP, one a line', async () => {
    const lines = numberedLines('rsyslog-tcp', 5_000);
    rsyslogds.start(forward(wanglou.ports.syslog, `protocol="tcp" ${OLD} ${OWN_QUEUE}`)).write(lines);
    const events = await stored.arrived('#rsyslog-tcp#', lines.length);
    expect(accountOf(lines, messages(events))).toEqual(EVERY_LINE_ONCE);
    expect([formats(events), faults(events)]).toEqual([['rfc3164'], []]);
  });

  it('over TCP with octet counts, line ends inside them included', async () => {
    const lines = numberedLines('rsyslog-counted', 5_000).map((line) => `${line}\n  at row 1\n\tat row 2`);
    // A record ends when the next begins, the last one after a second.
    const input = 'startmsg.regex="^#rsyslog-counted#" escapeLF="off" readTimeout="1"';
    rsyslogds.start(forward(wanglou.ports.syslog, `${COUNTED} ${OWN_QUEUE}`), { input }).write(lines);
    const events = await stored.arrived('#rsyslog-counted#', lines.length);
    expect(accountOf(lines, messages(events))).toEqual(EVERY_LINE_ONCE);
    expect([formats(events), faults(events)]).toEqual([['rfc5424'], []]);
  });

  it('over TLS, as the source that its certificate proves', async () => {
    const lines = numberedLines('rsyslog-tls', 3_000);
    rsyslogds.start(...tls('portal-web-01')).write(lines);
    const events = await stored.arrived('#rsyslog-tls#', lines.length);
    expect(accountOf(lines, messages(events))).toEqual(EVERY_LINE_ONCE);
    const senders = new Set(events.map(({ source, authenticated }) => `${source} ${authenticated}`));
    expect([...senders]).toEqual(['portal true']);
  });

  it('over TLS, as the name in a certificate that the registry does not know', async () => {
    rsyslogds.start(...tls('new-host')).write(['#rsyslog-new# hello']);
    const [event] = await stored.arrived('#rsyslog-new#', 1);
    expect(event).toMatchObject({ source: 'tls/new-host', authenticated: true, message: '#rsyslog-new# hello' });
  });
});

it('a sender whose certificate nobody vouches for is refused and counted, and its lines stay with it', async () => {
  const before = (await collectorState(wanglou, 'syslog-tls'))!.refused;
  rsyslogds.start(...tls('portal-web-01', new Authority(join(dir, 'stranger')))).write(['#rsyslog-stranger# hello']);
  await eventually(
    async () => (await collectorState(wanglou, 'syslog-tls'))!.refused,
    (refused) => refused > before,
  );
  expect(await stored.count('#rsyslog-stranger#')).toBe(0);
});

describe('when something stands still or ends', () => {
  it('the datagrams that the kernel dropped are counted: received and lost are what was sent', async () => {
    const before = (await collectorState(wanglou, 'syslog-udp'))!;
    const lines = numberedLines('rsyslog-flood', 20_000).map((line) => line.slice(0, 1_000));
    process.kill(wanglou.pids()['pipeline']!, 'SIGSTOP');
    const sender = rsyslogds.start(forward(wanglou.ports.syslog, `protocol="udp" ${OLD}`));
    sender.write(lines);
    await eventually(
      async () => sender.passed(),
      (passed) => passed === lines.length,
    );
    expect(kernelDrops(wanglou.ports.syslog)).toBeGreaterThan(before.lost);
    process.kill(wanglou.pids()['pipeline']!, 'SIGCONT');
    const after = await eventually(
      async () => (await collectorState(wanglou, 'syslog-udp'))!,
      ({ received, lost }) => received + lost >= before.received + before.lost + lines.length,
    );
    const received = after.received - before.received;
    expect(received + after.lost - before.lost).toBe(lines.length);
    expect(await stored.arrived('#rsyslog-flood#', received)).toHaveLength(received);
  });

  it('a forwarder that is started again goes on where it was', async () => {
    const lines = numberedLines('rsyslog-again', 6_000);
    const queue = `${OWN_QUEUE} queue.filename="again" queue.saveOnShutdown="on" queue.timeoutShutdown="10000"`;
    const sender = rsyslogds.start(forward(wanglou.ports.syslog, `${COUNTED} ${queue}`));
    for (let sent = 0; sent < lines.length; sent += 1_500) {
      sender.write(lines.slice(sent, sent + 1_500));
      await stored.arrived('#rsyslog-again#', sent + 1);
      await sender.stop();
      sender.start();
    }
    const events = await stored.arrived('#rsyslog-again#', lines.length);
    expect(accountOf(lines, messages(events))).toEqual(EVERY_LINE_ONCE);
  });

  it('a restart of the collectors loses nothing of a sender that keeps its lines while nobody listens', async () => {
    const lines = numberedLines('rsyslog-restart', 6_000);
    const sender = rsyslogds.start(forward(wanglou.ports.syslog, `${COUNTED} ${OWN_QUEUE} queue.filename="restart"`));
    for (let sent = 0; sent < lines.length; sent += 200) {
      sender.write(lines.slice(sent, sent + 200));
      await stored.arrived('#rsyslog-restart#', Math.min(sent, 1));
      if (sent === 2_000) process.kill(wanglou.pids()['pipeline']!, 'SIGTERM');
    }
    await stored.arrived(`#rsyslog-restart# ${lines.length - 1} `, 1);
    const account = accountOf(lines, messages(await stored.arrived('#rsyslog-restart#', lines.length)));
    // rsyslogd itself repeats a dozen lines: those of the batch that it was sending.
    expect({ ...account, repeated: [] }).toEqual(EVERY_LINE_ONCE);
  });

  it('lines flow again after the collectors were killed, and none is mangled', async () => {
    const before = numberedLines('rsyslog-kill', 1_000);
    const sender = rsyslogds.start(forward(wanglou.ports.syslog, `${COUNTED} ${OWN_QUEUE} queue.filename="kill"`));
    sender.write(before);
    await stored.arrived('#rsyslog-kill#', before.length);
    wanglou.kill('pipeline');
    // What is sent before the sender sees that the connection is broken is lost: plain TCP tells nobody.
    const meanwhile: string[] = [];
    const addOne = async (): Promise<number> => {
      meanwhile.push(...numberedLines('rsyslog-kill', 1, before.length + meanwhile.length));
      sender.write(meanwhile.slice(-1));
      return stored.count('#rsyslog-kill#').catch(() => 0);
    };
    await eventually(addOne, (count) => count > before.length);
    const after = numberedLines('rsyslog-flow', 2_000);
    sender.write(after);
    expect(accountOf(after, messages(await stored.arrived('#rsyslog-flow#', after.length)))).toEqual(EVERY_LINE_ONCE);
    const all = messages(await stored.withMark('#rsyslog-kill#'));
    expect(accountOf([...before, ...meanwhile], all).changed).toEqual([]);
    expect(accountOf(before, all.slice(0, before.length))).toEqual(EVERY_LINE_ONCE);
  });
});

it('leaves a coverage ledger that balances', async () => {
  await ledgerBalances(wanglou);
});
