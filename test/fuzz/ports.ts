import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { openApi } from '../../src/api/description/openapi.ts';
import type { RunningWanglou } from '../integration/wanglou.ts';
import { logLines, ownJson } from './targets/corpora.ts';

/** A port of a running platform, to throw damaged inputs at. */
export interface Port {
  corpus: readonly Buffer[];
  /** Sends all of them at once; resolves when they have been answered or taken. Throws when the port does not live up to it. */
  send(inputs: readonly Buffer[]): Promise<void>;
  stop?(): void;
}

const ANSWER_MS = 60_000;
const RAW_EVERY = 8;
/** None is the legitimate sender's. One alone would soon have no port left that is not in TIME_WAIT. */
const ATTACKERS = 32;

export const PORTS: Readonly<Record<string, (wanglou: RunningWanglou) => Port>> = {
  'port-udp': udpPort,
  'port-tcp': (wanglou) => streamPort(() => plainSocket(wanglou.ports.syslog)),
  'port-tls': tlsPort,
  'port-ingest': (wanglou) =>
    httpPort(wanglou.ports.intake, 'POST /ingest', wanglou.token('ingest'), 'application/x-ndjson', [
      ...ownJson(),
      ...logLines().slice(0, 60).map(String),
    ]),
  'port-bulk': (wanglou) =>
    httpPort(wanglou.ports.intake, 'POST /logs/_bulk', wanglou.token('ingest'), 'application/x-ndjson', [
      `{"index":{"_id":"1"}}\n${ownJson()[0]!}\n{"create":{}}\n${ownJson()[1]!}\n`,
      `{"delete":{"_id":"1"}}\n{"index":{}}\n${ownJson()[0]!}\n`,
    ]),
  'port-web': webPort,
  'port-feed': feedPort,
};

function udpPort(wanglou: RunningWanglou): Port {
  const socket = createSocket('udp4');
  return {
    corpus: logLines(),
    send: async (inputs) => {
      const sent = inputs.map(
        (input) =>
          new Promise<void>((done) => {
            socket.send(input.subarray(0, 60_000), wanglou.ports.syslog, '127.0.0.1', () => done());
          }),
      );
      await Promise.all(sent);
      await setImmediate(); // the sends alone would never let another one of us have its turn
    },
    stop: () => void socket.close(),
  };
}

let connections = 0;

function plainSocket(port: number): Socket {
  const localAddress = `127.0.0.${2 + (connections++ % ATTACKERS)}`;
  return connect({ port, host: '127.0.0.1', localAddress });
}

function tlsPort(wanglou: RunningWanglou): Port {
  let n = 0;
  return streamPort(() =>
    ++n % RAW_EVERY === 0
      ? plainSocket(wanglou.ports.syslogTls) // bytes that are no TLS
      : connectTls({ port: wanglou.ports.syslogTls, host: '127.0.0.1', rejectUnauthorized: false }),
  );
}

/** All inputs one after the other on one connection, which then ends cleanly or not. */
function streamPort(open: () => Socket): Port {
  let n = 0;
  return {
    corpus: logLines().flatMap((line) => [
      Buffer.concat([line, Buffer.from('\n')]),
      Buffer.concat([Buffer.from(`${line.length} `), line]),
    ]),
    send: (inputs) =>
      within(
        new Promise<void>((done) => {
          const socket = open();
          socket.once('close', () => done()).on('error', () => socket.destroy());
          socket.resume();
          const end = (): void => {
            if (++n % 2 === 0) socket.destroy();
            else socket.end();
          };
          socket.write(Buffer.concat(inputs), end);
        }),
      ),
  };
}

