import { connect } from 'node:net';
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HttpIntake } from '../../src/collectors/http-intake.ts';
import { WanglouError } from '../../src/errors.ts';
import type { IngestAnswer } from '../../src/collectors/ingest-route.ts';
import type { EventIntake } from '../../src/collectors/intake.ts';
import { fullLog, identify, intakeOn, MemoryLog } from './doubles.ts';

const TOKEN = 'wlk_test';
const MAX_BODY = 2_000_000;

let log: MemoryLog;
let intake: EventIntake;
let http: HttpIntake;
let ready = true;

beforeEach(async () => {
  ready = true;
  log = new MemoryLog();
  intake = intakeOn(log, { limits: { maxWaitMs: 1_000, maxPendingBytes: 20_000_000 } });
  http = new HttpIntake({
    intake,
    identify,
    authorize: (header) => (header === `Bearer ${TOKEN}` ? { source: '' } : undefined),
    health: () => ({ ready }),
    host: '127.0.0.1',
    port: 0,
    maxBodyBytes: MAX_BODY,
    requestTimeoutMs: 1_000,
  });
  await http.start();
});

afterEach(async () => {
  log.failure = undefined;
  log.gate = undefined;
  await http.stop();
});

type Sent = Parameters<typeof fetch>[1];

async function call(method: string, path: string, options: Sent = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${TOKEN}`, ...(options?.headers as Record<string, string>) };
  return fetch(`http://127.0.0.1:${http.port}${path}`, { method, ...options, headers });
}

