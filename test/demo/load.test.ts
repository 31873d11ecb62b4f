import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { loadBlocks, runLoad, stampNow } from '../../demo/load.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { parseRecord } from '../../src/event/parse.ts';

function readAll(text: string, now: number): Event[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const event = emptyEvent();
      parseRecord(line, event, { timeZone: 'Asia/Shanghai', now, format: '' });
      return event;
    });
}

describe.each(['syslog', 'json'] as const)('the %s load', (mix) => {
  const options = { mix, lines: 4_000, linesPerBlock: 500 };

  it('is the same for the same seed and reads without a fault at the time that it is stamped with', () => {
    const [first, second] = [loadBlocks(options), loadBlocks(options)];
    expect(first.map(({ bytes }) => bytes.toString('hex'))).toEqual(second.map(({ bytes }) => bytes.toString('hex')));
    const now = Date.parse('2026-11-20T09:30:15.250+08:00');
    for (const block of first) stampNow(block, now);
    const events = first.flatMap(({ bytes }) => readAll(bytes.toString(), now));
    expect(events).toHaveLength(4_000);
    expect(events.filter(({ fault }) => fault !== '')).toEqual([]);
    // Web access logs tell the second only.
    expect(events.filter(({ time }) => time !== now && time !== now - 250)).toEqual([]);
  });

  it('has many accounts and addresses', () => {
    const events = loadBlocks(options).flatMap(({ bytes }) => readAll(bytes.toString(), 0));
    expect(new Set(events.map(({ account }) => account)).size).toBeGreaterThan(2_000);
    expect(new Set(events.map(({ clientAddress }) => clientAddress)).size).toBeGreaterThan(1_000);
  });
});

describe('a load run', () => {
  it('writes whole lines and counts what it wrote', async () => {
    let text = '';
    const server = createServer((socket) => socket.setEncoding('utf8').on('data', (part: string) => (text += part)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const blocks = loadBlocks({ mix: 'syslog', lines: 1_000, linesPerBlock: 100 });
    const result = await runLoad(blocks, 'syslog', { host: '127.0.0.1', port, seconds: 0.2, rate: 20_000 });
    server.close();
    expect(result.lines).toBeGreaterThan(0);
    expect(text.split('\n').length - 1).toBe(result.lines);
  });
});
