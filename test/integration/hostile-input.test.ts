import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { connect as connectPlain, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Crowd } from '../fuzz/crowd.ts';
import { LegitimateSender } from '../fuzz/legitimate-sender.ts';
import { Authority } from './certificates.ts';
import { collectorState, intakeHealth } from './collector-state.ts';
import { ledgerBalances } from './ledger-balances.ts';
import { StoredEvents } from './stored-events.ts';
import { eventually, startWanglou, type RunningWanglou } from './wanglou.ts';

const MAX_PER_ADDRESS = 1_100;
const dir = mkdtempSync(join(tmpdir(), 'wanglou-hostile-'));
const authority = new Authority(dir);
const open: Socket[] = [];
let wanglou: RunningWanglou;
let stored: StoredEvents;
let pids: Record<string, number>;
let rounds = 0;
let sentDatagrams = 0;

beforeAll(async () => {
  const { cert, key } = authority.issue('wanglou');
  wanglou = await startWanglou({
    ...{ WANGLOU_TLS_CERT: cert, WANGLOU_TLS_KEY: key },
    WANGLOU_MAX_CONNECTIONS_PER_ADDRESS: String(MAX_PER_ADDRESS),
  });
  stored = new StoredEvents(wanglou);
  pids = wanglou.pids();
});

/** After everything that was done to it, it is as before: ready, the same processes, and lines get through every way in. */
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  const mark = `<normal ${rounds++}>`;
  const { ports } = wanglou;
  (await opened(ports.syslog)).end(`<13>1 - - - - - - ${mark}\n`);
  connectTls({ port: ports.syslogTls, ca: readFileSync(authority.ca), servername: 'localhost' }).end(
    `<13>1 - - - - - - ${mark}\n`,
  );
  datagrams([Buffer.from(`<13>1 - - - - - - ${mark}`)]);
  expect((await ingest(mark)).status).toBe(200);
  const events = await stored.arrived(mark, 4);
  expect(new Set(events.map(({ source }) => source.split('/')[0]))).toEqual(new Set(['tcp', 'tls', 'udp', 'http']));
  expect(await intakeHealth(wanglou)).toEqual({ status: 200, ready: true, problems: [] });
  expect((await fetch(`http://127.0.0.1:${ports.web}/health`)).status).toBe(200);
  expect(wanglou.pids()).toEqual(pids);
});

afterAll(async () => {
  await stored.close();
  await wanglou.stop();
  rmSync(dir, { recursive: true });
});

async function opened(port: number): Promise<Socket> {
  const socket = connectPlain(port, '127.0.0.1');
  open.push(socket);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('error', () => socket.destroy());
  socket.resume();
  return socket;
}

/** Sends the bytes and ends; resolves when the other side has closed too. */
async function throwAt(port: number, bytes: Buffer | string): Promise<void> {
  const socket = await opened(port);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.end(bytes);
  await closed;
}

function datagrams(all: readonly Buffer[]): void {
  const socket = createSocket('udp4');
  let left = all.length;
  sentDatagrams += all.length;
  for (const bytes of all) socket.send(bytes, wanglou.ports.syslog, '127.0.0.1', () => --left === 0 && socket.close());
}

/** As fast as it goes, from a thread of its own: who is beside must not wait for us. */
async function flood(count: number, text: string): Promise<void> {
  sentDatagrams += count;
  const workerData = { count, text, port: wanglou.ports.syslog };
  await once(new Worker(new URL('datagram-flood.ts', import.meta.url), { workerData }), 'exit');
}

async function allDatagramsCounted(): Promise<void> {
  const state = await eventually(
    async () => (await collectorState(wanglou, 'syslog-udp'))!,
    ({ received, refused, lost }) => received + refused + lost >= sentDatagrams,
  );
  expect(state.received + state.refused + state.lost).toBe(sentDatagrams);
}