async function ingest(body: string | Buffer, headers: Record<string, string> = {}): Promise<[number, IngestAnswer]> {
  const response = await call('POST', '/ingest', {
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  });
  return [response.status, (await response.json()) as IngestAnswer];
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('POST /ingest', () => {
  it('answers 200 with the number of records when they are durable', async () => {
    const [status, result] = await ingest('{"a":1}\n{"a":2}\r\n\n{"a":3}');
    expect([status, result]).toEqual([200, { accepted: 3, rejected: 0, unparsed: 0, errors: [] }]);
    expect(log.raws()).toEqual(['{"a":1}', '{"a":2}', '{"a":3}']);
    expect(log.events()[0]).toMatchObject({ source: 'http/127.0.0.1', authenticated: true });
  });

  it('takes a JSON array, whatever is in it, and one object over several lines', async () => {
    expect((await ingest('[{"a":"]},\\""}, "a line", 7 ,[1]]', JSON_TYPE))[1].accepted).toBe(4);
    expect((await ingest('{\n  "b": 1\n}\n', JSON_TYPE))[1].accepted).toBe(1);
    expect((await ingest('{"c":1}{"c":2} {"c":\n3}', JSON_TYPE))[1].accepted).toBe(3);
    expect((await ingest('[]', JSON_TYPE))[0]).toBe(200);
    expect(log.raws()).toEqual([
      '{"a":"]},\\""}',
      'a line',
      '7',
      '[1]',
      '{\n  "b": 1\n}',
      '{"c":1}',
      '{"c":2}',
      '{"c":\n3}',
    ]);
  });

  it('takes plain lines, and tells them from an array when no type is stated', async () => {
    await ingest('[Sun Dec 04 04:47:44 2026] [notice] ready\n<34>1 line\n', { 'content-type': '' });
    await ingest('[{"a":1}]', { 'content-type': 'application/x-www-form-urlencoded' });
    await ingest('[1]\n[2]', { 'content-type': 'text/plain' });
    expect(log.raws()).toEqual(['[Sun Dec 04 04:47:44 2026] [notice] ready', '<34>1 line', '{"a":1}', '[1]', '[2]']);
  });

  it('keeps records that can not be read and says which', async () => {
    const [status, result] = await ingest('{"a":1}\n!torn\n{"a":2}');
    expect(status).toBe(200);
    expect(result).toMatchObject({ accepted: 3, rejected: 0, unparsed: 1 });
    expect(result.errors).toEqual([expect.objectContaining({ index: 1, kept: true, reason: 'not readable' })]);
  });

  it('takes what is before a break in an array and answers 207 with place and reason', async () => {
    const [status, result] = await ingest('[{"望":1},{"a":2},{"a":', JSON_TYPE);
    expect(status).toBe(207);
    expect(result).toMatchObject({ accepted: 2, rejected: 1 });
    expect(result.errors[0]).toMatchObject({ index: 2, kept: false, code: 'WL_BODY_INVALID' });
    expect(result.errors[0]!.reason).toMatch(/^byte 19: /);
    expect(log.raws()).toEqual(['{"望":1}', '{"a":2}']);
    expect(intake.tally().sources[0]!.refused).toEqual({ 'body broken in the middle': 1 });
  });

  it.each([
    ['an empty body', '', {}],
    ['white space', ' \n ', {}],
    ['an object that ends inside', '{"a":', JSON_TYPE],
    ['an array that ends inside its first element', '[{"a":1', JSON_TYPE],
    ['no gzip', 'plain', { 'content-encoding': 'gzip' }],
  ])('answers 400 to %s and takes nothing', async (_, body, headers) => {
    const [status, result] = await ingest(body, headers);
    expect([status, result]).toMatchObject([400, { code: 'WL_BODY_INVALID' }]);
    expect(log.raws()).toEqual([]);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['zstd', zstdCompressSync],
  ])('takes %s', async (encoding, compress) => {
    const [status] = await ingest(compress(Buffer.from('{"a":1}\n{"a":2}')), { 'content-encoding': encoding });
    expect(status).toBe(200);
    expect(log.raws()).toEqual(['{"a":1}', '{"a":2}']);
  });

  it('answers 413 to large bodies, stated, streamed or expanding', async () => {
    const large = Buffer.alloc(MAX_BODY + 1, 'x');
    expect((await ingest(large))[0]).toBe(413);
    const chunks = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let i = 0; i < 40; i++) controller.enqueue(new Uint8Array(65_536).fill(120));
        controller.close();
      },
    });
    const streamed = await call('POST', '/ingest', { body: chunks, duplex: 'half' }).catch(() => undefined);
    expect(streamed?.status ?? 413).toBe(413);
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect((await ingest(bomb, { 'content-encoding': 'gzip' }))[0]).toBe(413);
    const tinyBomb = zstdCompressSync(Buffer.alloc(1_900_000));
    expect((await ingest(tinyBomb, { 'content-encoding': 'zstd' }))[0]).toBe(413);
    expect(log.raws()).toEqual([]);
  });

  it('answers 415 to unknown encodings, 401 without a token, 404 elsewhere', async () => {
    expect((await ingest('x', { 'content-encoding': 'br' }))[0]).toBe(415);
    const [status, result] = await ingest('{"a":1}', { authorization: 'Bearer wlk_wrong' });
    expect([status, result]).toMatchObject([401, { code: 'WL_UNAUTHORIZED' }]);
    expect((await call('GET', '/ingest')).status).toBe(404);
    expect(log.raws()).toEqual([]);
  });

  it('answers 503 with Retry-After while nothing can be made durable', async () => {
    log.failure = fullLog();
    const first = await call('POST', '/ingest', { body: '{"a":1}' });
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await first.json()).toMatchObject({ code: 'WL_LOG_FULL' });
    const atTheDoor = await call('POST', '/ingest', { body: '{"a":2}' });
    expect(atTheDoor.status).toBe(503);
    log.failure = undefined;
    await expect.poll(() => intake.pressure(), { timeout: 5_000 }).toBe('none');
    expect(log.raws()).toEqual(['{"a":1}']);
  });

  it('answers 429 with Retry-After when too much is pending', async () => {
    let open = (): void => {};
    log.gate = new Promise((resolve) => (open = resolve));
    const stream = intake.open(
      identify({
        collector: 'x',
        protocol: 'x',
        address: '',
        certificateSubject: '',
        boundSource: 'x',
        hasToken: true,
      }),
    );
    for (let i = 0; i < 200; i++) stream.accept('x'.repeat(60_000), '');
    const refused = await call('POST', '/ingest', { body: '{"a":1}' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    open();
    const again = async () => (await call('POST', '/ingest', { body: '{"a":1}' })).status;
    await expect.poll(again, { timeout: 4_000 }).toBe(200);
  });

  it('makes a repeated batch the same events by Idempotency-Key, and a repeated record by its id', async () => {
    const key = { 'idempotency-key': 'batch-7' };
    for (let i = 0; i < 2; i++) await ingest('{"a":1}\n{"a":1}', key);
    for (let i = 0; i < 2; i++) await ingest('{"x":{"id":"inner"},"id": "e-1"}\n{"id":42}\n{"s":"\\"id\\":1"}');
    const ids = log.events().map((event) => event.id);
    expect(ids.slice(0, 2)).toEqual(ids.slice(2, 4));
    expect(ids[0]).not.toBe(ids[1]);
    expect(ids.slice(4, 6)).toEqual(ids.slice(7, 9));
    expect(ids[6]).not.toBe(ids[9]);
  });

  it('does not take two records for one because they share the id of a thing', async () => {
    await ingest('{"id":"case-1","action":"read"}\n{"id":"case-1","action":"export"}');
    expect(new Set(log.events().map((event) => event.id)).size).toBe(2);
  });

  it('survives hostile JSON', async () => {
    const deep = '['.repeat(400_000);
    const [status] = await ingest(`{"a":1}\n${deep}\n{"__proto__":{"x":1}}\n{"a":1,"a":2}`);
    expect(status).toBe(200);
    expect(log.raws().length).toBe(4);
    expect((await ingest(deep, JSON_TYPE))[0]).toBe(400);
  });

  it('takes bytes that are no UTF-8', async () => {
    await ingest(Buffer.from([0xb5, 0xc7, 0xc2, 0xbc, 0x0a, 0x41]));
    expect(log.raws()).toEqual(['登录', 'A']);
    expect(log.events()[0]!.attributes).toEqual(['encoding', 'gb18030']);
  });

  it('lists at most 100 errors', async () => {
    const [, result] = await ingest('!bad\n'.repeat(500));
    expect([result.unparsed, result.errors.length]).toEqual([500, 100]);
  });

  it('lets go of a sender that never finishes its request', async () => {
    const socket = connect(http.port, '127.0.0.1');
    socket.write(
      'POST /ingest HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wlk_test\r\nContent-Length: 100\r\n\r\n{"a"',
    );
    let answered = '';
    socket.on('data', (chunk) => (answered += chunk.toString()));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(answered).toMatch(/^HTTP\/1.1 408/);
    expect(log.raws()).toEqual([]);
  }, 15_000);
});