/** Bodies, and now and then a whole request, that are damaged. */
function httpPort(port: number, line: string, token: string, type: string, bodies: readonly string[]): Port {
  const head = `${line} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${token}\r\ncontent-type: ${type}\r\nconnection: close\r\n`;
  const whole = bodies.map((body) => Buffer.from(body));
  let n = 0;
  return {
    corpus: whole,
    send: async (inputs) => {
      const requests = inputs.map((input) =>
        ++n % RAW_EVERY === 0
          ? Buffer.concat([Buffer.from(head.slice(0, n % head.length)), input])
          : Buffer.concat([Buffer.from(`${head}content-length: ${input.length}\r\n\r\n`), input]),
      );
      await Promise.all(requests.map((request) => answered(port, request)));
    },
  };
}

/** Requests to every route of the API's description, as a script's token asks them. */
function webPort(wanglou: RunningWanglou): Port {
  const { paths } = openApi() as { paths: Record<string, Record<string, unknown>> };
  const requests = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => {
      const url = path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'list' ? 'assets' : 'people'));
      return `${method.toUpperCase()} ${url}?limit=5&from=2026-11-20T00:00:00Z&text=a&dryRun=true {"id":"people","reason":"a","days":1}`;
    }),
  );
  return {
    corpus: requests.map((request) => Buffer.from(request)),
    send: async (inputs) => {
      const token = wanglou.token('api');
      await Promise.all(inputs.map((input) => answered(wanglou.ports.web, asRequest(input, token))));
    },
  };
}

/** `METHOD target body`, with what can not be in a request line written as percent signs. */
function asRequest(input: Buffer, token: string): Buffer {
  const [method = 'GET', target = '/'] = input.toString('latin1', 0, 8_000).split(' ', 2);
  const body = input.subarray(method.length + target.length + 2);
  const safe = target.replace(/[^\x21-\x7e]/g, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
  const line = `${method.replace(/[^A-Z]/g, '') || 'GET'} ${safe.startsWith('/') ? safe : `/${safe}`} HTTP/1.1`;
  const headers = `host: a\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\nconnection: close`;
  return Buffer.concat([Buffer.from(`${line}\r\n${headers}\r\ncontent-length: ${body.length}\r\n\r\n`), body]);
}

/** What clients of the live feed may send once they are connected: nothing, but they do. */
function feedPort(wanglou: RunningWanglou): Port {
  const frame = (opcode: number, text: string): Buffer =>
    Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
  return {
    corpus: [frame(1, 'hello'), frame(9, 'ping'), frame(10, ''), frame(8, '\x03\xe8'), frame(2, '\x00'), frame(0, 'x')],
    send: async (inputs) => {
      const token = wanglou.token('api');
      const upgrade =
        'GET /feed?topics=health HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\n' +
        `sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nauthorization: Bearer ${token}\r\n\r\n`;
      await Promise.all(inputs.map((input) => upgraded(wanglou.ports.web, upgrade, input)));
    },
  };
}

/** Sends frames once the server has changed to WebSocket; the server has a moment to answer them. */
function upgraded(port: number, upgrade: string, frames: Buffer): Promise<void> {
  return within(
    new Promise<void>((done, fail) => {
      const socket = plainSocket(port);
      socket.once('close', () => done()).on('error', () => socket.destroy());
      socket.once('data', (head: Buffer) => {
        if (!head.toString('latin1').startsWith('HTTP/1.1 101')) fail(new Error(head.toString('latin1', 0, 200)));
        socket.resume();
        socket.write(frames, () => setTimeout(() => socket.destroy(), 5));
      });
      socket.write(upgrade);
    }),
  );
}

/** Resolves when the connection has ended; no answer may be a fault of ours: 5xx, but for "not now". */
function answered(port: number, request: Buffer): Promise<void> {
  return within(
    new Promise<void>((done, fail) => {
      const socket = plainSocket(port);
      let head = '';
      socket.on('data', (bytes: Buffer) => {
        if (head.length < 400) head += bytes.toString('latin1');
      });
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
        if (status >= 500 && status !== 503) fail(new Error(`answered ${head.slice(0, 400)}`));
        else done();
      });
      // A request that is cut short is ended by us: nobody waits for the rest of it here.
      socket.write(request, () => socket.end());
    }),
  );
}

async function within(promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS} ms`)), ANSWER_MS);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
