import { once } from 'node:events';
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

/** The status and body of the answer, or undefined when there is none. */
async function post(path: string, body: string, agent?: string): Promise<[number, string] | undefined> {
  const headers = agent === undefined ? {} : { 'user-agent': agent };
  const asked = request({ port: http.port, host: '127.0.0.1', path, method: 'POST', headers });
  asked.end(body);
  const [response] = (await once(asked, 'response').catch(() => [])) as IncomingMessage[];
  return response && [response.statusCode ?? 0, await text(response)];
}

const documents = (count: number): string =>
  `{"index":{}}\n${JSON.stringify({ m: 'x'.repeat(1_400) })}\n`.repeat(count);

describe('_bulk, for a sender that forgets what an answer refuses,', () => {
  it('breaks off without an answer while nothing can be taken', async () => {
    log.failure = fullLog();
    expect((await post('/_bulk', documents(1), 'Beats'))![0]).toBe(503);
    expect(await post('/_bulk', documents(1))).toBeUndefined();
    log.failure = undefined;
    await expect.poll(() => intake.pressure(), { timeout: 5_000 }).toBe('none');
    expect((await post('/_bulk', documents(1)))![0]).toBe(200);
    expect(log.events()).toHaveLength(2);
  });

  it('takes a body as a whole that others would get back in part', async () => {
    let open = (): void => {};
    log.gate = new Promise((resolve) => (open = resolve));
    const asked = post('/_bulk', documents(1_000));
    await expect.poll(() => intake.pressure()).toBe('refuse');
    open();
    const [status, answer] = (await asked)!;
    expect([status, JSON.parse(answer)]).toMatchObject([200, { errors: false }]);
    expect(log.events()).toHaveLength(1_000);
  });

  it('still says what is wrong with a request', async () => {
    expect((await post('/_bulk', 'no json\n'))![0]).toBe(400);
  });
});