function ingest(body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${wanglou.ports.intake}/ingest`, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: { authorization: `Bearer ${wanglou.token('ingest')}`, 'content-type': 'application/x-ndjson', ...headers },
  });
}

/** The same noise in every run. */
function noise(seed: number, length: number): Buffer {
  let state = seed;
  return Buffer.from(
    Uint8Array.from({ length }, () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24),
  );
}

const refused = async (name: string): Promise<number> => (await collectorState(wanglou, name))?.refused ?? 0;

describe('whatever bytes come,', () => {
  it('noise on every port harms nothing', async () => {
    const { web, intake, syslog, syslogTls, store } = wanglou.ports;
    for (const port of [web, intake, syslog, syslogTls, store])
      for (let seed = 1; seed <= 5; seed++) await throwAt(port, noise(seed, 200_000));
    await eventually(
      () => refused('syslog-tls'),
      (count) => count >= 5,
    );
    await eventually(
      () => refused('http'),
      (count) => count >= 5,
    );
  });

  it('every datagram of noise is received, or counted as lost', async () => {
    datagrams(Array.from({ length: 1_000 }, (_, i) => noise(i, i % 700)));
    await allDatagramsCounted();
  });

  it('TLS on a plain port and plain text on the TLS port are refused or kept as they are', async () => {
    const { intake, syslog, syslogTls } = wanglou.ports;
    const before = await refused('syslog-tls');
    const hello = connectTls({ port: syslog, servername: 'tls-on-plain.example' });
    hello.on('error', () => hello.destroy()).on('connect', () => hello.destroySoon());
    const failed = new Promise((resolve) => connectTls({ port: intake }).once('error', resolve));
    expect(await failed).toBeInstanceOf(Error);
    await throwAt(syslogTls, '<13>1 - - - - - - <plain on tls>\n');
    await throwAt(syslogTls, 'GET / HTTP/1.1\r\n\r\n');
    await eventually(
      () => refused('syslog-tls'),
      (count) => count >= before + 2,
    );
    expect(await stored.count('<plain on tls>')).toBe(0);
    await stored.arrived('tls-on-plain.example', 1);
  });

  it('a connection that breaks or is never ended keeps nobody waiting, and what came is kept', async () => {
    const { syslog, syslogTls } = wanglou.ports;
    for (let i = 0; i < 50; i++) (await opened(syslogTls)).write(Buffer.from([0x16, 0x03, 0x01]));
    (await opened(syslog)).write('<13>1 - - - - - - <half open>');
    const broken = await opened(syslog);
    broken.write('<13>1 - - - - - - <broken off>');
    await eventually(
      async () => (await collectorState(wanglou, 'syslog-tcp'))!.connections,
      (count) => count >= 2,
    );
    broken.resetAndDestroy();
    const [event] = await stored.arrived('<broken off>', 1);
    expect(event).toMatchObject({ message: '<broken off>', fault: 'connection ended inside the record' });
    expect(await stored.count('<half open>')).toBe(0);
  });

  it('senders that drip their request are let go', async () => {
    const sockets = await Promise.all(Array.from({ length: 200 }, () => opened(wanglou.ports.intake)));
    const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    sockets.forEach((socket) => socket.write('POST /ingest HTTP/1.1\r\nHost: x\r\n'));
    const dripping = setInterval(
      () => sockets.forEach((socket) => socket.writable && socket.write('X-A: b\r\n')),
      1_000,
    );
    expect((await ingest('<while they drip>')).status).toBe(200);
    await Promise.all(closed);
    clearInterval(dripping);
  });

  it('frames of a megabyte are cut, with length and hash of the whole, and the connection goes on', async () => {
    const socket = await opened(wanglou.ports.syslog);
    const long = `<13>1 - - - - - - <long> ${'望'.repeat(350_000)}`;
    const bytes = Buffer.byteLength(long);
    socket.write(`${bytes} ${long}`);
    socket.write(`${long}\n`);
    socket.write('<13>1 - - - - - - <long> next\n');
    const events = await stored.arrived('<long>', 3);
    const fault = `truncated: ${bytes} bytes, sha256 ${createHash('sha256').update(long).digest('hex')}`;
    expect(events.map((event) => event.fault)).toEqual([fault, fault, '']);
    for (const { raw } of events.slice(0, 2)) {
      expect(long.startsWith(raw)).toBe(true);
      expect(65_536 - Buffer.byteLength(raw)).toBeLessThan(3);
    }
    expect(events[2]!.message).toBe('<long> next');
    expect(socket.destroyed).toBe(false);
  });

  it('NUL, terminal escapes and text in GBK can be had back', async () => {
    const socket = await opened(wanglou.ports.syslog);
    const head = Buffer.from('<13>1 - - - - - - <bytes> ');
    const texts = [
      Buffer.from('a\0b\0\0c'),
      Buffer.from('\x1b[2J\x1b]0;owned\x07 \u202e'),
      Buffer.from('b5c7c2bcb3c9b9a6', 'hex'),
      Buffer.from('ff80fe', 'hex'),
    ];
    for (const text of texts) socket.write(Buffer.concat([Buffer.from(`${head.length + text.length} `), head, text]));
    const events = await stored.arrived('<bytes>', texts.length);
    expect(events.map(({ message }) => message)).toEqual([
      '<bytes> a\0b\0\0c',
      '<bytes> \x1b[2J\x1b]0;owned\x07 \u202e',
      '<bytes> 登录成功',
      '<bytes> ÿ\x80þ',
    ]);
    expect(events.map(({ attributes }) => attributes['encoding'])).toEqual([undefined, undefined, 'gb18030', 'latin1']);
  });

  it('counts that are no counts spoil at most their own line', async () => {
    const counts = ['0', '-5', '007', '+9', '99999999999', '5.5', '12abc', '1e3', ' 8'];
    for (const count of counts)
      (await opened(wanglou.ports.syslog)).write(
        `${count} <13>1 - - - - - - spoilt\n<13>1 - - - - - - <count> '${count}'\n`,
      );
    const events = await stored.arrived("<count> '", counts.length);
    expect(events.map(({ message, fault }) => message + fault).sort()).toEqual(
      counts.map((count) => `<count> '${count}'`).sort(),
    );
    const endless = await opened(wanglou.ports.syslog);
    endless.write('9999999999 <13>1 - - - - - - <endless> and on');
    endless.end();
    const [event] = await stored.arrived('<endless>', 1);
    expect(event!.fault).toContain('connection ended inside the record');
  });

  it('a thousand connections at once are all heard', async () => {
    const sockets = await Promise.all(Array.from({ length: 1_000 }, () => opened(wanglou.ports.syslog)));
    const idle = await Promise.all(Array.from({ length: 1_000 }, () => opened(wanglou.ports.intake)));
    sockets.forEach((socket, i) => socket.write(`<13>1 - - - - - - <crowd> ${i}\n`));
    const events = await stored.arrived('<crowd>', sockets.length);
    expect(new Set(events.map(({ message }) => message)).size).toBe(sockets.length);
    expect([...sockets, ...idle].filter((socket) => socket.destroyed)).toEqual([]);
  });
});

describe('more datagrams than can be taken,', () => {
  it('are dropped and counted, and others are answered as ever', async () => {
    const beside = new LegitimateSender(wanglou);
    beside.start();
    await flood(500_000, '<13>Nov 26 10:00:00 web-1 sshd[7]: Failed password for root from 192.0.2.7 port 4711 ssh2');
    await allDatagramsCounted();
    const { mark, sent } = await beside.stop();
    expect(await stored.arrived(mark, sent)).toHaveLength(sent);
  });
});

describe('more lines at once than can be taken,', () => {
  it('wait on their connections, and others are answered as ever', async () => {
    const lines = Buffer.from('<13>1 - web-1 - - - - <many> sign-in of somebody was accepted\n'.repeat(400));
    const sockets = await Promise.all(Array.from({ length: MAX_PER_ADDRESS - 50 }, () => opened(wanglou.ports.syslog)));
    const beside = new LegitimateSender(wanglou);
    beside.start();
    await Promise.all(sockets.map((socket) => new Promise((done) => socket.write(lines, done))));
    for (const socket of sockets) socket.end();
    await Promise.all(sockets.map((socket) => once(socket, 'close')));
    const { mark, sent } = await beside.stop();
    expect(await stored.arrived(mark, sent)).toHaveLength(sent);
  });
});

describe('a crowd of one address,', () => {
  it('silent or dripping, is cut to its share of each port, counted and told of once, and others are heard', async () => {
    const { syslog, intake, web, syslogTls } = wanglou.ports;
    const crowd = new Crowd('127.0.0.2');
    const before = await refused('syslog-tcp');
    const beside = new LegitimateSender(wanglou);
    beside.start();
    await crowd.gather(MAX_PER_ADDRESS + 200, [syslog]);
    await crowd.gather(400, [intake, web, syslogTls]);
    await eventually(
      () => refused('syslog-tcp'),
      (count) => count === before + 200,
    );
    const { mark, sent } = await beside.stop();
    crowd.disperse();
    expect(await stored.arrived(mark, sent)).toHaveLength(sent);
    const log = readFileSync(join(wanglou.dataDir, 'log/pipeline.log'), 'utf8');
    const told = log.split('\n').filter((line) => line.includes('too many connections from this address'));
    expect(told.map((line) => (JSON.parse(line) as { address: string }).address)).toEqual(['127.0.0.2']);
  });
});

describe('whatever bodies come,', () => {
  const peakMb = (): number =>
    Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pids['pipeline']}/status`, 'utf8'))![1]) / 1_024;

  it('those that expand beyond all measure are refused, and many at once take bounded memory', async () => {
    const before = peakMb();
    const send = (body: Buffer, times: number): Promise<number[]> =>
      Promise.all(
        Array.from({ length: times }, async () => (await ingest(body, { 'content-encoding': 'gzip' })).status),
      );
    const refusals = await send(gzipSync(Buffer.alloc(300_000_000)), 40);
    expect(new Set([...refusals, 413, 429])).toEqual(new Set([413, 429]));
    expect(refusals).toContain(413);
    const large = await send(gzipSync('<large> sign-in accepted '.repeat(1_000_000)), 100);
    expect(new Set([...large, 200, 429])).toEqual(new Set([200, 429]));
    expect(large).toContain(200);
    expect(peakMb() - before).toBeLessThan(1_500);
    await stored.arrived('<large>', large.filter((status) => status === 200).length);
  });

  it('JSON that is deep, names prototypes or repeats its keys is kept, and changes nothing', async () => {
    const deep = `{"a":`.repeat(20_000) + '1' + '}'.repeat(20_000);
    const wide = `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":${i}`).join(',')}}`.slice(0, 60_000);
    const hostile = [
      '{"m":"<json>","__proto__":{"account":"evil","message":"evil"},"constructor":{"prototype":{"user":"evil"}}}',
      '{"m":"<json>","user":"first","user":"second"}',
      `{"m":"<json>","deep":${deep}`,
      `{"m":"<json>",${wide.slice(1)}`,
      '{"m":"<json>","n":1e999,"z":-0,"big":123456789012345678901234567890,"s":"\\ud800"}',
    ];
    const answer = await ingest(hostile.join('\n'));
    expect([answer.status, await answer.json()]).toMatchObject([200, { accepted: hostile.length, rejected: 0 }]);
    const events = await stored.arrived('<json>', hostile.length);
    expect(events).toHaveLength(hostile.length);
    const [plain] = await stored.arrived('<json>', 1);
    expect(plain!.message).not.toBe('evil');
    await ingest('{"m":"<after json>"}');
    const [after] = await stored.arrived('<after json>', 1);
    expect(after!.attributes).not.toHaveProperty('user');
  });
});

it('leaves a coverage ledger that balances', async () => {
  await ledgerBalances(wanglou);
});
