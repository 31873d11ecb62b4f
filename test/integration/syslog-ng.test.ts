import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Authority } from './certificates.ts';
import { ledgerBalances } from './ledger-balances.ts';
import { accountOf, EVERY_LINE_ONCE, numberedLines } from './numbered-lines.ts';
import { StoredEvents, type StoredEvent } from './stored-events.ts';
import { SyslogNg } from './syslog-ng.ts';
import { startWanglou, type RunningWanglou } from './wanglou.ts';

const dir = mkdtempSync(join(tmpdir(), 'wanglou-syslog-ng-'));
const authority = new Authority(dir);
let wanglou: RunningWanglou;
let stored: StoredEvents;
let sender: SyslogNg;

beforeAll(async () => {
  const { cert, key } = authority.issue('wanglou');
  wanglou = await startWanglou({ WANGLOU_TLS_CERT: cert, WANGLOU_TLS_KEY: key });
  stored = new StoredEvents(wanglou);
});

afterEach(() => sender.remove());

afterAll(async () => {
  await stored.close();
  await wanglou.stop();
  rmSync(dir, { recursive: true });
});

function start(destination: string): SyslogNg {
  sender = new SyslogNg(destination);
  sender.start();
  return sender;
}

const messages = (events: readonly StoredEvent[]): string[] => events.map(({ message }) => message);
/** Values longer than 16 Ki characters are whole only in the original. */
const messagesInJson = (events: readonly StoredEvent[]): string[] =>
  events.map(({ raw }) => (JSON.parse(raw) as { message: string }).message);

function http(path: string, body: string): string {
  return `http(url("http://127.0.0.1:${wanglou.ports.intake}${path}") method("POST")
    headers("Authorization: Bearer ${wanglou.token('ingest')}", "Content-Type: application/x-ndjson")
    body("${body}") batch-lines(200) batch-timeout(200) workers(3));`;
}

describe('lines from syslog-ng are stored, each once and unchanged,', () => {
  it('over TCP in the old format', async () => {
    const lines = numberedLines('sng-old', 4_000);
    start(`network("127.0.0.1" port(${wanglou.ports.syslog}) transport("tcp"));`).write(lines);
    const events = await stored.arrived('#sng-old#', lines.length);
    expect(accountOf(lines, messages(events))).toEqual(EVERY_LINE_ONCE);
    expect(events[0]).toMatchObject({ format: 'rfc3164', fault: '', service: 'portal', source: 'tcp/127.0.0.1' });
  });

  it('over TCP with octet counts', async () => {
    const lines = numberedLines('sng-new', 4_000);
    start(`syslog("127.0.0.1" port(${wanglou.ports.syslog}) transport("tcp"));`).write(lines);
    const events = await stored.arrived('#sng-new#', lines.length);
    expect(accountOf(lines, messages(events))).toEqual(EVERY_LINE_ONCE);
    expect(events[0]).toMatchObject({ format: 'rfc5424', fault: '', service: 'portal' });
    expect(events[0]!.attributes['meta.sequenceId']).toBe('1');
  });

  it('over TLS, from a sender without a certificate', async () => {
    const lines = numberedLines('sng-tls', 3_000);
    const tls = `tls(ca-file("${authority.ca}") peer-verify(required-trusted))`;
    start(`syslog("localhost" port(${wanglou.ports.syslogTls}) ip-protocol(4) transport("tls") ${tls});`).write(lines);
    const events = await stored.arrived('#sng-tls#', lines.length);
    expect(accountOf(lines, messages(events))).toEqual(EVERY_LINE_ONCE);
    expect(events[0]).toMatchObject({ source: 'tls/127.0.0.1', authenticated: false });
  });

  it('over /ingest, also when the collectors are killed in the middle', async () => {
    const lines = numberedLines('sng-http', 6_000);
    const one = start(http('/ingest', '$(format-json id=$UNIQID message=$MSG host=$HOST)'));
    one.write(lines.slice(0, 2_000));
    await stored.arrived('#sng-http#', 1);
    wanglou.kill('pipeline');
    one.write(lines.slice(2_000));
    const events = await stored.arrived('#sng-http#', lines.length);
    expect(accountOf(lines, messagesInJson(events))).toEqual(EVERY_LINE_ONCE);
    expect(events[0]).toMatchObject({ source: 'http/127.0.0.1', authenticated: true, fault: '' });
  });

  it('over _bulk', async () => {
    const lines = numberedLines('sng-bulk', 2_000);
    const action = '$(format-json index._index=logs)';
    start(http('/_bulk', `${action}\\n$(format-json message=$MSG host.name=$HOST)\\n`)).write(lines);
    const events = await stored.arrived('#sng-bulk#', lines.length);
    expect(accountOf(lines, messagesInJson(events))).toEqual(EVERY_LINE_ONCE);
  });
});

it('leaves a coverage ledger that balances', async () => {
  await ledgerBalances(wanglou);
});
