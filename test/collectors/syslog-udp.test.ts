import { createSocket } from 'node:dgram';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { SyslogUdp } from '../../src/collectors/syslog-udp.ts';
import { identify, intakeOn, MemoryLog } from './doubles.ts';

let collector: SyslogUdp | undefined;
afterEach(() => collector?.stop());

async function listening(intake: ReturnType<typeof intakeOn>): Promise<SyslogUdp> {
  collector = new SyslogUdp({ intake, identify, host: '127.0.0.1', port: 0 });
  await collector.start();
  return collector;
}

async function send(texts: readonly string[]): Promise<void> {
  const socket = createSocket('udp4');
  await Promise.all(texts.map((text) => new Promise((done) => socket.send(text, collector!.port, '127.0.0.1', done))));
  socket.close();
}

/** As a main thread that does something else. */
function beBusy(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

const lines = (name: string): string[] => Array.from({ length: 300 }, (_, n) => `${name} ${n}`);

describe('datagrams', () => {
  it('are taken in turns with everything else, however many have come', async () => {
    let taken = 0;
    const log = new MemoryLog();
    await listening(
      intakeOn(log, {
        parse: (text, event) => {
          beBusy(1);
          event.raw = text;
          taken++;
          return '';
        },
      }),
    );
    await send(lines('a'));
    beBusy(200); // until all of them wait
    while (taken === 0) await setImmediate();
    expect(taken).toBeLessThan(300);
    await expect.poll(() => taken, { timeout: 5_000 }).toBe(300);
  });

  it('wait while what came before is not durable yet', async () => {
    const log = new MemoryLog();
    let open = (): void => undefined;
    log.gate = new Promise((resolve) => (open = resolve));
    const intake = intakeOn(log, { limits: { slowBytes: 1_000 } });
    const udp = await listening(intake);
    await send(lines('a'));
    await expect.poll(() => intake.pressure()).toBe('slow');
    const { received } = udp.status();
    await send(lines('b'));
    beBusy(100);
    await setImmediate();
    expect(udp.status().received).toBe(received);
    open();
    await expect.poll(() => log.raws().length, { timeout: 5_000 }).toBe(600);
    expect(udp.status()).toMatchObject({ received: 600, refused: 0, lost: 0 });
  });

  it('are refused, and counted, while nothing can be made durable', async () => {
    const log = new MemoryLog();
    log.failure = new Error('the disk is gone');
    const udp = await listening(intakeOn(log));
    await send(['a']);
    await expect.poll(() => log.attempts).toBeGreaterThan(0);
    await send(['b', 'c']);
    await expect.poll(() => udp.status().refused).toBe(2);
    log.failure = undefined;
    await expect.poll(() => log.raws(), { timeout: 5_000 }).toEqual(['a']);
  });
});
