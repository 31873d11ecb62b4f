import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SealPush } from '../../src/evidence/seal-push.ts';
import { fileSink, httpSink, syslogSink, type SealSink } from '../../src/evidence/seal-sinks.ts';
import { readSeal, type SignedSeal } from '../../src/evidence/seal.ts';
import { verifyExport } from '../../src/verifier/verify.ts';
import { SealedPlatform } from './sealed-platform.ts';

let platform: SealedPlatform;
const pushes: SealPush[] = [];

beforeEach(async () => {
  platform = new SealedPlatform();
  await platform.start();
});
afterEach(async () => {
  for (const push of pushes.splice(0)) await push.stop();
  await platform.stop();
});

async function push(sink: SealSink): Promise<SealPush> {
  const push = new SealPush({ log: platform.log, sink, onFault: () => undefined, now: () => platform.now });
  pushes.push(push);
  await push.start();
  return push;
}

async function seal(times: number): Promise<void> {
  const sealer = platform.sealer();
  for (let n = 0; n < times; n++) {
    await platform.audit(`record ${n} at ${platform.now}`);
    await sealer.seal();
  }
}

function numbersIn(lines: readonly string[]): number[] {
  return lines.map((line) => readSeal(JSON.parse(line) as SignedSeal).number);
}

describe('seals outside', () => {
  it('are all in the file, each once, and show that the chain was rolled back', async () => {
    const path = join(platform.dir, 'outside/seals.ndjson');
    await push(fileSink(path));
    await seal(4);
    const lines = (): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');
    await expect.poll(() => numbersIn(lines())).toEqual([1, 2, 3, 4]);
    platform.now += 3_600_000;
    const key = platform.publicKey;
    expect(await verifyExport({ folder: await platform.export(), key, outside: path })).toMatchObject({ result: 'intact', outside: 4 }); // prettier-ignore
    platform.store.sealed.splice(2);
    const rolledBack = await verifyExport({ folder: await platform.export({}, 'rolled'), key, outside: path });
    expect(rolledBack.problems.map(({ kind, seal: number }) => [kind, number])).toEqual([
      ['rolled-back', 3],
      ['rolled-back', 4],
    ]);
  });

  it('are sent again until they are taken, and the time that they wait shows', async () => {
    const got: string[] = [];
    let [isAway, tries] = [true, 0];
    const waiting = await push({
      name: 'http',
      send: async (line) => {
        tries++;
        if (isAway) throw new Error('away');
        got.push(line);
      },
    });
    await seal(2);
    await expect.poll(() => tries).toBeGreaterThan(0);
    platform.now += 200_000;
    await expect.poll(() => waiting.problem).toContain('seals have not reached the http outside for 3 min: away');
    isAway = false;
    await expect.poll(() => numbersIn(got), { timeout: 20_000 }).toEqual([1, 2]);
    await expect.poll(() => [waiting.lagMs, waiting.problem]).toEqual([0, '']);
  }, 30_000);

  it('go by HTTP, and what is no 2xx counts as not there', async () => {
    const bodies: string[] = [];
    let status = 503;
    const server = createHttp((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        if (status === 204) bodies.push(body);
        response.writeHead(status).end();
      });
    }).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const sink = httpSink(`http://127.0.0.1:${(server.address() as AddressInfo).port}/seals`);
    await expect(sink.send('{}')).rejects.toThrow('sealUrl answers 503');
    status = 204;
    await sink.send('{"sealed":"x"}');
    expect(bodies).toEqual(['{"sealed":"x"}']);
    server.close();
  });

  it('go by syslog over TCP, each message with its length before it', async () => {
    let got = '';
    const server = createServer((socket) => socket.on('data', (chunk: Buffer) => (got += chunk.toString())));
    server.listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await syslogSink(address, () => 0).send('{"sealed":"数"}');
    await expect.poll(() => got).toContain('}');
    const [, length, message] = /^(\d+) (.*)$/s.exec(got)!;
    expect(Number(length)).toBe(Buffer.byteLength(message!));
    expect(message).toMatch(/^<109>1 1970-01-01T00:00:00\.000Z \S+ wanglou - seal - \{"sealed":"数"\}$/);
    server.close();
    await expect(syslogSink('127.0.0.1:1').send('x')).rejects.toThrow('ECONNREFUSED');
  });
});
