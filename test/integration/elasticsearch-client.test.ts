import { Client, errors } from '@elastic/elasticsearch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerBalances } from './ledger-balances.ts';
import { accountOf, EVERY_LINE_ONCE, numberedLines } from './numbered-lines.ts';
import { StoredEvents } from './stored-events.ts';
import { startWanglou, type RunningWanglou } from './wanglou.ts';

const MAX_BODY_BYTES = 4_000_000;

let wanglou: RunningWanglou;
let stored: StoredEvents;
let client: Client;

beforeAll(async () => {
  wanglou = await startWanglou({ WANGLOU_MAX_BODY_BYTES: String(MAX_BODY_BYTES) });
  stored = new StoredEvents(wanglou);
  client = connect();
});

afterAll(async () => {
  await client.close();
  await stored.close();
  await wanglou.stop();
});

function connect(options: ConstructorParameters<typeof Client>[0] = {}): Client {
  const auth = { bearer: wanglou.token('ingest') };
  return new Client({ node: `http://127.0.0.1:${wanglou.ports.intake}`, auth, ...options });
}

const messages = async (mark: string, expected: number): Promise<string[]> =>
  (await stored.arrived(mark, expected)).map(({ message }) => message);

/** Documents as an application logs them; values longer than 16 Ki characters are whole only in the original. */
const documents = (lines: readonly string[]): object[] =>
  lines.map((message) => ({
    '@timestamp': '2026-11-24T08:00:00.000Z',
    message: message.slice(0, 8_000),
    service: { name: 'portal' },
  }));

const short = (lines: readonly string[]): string[] => lines.map((line) => line.slice(0, 8_000));

describe('the client of Elasticsearch 9', () => {
  it('takes us for an Elasticsearch in which everything is in place', async () => {
    const info = await client.info();
    expect(info.tagline).toBe('You Know, for Search');
    expect(await client.ping()).toBe(true);
    expect((await client.cluster.health()).status).toBe('green');
    expect((await client.license.get()).license.status).toBe('active');
    expect(await client.indices.exists({ index: 'logs' })).toBe(true);
    expect((await client.indices.create({ index: 'logs' })).acknowledged).toBe(true);
    expect((await client.indices.putIndexTemplate({ name: 'logs', index_patterns: ['logs-*'] })).acknowledged).toBe(
      true,
    );
    expect((await client.ilm.putLifecycle({ name: 'logs', policy: { phases: {} } })).acknowledged).toBe(true);
  });

  it('stores every document once with the bulk helper', async () => {
    const lines = numberedLines('helper', 5_000);
    const outcome = await client.helpers.bulk({
      datasource: documents(lines),
      onDocument: () => ({ create: { _index: 'logs-portal-default' } }),
      flushBytes: 500_000,
      concurrency: 4,
    });
    expect(outcome).toMatchObject({ total: 5_000, successful: 5_000, failed: 0, retry: 0, aborted: false });
    expect(accountOf(short(lines), await messages('#helper#', lines.length))).toEqual(EVERY_LINE_ONCE);
    const [event] = await stored.withMark('#helper# 0 ');
    expect(event).toMatchObject({ authenticated: true, fault: '', service: 'portal', time: '2026-11-24 08:00:00.000' });
  });

  it('stores what it compresses', async () => {
    const zipping = connect({ compression: true });
    const lines = numberedLines('zipped', 1_000);
    const operations = documents(lines).flatMap((document) => [{ index: { _index: 'logs' } }, document]);
    expect((await zipping.bulk({ operations })).errors).toBe(false);
    expect(accountOf(short(lines), await messages('#zipped#', lines.length))).toEqual(EVERY_LINE_ONCE);
    await zipping.close();
  });

  it('hears for each item whether it was taken, and why not', async () => {
    const answer = await client.bulk({
      operations: [
        ...[{ index: { _index: 'logs' } }, { message: 'items index' }],
        ...[{ create: { _index: 'logs', _id: 'c1' } }, { message: 'items create' }],
        ...[{ update: { _index: 'logs', _id: 'c1' } }, { doc: { message: 'items update' } }],
        { delete: { _index: 'logs', _id: 'c1' } },
      ],
    });
    expect(answer.errors).toBe(true);
    const items = answer.items.map((item) => Object.entries(item)[0]!);
    expect(items.map(([action, { status }]) => `${action} ${status}`)).toEqual([
      'index 201',
      'create 201',
      'update 400',
      'delete 400',
    ]);
    for (const [action, { error }] of items.slice(2)) expect(error!.reason).toContain(`${action} is not taken`);
    expect(await messages('items ', 2)).toEqual(['items index', 'items create']);
  });

  it('hears that a document is dropped when the helper is asked to update', async () => {
    const dropped: unknown[] = [];
    const outcome = await client.helpers.bulk({
      datasource: [{ id: 'u1', message: 'dropped' }],
      onDocument: ({ id }) => [{ update: { _index: 'logs', _id: id } }, { doc_as_upsert: true }],
      onDrop: ({ status, error }) => dropped.push([status, error?.type]),
    });
    expect([outcome.failed, dropped]).toEqual([1, [[400, 'illegal_argument_exception']]]);
  });

  it('makes one event of a document that it sends again under the same id', async () => {
    for (const message of ['again first', 'again first', 'again changed'])
      await client.index({ index: 'logs', id: 'i1', document: { message } });
    for (let i = 0; i < 3; i++)
      await client.bulk({ operations: [{ create: { _index: 'logs', _id: 'b1' } }, { message: 'again bulk' }] });
    await client.index({ index: 'logs', document: { message: 'again end' } });
    await stored.arrived('again end', 1);
    expect((await messages('again ', 4)).sort()).toEqual(['again bulk', 'again changed', 'again end', 'again first']);
  });

  it.each([
    ['a user and password', (token: string) => ({ username: 'elastic', password: token })],
    ['an API key', (token: string) => ({ apiKey: { id: 'wanglou', api_key: token } })],
    ['an encoded API key', (token: string) => ({ apiKey: Buffer.from(`wanglou:${token}`).toString('base64') })],
    ['a bearer token', (token: string) => ({ bearer: token })],
  ])('may show its token as %s', async (_, auth) => {
    const other = connect({ auth: auth(wanglou.token('ingest')) });
    expect((await other.index({ index: 'logs', document: { message: 'shown' } })).result).toBe('created');
    await other.close();
    const stranger = connect({ auth: auth('wlk_wrong'), maxRetries: 0 });
    const refused = await stranger.info().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(errors.ResponseError);
    expect((refused as errors.ResponseError).statusCode).toBe(401);
    expect((refused as errors.ResponseError).message).toContain('security_exception');
    await stranger.close();
  });

  it('hears that a body is too large, plain or compressed, and can send the next', async () => {
    const operations = [{ index: { _index: 'logs' } }, { message: 'x'.repeat(MAX_BODY_BYTES) }];
    for (const compression of [false, true]) {
      const sender = connect({ compression, maxRetries: 0 });
      const refused = await sender.bulk({ operations }).catch((error: unknown) => error);
      expect((refused as errors.ResponseError).statusCode).toBe(413);
      expect((refused as errors.ResponseError).message).toContain('Send smaller batches');
      expect((await sender.index({ index: 'logs', document: { message: 'next' } })).result).toBe('created');
      await sender.close();
    }
  });

  it('hears that there is nothing to search here', async () => {
    const refused = await client.search({ index: 'logs' }).catch((error: unknown) => error);
    expect((refused as errors.ResponseError).statusCode).toBe(404);
  });
});

it('leaves a coverage ledger that balances', async () => {
  await ledgerBalances(wanglou);
});
