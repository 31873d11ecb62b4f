import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpIntake } from '../../src/collectors/http-intake.ts';
import type { EventIntake } from '../../src/collectors/intake.ts';
import { fullLog, identify, intakeOn, MemoryLog } from './doubles.ts';

let log: MemoryLog;
let intake: EventIntake;
let http: HttpIntake;

beforeEach(async () => {
  log = new MemoryLog();
  intake = intakeOn(log, { limits: { maxPendingBytes: 1_000_000, maxWaitMs: 1_000 } });
  http = new HttpIntake({
    intake,
    identify,
    authorize: () => ({ source: 'portal' }),
    health: () => ({ ready: true }),
    host: '127.0.0.1',
    port: 0,
    maxBodyBytes: 10_000_000,
  });
  await http.start();
});

afterEach(() => http.stop());

/** As rsyslog's omelasticsearch sends. */
const RSYSLOG = { accept: '*/*', 'content-type': 'application/json; charset=utf-8' };

/** Status and body of the answer, or undefined when there is none. */
async function post(path: string, body: string | Buffer, headers = {}): Promise<[number, string] | undefined> {
  const response = await new Promise<IncomingMessage | undefined>((resolve) => {
    const asked = request({ port: http.port, host: '127.0.0.1', path, method: 'POST', headers }, resolve);
    asked.on('error', () => resolve(undefined));
    asked.end(body);
  });
  return response && [response.statusCode!, await text(response)];
}

const documents = (count: number): string =>
  `{"index":{}}\n${JSON.stringify({ m: 'x'.repeat(1_400) })}\n`.repeat(count);

describe('_bulk, for a sender that forgets what an answer refuses,', () => {
  it('breaks off without an answer while nothing can be taken', async () => {
    log.failure = fullLog();
    expect((await post('/_bulk', documents(1)))![0]).toBe(503);
    expect(await post('/_bulk', documents(1), RSYSLOG)).toBeUndefined();
    log.failure = undefined;
    await expect.poll(() => intake.pressure(), { timeout: 5_000 }).toBe('none');
    expect((await post('/_bulk', documents(1), RSYSLOG))![0]).toBe(200);
    expect(log.events()).toHaveLength(2);
  });

  it('takes a body as a whole that others would get back in part', async () => {
    let open = (): void => {};
    log.gate = new Promise((resolve) => (open = resolve));
    const asked = post('/_bulk', documents(1_000), RSYSLOG);
    await expect.poll(() => intake.pressure()).toBe('refuse');
    open();
    const [status, answer] = (await asked)!;
    expect([status, JSON.parse(answer)]).toMatchObject([200, { errors: false }]);
    expect(log.events()).toHaveLength(1_000);
  });

  it('still says what is wrong with a request', async () => {
    expect((await post('/_bulk', 'no json\n', RSYSLOG))![0]).toBe(400);
  });
});

describe('what clients of Elasticsearch ask', () => {
  it('can name things as JavaScript names its own', async () => {
    for (const index of ['constructor', 'toString'])
      expect((await post(`/${index}/_doc`, `{"index":"${index}"}`))![0]).toBe(201);
    expect(log.raws()).toEqual(['{"index":"constructor"}', '{"index":"toString"}']);
  });

  it('can have ids with slashes', async () => {
    const [status, answer] = (await post('/logs/_doc/a%2Fb', '{"m":1}'))!;
    expect([status, JSON.parse(answer)]).toMatchObject([201, { _id: 'a/b' }]);
  });

  it('can be a document that is not in UTF-8', async () => {
    await post('/logs/_doc', Buffer.from([0xb5, 0xc7, 0xc2, 0xbc]));
    expect(log.events()[0]).toMatchObject({ raw: '登录', attributes: ['encoding', 'gb18030'] });
  });

  it.each(['GET /logs/_search', 'POST /logs/_search', 'GET /logs/_doc/1', 'POST /_msearch'])(
    'is refused as Elasticsearch would, when it is %s',
    async (line) => {
      const [method, path] = line.split(' ');
      const response = await fetch(`http://127.0.0.1:${http.port}${path}`, { method: method! });
      expect([response.status, response.headers.get('x-elastic-product')]).toEqual([404, 'Elasticsearch']);
      expect(await response.json()).toMatchObject({ status: 404, error: { type: 'resource_not_found_exception' } });
    },
  );
});
