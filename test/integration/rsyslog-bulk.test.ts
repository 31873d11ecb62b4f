import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HttpIntake } from '../../src/collectors/http-intake.ts';
import { fullLog, identify, intakeOn, MemoryLog } from '../collectors/doubles.ts';
import { ledgerBalances } from './ledger-balances.ts';
import { accountOf, EVERY_LINE_ONCE, numberedLines } from './numbered-lines.ts';
import { Rsyslogds } from './rsyslogd.ts';
import { StoredEvents } from './stored-events.ts';
import { eventually, startWanglou, type RunningWanglou } from './wanglou.ts';

const rsyslogds = new Rsyslogds();
let wanglou: RunningWanglou;
let stored: StoredEvents;

beforeAll(async () => {
  wanglou = await startWanglou();
  stored = new StoredEvents(wanglou);
});

afterEach(() => rsyslogds.removeAll());

afterAll(async () => {
  await stored.close();
  await wanglou.stop();
});

/** As documentation shows it, with small batches. */
function bulk(port: number, token: string, more = ''): string {
  return `module(load="omelasticsearch")
    template(name="document" type="list" option.jsonf="on") {
      property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
      property(outname="message" name="msg" format="jsonf")
      property(outname="host" name="hostname" format="jsonf")
    }
    template(name="id" type="string" string="%uuid%")
    action(type="omelasticsearch" server="127.0.0.1" serverport="${port}" uid="rsyslog" pwd="${token}"
      template="document" searchIndex="logs" searchType="" bulkmode="on" queue.type="LinkedList"
      queue.size="100000" queue.dequeueBatchSize="200" action.resumeRetryCount="-1" action.resumeInterval="1" ${more})`;
}

const WITH_IDS = 'bulkid="id" dynbulkid="on" writeoperation="create"';

/** The text of each document; values longer than 16 Ki characters are whole only in the original. */
const messageIn = (raw: string): string => (JSON.parse(raw) as { message: string }).message;

async function messages(mark: string, expected: number): Promise<string[]> {
  return (await stored.arrived(mark, expected)).map(({ raw }) => messageIn(raw));
}

describe('documents that rsyslogd sends to _bulk', () => {
  it('are stored, each once and unchanged', async () => {
    const lines = numberedLines('bulk', 5_000);
    rsyslogds.start(bulk(wanglou.ports.intake, wanglou.token('ingest'))).write(lines);
    expect(accountOf(lines, await messages('#bulk#', lines.length))).toEqual(EVERY_LINE_ONCE);
    const [event] = await stored.withMark('#bulk# 0 ');
    const sender = { source: 'http/127.0.0.1', authenticated: true, host: 'portal-web-01', fault: '' };
    expect(event).toMatchObject({ ...sender, message: lines[0] });
  });

  it('are stored once also when the collectors are killed in the middle and all without an answer come again', async () => {
    const lines = numberedLines('killed', 6_000);
    const sender = rsyslogds.start(bulk(wanglou.ports.intake, wanglou.token('ingest'), WITH_IDS));
    for (let sent = 0; sent < lines.length; sent += 1_000) {
      sender.write(lines.slice(sent, sent + 1_000));
      if (sent > 0) await stored.arrived('#killed#', sent - 1_000);
      if (sent === 2_000) wanglou.kill('pipeline');
    }
    expect(accountOf(lines, await messages('#killed#', lines.length))).toEqual(EVERY_LINE_ONCE);
  });

  it('are kept by the sender while nothing can be made durable, and taken afterwards', async () => {
    const log = new MemoryLog();
    const intake = intakeOn(log, { limits: { maxWaitMs: 200 } });
    const options = { intake, identify, host: '127.0.0.1', port: 0, maxBodyBytes: 33_554_432 };
    const http = new HttpIntake({ ...options, authorize: () => ({ source: 'x' }), health: () => ({ ready: true }) });
    await http.start();
    const lines = numberedLines('full', 2_000);
    log.failure = fullLog();
    rsyslogds.start(bulk(http.port, 'token', WITH_IDS)).write(lines);
    await eventually(
      async () => http.status().refused,
      (refused) => refused >= 3,
    );
    log.failure = undefined;
    await eventually(
      async () => new Set(log.raws()).size,
      (taken) => taken >= lines.length,
    );
    const once = new Map(log.events().map(({ id, raw }) => [id, messageIn(raw)]));
    expect(accountOf(lines, [...once.values()])).toEqual(EVERY_LINE_ONCE);
    await http.stop();
  });
});

it('leaves a coverage ledger that balances', async () => {
  await ledgerBalances(wanglou);
});
