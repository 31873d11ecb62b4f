import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { ApiServer } from '../../src/api/server.ts';
import type { Changes, FeedMessage } from '../../src/feed/protocol.ts';
import { finding } from '../feed/samples.ts';
import { testParts, type TestParts } from './parts.ts';

let parts: TestParts;
let server: ApiServer;

beforeEach(async () => {
  parts = await testParts();
  parts.feed.start();
  server = new ApiServer({ host: '127.0.0.1', port: 0, publicOrigin: '', appDir: '/nonexistent' }, parts);
  await server.start();
});
afterEach(async () => {
  parts.feed.stop();
  await server.stop();
  parts.remove();
});

const origin = (): string => `http://127.0.0.1:${server.port}`;

interface Connection {
  socket: WebSocket;
  /** Resolves with the first message that fits, also one that came before. */
  message: (fits: (message: FeedMessage) => boolean) => Promise<FeedMessage>;
  closed: Promise<number>;
}

function connect(headers: Record<string, string>, query = '', perMessageDeflate = true): Connection {
  const socket = new WebSocket(`${origin().replace('http', 'ws')}/feed${query}`, { headers, perMessageDeflate });
  const messages: FeedMessage[] = [];
  const waiting: (() => void)[] = [];
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as FeedMessage);
    for (const look of waiting.splice(0)) look();
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', resolve);
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
  const message = async (fits: (message: FeedMessage) => boolean): Promise<FeedMessage> => {
    for (;;) {
      const found = messages.find(fits);
      if (found) return found;
      await new Promise<void>((resume) => waiting.push(resume));
    }
  };
  return { socket, message, closed };
}

const hasFinding = (message: FeedMessage): boolean => message.type === 'batch' && message.findings.length > 0;

describe('the door of the live feed', () => {
  it.each([
    ['nobody', async () => ({}), 401],
    ['a made-up cookie', async () => ({ cookie: 'wanglou_session=x', origin: origin() }), 401],
    [
      'a cookie from the page of somebody else',
      async () => ({ cookie: await parts.signedIn(), origin: 'http://evil.example' }),
      403,
    ],
    ['a cookie without an origin', async () => ({ cookie: await parts.signedIn() }), 403],
  ])('stays shut for %s', async (_who, headers, status) => {
    expect(await connect(await headers()).closed).toBe(status);
    expect(parts.feed.clients).toBe(0);
  });

  it('opens for our page and for the API token', async () => {
    const page = connect({ cookie: await parts.signedIn(), origin: origin() });
    const script = connect({ authorization: `Bearer ${parts.apiToken}` });
    for (const connection of [page, script]) expect((await connection.message(() => true)).type).toBe('hello');
  });

  it('shuts when the session ends', async () => {
    const cookie = await parts.signedIn();
    const { message, closed } = connect({ cookie, origin: origin() });
    await message(() => true);
    await parts.access.signOut(cookie.split('=')[1]!);
    expect(await closed).toBe(4401);
  });

  it('shuts on one who talks, also much', async () => {
    for (const text of ['hi', 'x'.repeat(100_000)]) {
      const { socket, message, closed } = connect({ authorization: `Bearer ${parts.apiToken}` });
      await message(() => true);
      socket.send(text);
      expect([1008, 1009]).toContain(await closed);
    }
  });
});

describe('over a real connection', () => {
  const token = (): Record<string, string> => ({ authorization: `Bearer ${parts.apiToken}` });

  it('a finding arrives, and after a lost connection only what was missed', async () => {
    const first = connect(token());
    const { epoch } = (await first.message((message) => message.type === 'snapshot')) as Changes;
    parts.feed.finding(finding('seen'));
    const batch = (await first.message(hasFinding)) as Changes;
    first.socket.terminate();
    parts.feed.finding(finding('missed'));
    const second = connect(token(), `?epoch=${epoch}&after=${batch.n}`);
    const resumed = (await second.message((message) => message.type !== 'hello')) as Changes;
    expect(resumed).toMatchObject({ type: 'batch', after: batch.n });
    expect(resumed.findings.map((one) => one.groupKey)).toEqual(['missed']);
  });

  it('nonsense in the query begins anew', async () => {
    const { message } = connect(token(), '?epoch=&after=-1');
    expect((await message((one) => one.type !== 'hello')).type).toBe('snapshot');
  });

  it.each([true, false])('the same messages arrive with compression and without it (%s)', async (perMessageDeflate) => {
    for (let i = 0; i < 300; i++) parts.feed.finding(finding(`f${i}`));
    const { message, socket } = connect(token(), '?severity=high', perMessageDeflate);
    const snapshot = (await message((one) => one.type === 'snapshot')) as Changes;
    expect(snapshot.findings).toHaveLength(300);
    parts.feed.finding(finding('next'));
    expect(((await message(hasFinding)) as Changes).findings[0]?.explanation.zh).toBe(finding('next').explanation.zh);
    expect(socket.extensions).toBe(perMessageDeflate ? 'permessage-deflate' : '');
  });

  it('a subscription that can not be meant is refused before the connection, with what to write', async () => {
    const { closed } = connect(token(), '?severity=hihg');
    expect(await closed).toBe(400);
    expect(parts.feed.clients).toBe(0);
    const answer = await fetch(`${origin()}/feed?severity=hihg`, { headers: token() });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      code: 'WL_QUERY_INVALID',
      message: expect.stringMatching(/severity is "hihg"/) as string,
    });
  });

  it('the server says goodbye when it stops', async () => {
    const { message, closed } = connect(token());
    await message(() => true);
    parts.feed.stop();
    await server.stop();
    expect(await closed).toBe(1001);
  });
});