describe('GET /health', () => {
  it('needs no token and says 200 or 503', async () => {
    const ask = async (): Promise<number> => (await fetch(`http://127.0.0.1:${http.port}/health`)).status;
    expect(await ask()).toBe(200);
    ready = false;
    expect(await ask()).toBe(503);
  });
});

it('answers nothing whose type a browser may guess, also when it refuses', async () => {
  for (const path of ['/health', '/ingest', '/_bulk', '/nothing']) {
    const { headers } = await call('POST', path, { body: '<script>', headers: { authorization: 'Bearer wrong' } });
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
  }
});

describe('Elasticsearch _bulk', () => {
  interface BulkAnswer {
    errors: boolean;
    items: Record<string, { status: number; _index: string; _id: string; error?: { type: string } }>[];
  }

  async function bulk(body: string, path = '/_bulk'): Promise<[number, BulkAnswer]> {
    const response = await call('POST', path, { body, headers: { 'content-type': 'application/x-ndjson' } });
    return [response.status, (await response.json()) as BulkAnswer];
  }

  it('takes index and create, with blank lines between the pairs', async () => {
    const [status, answer] = await bulk(
      '{"index":{"_index":"a"}}\n{"m":1}\n\n\n{"create":{"_id":"x"}}\n{"m":2}\n',
      '/b/_bulk',
    );
    expect(status).toBe(200);
    expect(answer.errors).toBe(false);
    expect(answer.items[0]!['index']).toMatchObject({ status: 201, _index: 'a' });
    expect(answer.items[1]!['create']).toMatchObject({ status: 201, _index: 'b', _id: 'x' });
    expect(log.raws()).toEqual(['{"m":1}', '{"m":2}']);
  });

  it('refuses update and delete, item by item', async () => {
    const [, answer] = await bulk(
      '{"delete":{"_index":"a","_id":"1"}}\n{"update":{"_id":"1"}}\n{"doc":{}}\n{"index":{}}\n{"m":1}\n',
    );
    expect(answer.errors).toBe(true);
    expect(answer.items.map((item) => Object.values(item)[0]!.status)).toEqual([400, 400, 201]);
    expect(answer.items[0]!['delete']!.error!.type).toBe('illegal_argument_exception');
    expect(log.raws()).toEqual(['{"m":1}']);
  });

  it('makes a repeated document with the same _id one event', async () => {
    for (let i = 0; i < 2; i++) await bulk('{"create":{"_index":"a","_id":"1"}}\n{"m":1}\n');
    expect(new Set(log.events().map((event) => event.id)).size).toBe(1);
  });

  it.each(['', '{"index":{}}\n', 'no json\n{"m":1}\n', '{"frobnicate":{}}\n{"m":1}\n', '[1]\n{"m":1}\n'])(
    'refuses %j as a whole, as Elasticsearch does',
    async (body) => {
      const [status, answer] = await bulk(body);
      expect(status).toBe(400);
      expect(answer).toMatchObject({ status: 400, error: { type: 'illegal_argument_exception' } });
      expect(log.raws()).toEqual([]);
    },
  );

  it('answers 429 for the items beyond what can be taken now', async () => {
    let open = (): void => {};
    log.gate = new Promise((resolve) => (open = resolve));
    const body = `{"index":{}}\n${JSON.stringify({ m: 'x'.repeat(1_400) })}\n`.repeat(1_000);
    const tight = intakeOn(log, { limits: { maxPendingBytes: 1_000_000 } });
    const other = new HttpIntake({
      intake: tight,
      identify,
      authorize: () => ({ source: 'beats' }),
      health: () => ({ ready: true }),
      host: '127.0.0.1',
      port: 0,
      maxBodyBytes: MAX_BODY,
    });
    await other.start();
    const asked = fetch(`http://127.0.0.1:${other.port}/_bulk`, { method: 'POST', body });
    await expect.poll(() => tight.pressure()).toBe('refuse');
    open();
    const answer = (await (await asked).json()) as BulkAnswer;
    const statuses = answer.items.map((item) => item['index']!.status);
    const taken = statuses.filter((status) => status === 201).length;
    expect(taken).toBeGreaterThan(0);
    expect(statuses.slice(taken).every((status) => status === 429)).toBe(true);
    expect(taken).toBeLessThan(1_000);
    expect(log.raws()).toHaveLength(taken);
    await other.stop();
  });

  it.each(['/ingest', '/_bulk'])(
    'keeps its own faults apart from the sender’s, who is told to send again: %s',
    async (path) => {
      const faults: unknown[] = [];
      const broken = new TypeError('x is not a function');
      const faulty = intakeOn(log);
      vi.spyOn(faulty, 'open').mockImplementation(() => {
        throw broken;
      });
      const other = new HttpIntake({
        intake: faulty,
        identify,
        authorize: () => ({ source: 'beats' }),
        health: () => ({ ready: true }),
        host: '127.0.0.1',
        port: 0,
        maxBodyBytes: MAX_BODY,
        onFault: (error) => faults.push(error),
      });
      await other.start();
      const body = path === '/_bulk' ? '{"index":{}}\n{"m":1}\n' : '{"m":1}\n';
      const answer = await fetch(`http://127.0.0.1:${other.port}${path}`, { method: 'POST', body });
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(JSON.stringify(await answer.json())).toContain('the intake failed');
      expect(faults).toEqual([broken]);
      await other.stop();
    },
  );

  it.each([
    ['Basic', Buffer.from(`elastic:${TOKEN}`).toString('base64')],
    ['ApiKey', Buffer.from(`id:${TOKEN}`).toString('base64')],
    ['ApiKey', TOKEN],
    ['Bearer', TOKEN],
  ])('takes the token as %s', async (scheme, value) => {
    const response = await call('GET', '/', { headers: { authorization: `${scheme} ${value}` } });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-elastic-product')).toBe('Elasticsearch');
  });

  it('answers 401 in the form of Elasticsearch', async () => {
    const response = await call('GET', '/', { headers: { authorization: 'Basic eDp5' } });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ status: 401, error: { type: 'security_exception' } });
  });

  it.each([
    ['HEAD', '/'],
    ['GET', '/_license'],
    ['GET', '/_xpack'],
    ['GET', '/_cluster/health'],
    ['GET', '/_nodes/http'],
    ['HEAD', '/_index_template/filebeat'],
    ['PUT', '/_index_template/filebeat'],
    ['GET', '/_ilm/policy/filebeat'],
    ['PUT', '/_ilm/policy/filebeat'],
    ['GET', '/_data_stream/filebeat'],
    ['PUT', '/_ingest/pipeline/x'],
    ['HEAD', '/some-index'],
    ['PUT', '/some-index'],
  ])('answers the probe %s %s', async (method, path) => {
    const response = await call(method, path, method === 'PUT' ? { body: '{}' } : {});
    expect(response.status).toBe(200);
    expect(response.headers.get('x-elastic-product')).toBe('Elasticsearch');
  });

  it('speaks the media type that the client asks for', async () => {
    const type = 'application/vnd.elasticsearch+json; compatible-with=9';
    const response = await call('GET', '/', { headers: { accept: type } });
    expect(response.headers.get('content-type')).toBe('application/vnd.elasticsearch+json;compatible-with=9');
  });

  it('takes single documents', async () => {
    const response = await call('POST', '/logs/_doc', { body: '{"m":1}' });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ _index: 'logs', result: 'created' });
    expect(log.raws()).toEqual(['{"m":1}']);
  });
});

describe('a token that is refused for a reason', () => {
  it('is told to its sender, and counted as that', async () => {
    const remedy = 'Make a new one for portal.';
    const refused = new WanglouError('WL_UNAUTHORIZED', 'the ingest token t1 expired at …', { remedy });
    const strict = new HttpIntake({
      intake,
      identify,
      authorize: (_header, address) => (address === '127.0.0.1' ? { refused, reason: 'token expired' } : undefined),
      ...{ health: () => ({ ready }), host: '127.0.0.1', port: 0, maxBodyBytes: MAX_BODY },
    });
    await strict.start();
    for (const path of ['/ingest', '/_bulk']) {
      const answer = await fetch(`http://127.0.0.1:${strict.port}${path}`, { method: 'POST', body: '{}' });
      expect(answer.status).toBe(401);
      expect(await answer.text()).toContain('the ingest token t1 expired');
    }
    expect(intake.tally().sources).toMatchObject([{ source: 'http/127.0.0.1', refused: { 'token expired': 2 } }]);
    await strict.stop();
  });
});
