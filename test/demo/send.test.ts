import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { dayLines } from '../../demo/day.ts';
import type { Line } from '../../demo/line.ts';
import { buildPlatform } from '../../demo/platform.ts';
import { Sender, type Target } from '../../demo/send.ts';

const platform = buildPlatform(7, '2026-11-20');
const fromMs = Date.parse('2026-11-20T10:00:00+08:00');

function someLines(count: number): Line[] {
  const lines: Line[] = [];
  for (const line of dayLines(platform, '2026-11-20', { volume: 60_000, fromMs })) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return lines;
}

/** Ports that count lines: syslog over TCP and UDP on one port, and an HTTP intake that answers as it is told. */
class Ports {
  readonly tcp: string[] = [];
  readonly udp: string[] = [];
  readonly ingest = new Map<string, string[]>();
  readonly bulk = new Map<string, string>();
  readonly statuses: number[] = [];
  #servers: { close(): unknown }[] = [];

  async open(): Promise<Target> {
    const syslog = createServer((socket) => {
      let text = '';
      socket.setEncoding('utf8').on('data', (part: string) => (text += part));
      socket.on('close', () => this.tcp.push(...unframed(text)));
    });
    const port = await listening(syslog);
    const datagrams = createSocket('udp4', (message) => this.udp.push(message.toString()));
    datagrams.bind(port, '127.0.0.1');
    await once(datagrams, 'listening');
    const http = createHttpServer((request, response) => {
      void this.#answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'retry-after': '0' }).end(body);
      });
    });
    const intake = await listening(http);
    this.#servers = [syslog, datagrams, http];
    return { host: '127.0.0.1', ports: { syslog: port, intake }, token: 'secret' };
  }

  close(): void {
    for (const server of this.#servers) server.close();
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
    let text = '';
    for await (const part of request.setEncoding('utf8')) text += String(part);
    if (request.headers.authorization !== 'Bearer secret') return { status: 401, body: '' };
    const status = this.statuses.shift() ?? 200;
    if (status !== 200) return { status, body: '' };
    if (request.url === '/ingest') {
      this.ingest.set(String(request.headers['idempotency-key']), text.trimEnd().split('\n'));
      return { status, body: '{}' };
    }
    const lines = text.trimEnd().split('\n');
    const items: object[] = [];
    for (let i = 0; i < lines.length; i += 2) {
      const { create } = JSON.parse(lines[i]!) as { create: { _id: string } };
      this.bulk.set(create._id, lines[i + 1]!);
      items.push({ create: { status: 201 } });
    }
    return { status, body: JSON.stringify({ errors: false, items }) };
  }
}

async function listening(server: Server | HttpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function unframed(text: string): string[] {
  const lines: string[] = [];
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    const isCounted = bytes[0] !== 60;
    const end = bytes.indexOf(isCounted ? 32 : 10);
    const count = isCounted ? Number(bytes.subarray(0, end).toString()) : end;
    const start = isCounted ? end + 1 : 0;
    lines.push(bytes.subarray(start, start + count).toString());
    bytes = bytes.subarray(start + count + (isCounted ? 0 : 1));
  }
  return lines;
}

describe('the sender', () => {
  const ports = new Ports();
  afterEach(() => ports.close());

  it('brings every line to its port once, also when batches are refused at first', async () => {
    const target = await ports.open();
    ports.statuses.push(429, 503);
    const lines = someLines(3_000);
    const sender = new Sender(target, 'test');
    const sent = await sender.send(lines, { speed: () => Infinity });
    await sender.stop();
    await new Promise((resolve) => setTimeout(resolve, 50));

    const by = (transport: string): string[] =>
      lines.filter((line) => line.transport === transport).map((line) => line.line);
    expect(sent).toMatchObject({ lines: lines.length, acknowledged: lines.length });
    expect([...ports.ingest.values()].flat().sort()).toEqual(by('ingest').sort());
    expect([...ports.bulk.values()].sort()).toEqual(by('bulk').sort());
    expect(ports.udp.sort()).toEqual(by('syslog-udp').sort());
    const files = by('file');
    const tcp = ports.tcp.map((line) => files.find((file) => line.endsWith(file)) ?? line);
    expect(tcp.sort()).toEqual([...by('syslog-tcp'), ...files].sort());
  });
});

describe('the pace', () => {
  it('keeps to simulated time, and stops at the signal', async () => {
    const ports = new Ports();
    const target = await ports.open();
    const stop = new AbortController();
    const sender = new Sender({ ...target, signal: stop.signal }, 'test');
    const seen: Line[] = [];
    const sending = sender.send(someLines(5_000), {
      speed: () => 1,
      onLine: (line) => {
        seen.push(line);
        if (seen.length === 2) stop.abort();
      },
    });
    const sent = await sending;
    await sender.stop();
    ports.close();
    expect(sent.lines).toBe(2);
  });
});
