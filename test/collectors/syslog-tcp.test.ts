import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SyslogTcp } from '../../src/collectors/syslog-tcp.ts';
import { identify, intakeOn, MemoryLog } from './doubles.ts';

let log: MemoryLog;
let collector: SyslogTcp;

beforeEach(async () => {
  log = new MemoryLog();
  collector = new SyslogTcp({ intake: intakeOn(log), identify, host: '127.0.0.1', port: 0, maxRecordBytes: 65_536 });
  await collector.start();
});

afterEach(() => collector.stop());

async function connected(): Promise<Socket> {
  const socket = connect({ port: collector.port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  socket.on('error', () => socket.destroy());
  socket.resume();
  return socket;
}

/** Resolves with the first of these events, errors aside. */
function happened(socket: Socket, ...names: readonly string[]): Promise<void> {
  return new Promise((resolve) => names.forEach((name) => socket.once(name, () => resolve())));
}

describe('syslog over TCP, when it stops,', () => {
  it('takes all that a sender had sent before it could see it', async () => {
    const sender = await connected();
    const sent: string[] = [];
    let isOpen = true;
    const ended = happened(sender, 'end', 'close').then(() => (isOpen = false));
    const stopping = new Promise((resume) => setTimeout(resume, 20)).then(() => collector.stop());
    while (isOpen) {
      const line = `${sent.length} ${'x'.repeat(2_000)}`;
      sent.push(line);
      if (!sender.write(`${line}\n`)) await Promise.race([happened(sender, 'drain'), ended]);
      else await new Promise((resume) => setImmediate(resume));
    }
    sender.end();
    await stopping;
    expect(log.raws()).toEqual(sent);
  });

  it('does not wait for senders that are silent or go on and on', async () => {
    const silent = await connected();
    const endless = await connected();
    const writing = setInterval(() => endless.write('on and on\n'), 10);
    await collector.stop();
    clearInterval(writing);
    for (const socket of [silent, endless]) socket.destroy();
    expect(collector.status().ready).toBe(false);
  });
});

describe('syslog over TCP, with senders that dawdle,', () => {
  it('ends a record that never ends, keeps what came of it, and hears the others', async () => {
    const slow = new SyslogTcp({
      ...{ intake: intakeOn(log), identify, host: '127.0.0.1', port: 0, maxRecordBytes: 65_536 },
      ...{ recordMs: 300, firstByteMs: 60_000 },
    });
    await slow.start();
    const dripping = connect({ port: slow.port, host: '127.0.0.1' });
    const quiet = connect({ port: slow.port, host: '127.0.0.1' });
    await Promise.all([once(dripping, 'connect'), once(quiet, 'connect')]);
    quiet.write('a whole line\n');
    const drips = setInterval(() => dripping.write('x'), 50);
    dripping.on('error', () => undefined).resume();
    await happened(dripping, 'close');
    clearInterval(drips);
    await expect.poll(() => log.events().map(({ fault }) => fault)).toEqual(['', 'connection ended inside the record']);
    expect(slow.status()).toMatchObject({ connections: 1, refused: 1 });
    expect(quiet.destroyed).toBe(false);
    quiet.destroy();
    await slow.stop();
  });

  it('ends a connection on which nothing ever comes', async () => {
    const slow = new SyslogTcp({
      ...{ intake: intakeOn(log), identify, host: '127.0.0.1', port: 0, maxRecordBytes: 65_536 },
      ...{ firstByteMs: 100 },
    });
    await slow.start();
    const silent = connect({ port: slow.port, host: '127.0.0.1' });
    silent.on('error', () => undefined).resume();
    await happened(silent, 'close');
    expect([log.events(), slow.status().refused]).toEqual([[], 1]);
    await slow.stop();
  });
});

describe('syslog over TCP, while what came before is not durable yet,', () => {
  const LINES = Array.from({ length: 20 }, (_, n) => `${n} ${'x'.repeat(100)}\n`).join('');

  it('leaves what all connections send at once where it is, and then takes all of it', async () => {
    let open = (): void => undefined;
    log.gate = new Promise((resolve) => (open = resolve));
    const intake = intakeOn(log, { limits: { slowBytes: 1_000 } });
    const full = new SyslogTcp({ intake, identify, host: '127.0.0.1', port: 0, maxRecordBytes: 65_536 });
    await full.start();
    const senders = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const socket = connect({ port: full.port, host: '127.0.0.1' });
        await once(socket, 'connect');
        return socket.on('error', () => undefined).resume();
      }),
    );
    for (const [n, socket] of senders.entries()) socket.write(LINES, () => n % 2 === 0 && socket.end());
    await expect.poll(() => intake.pressure()).toBe('slow');
    await new Promise((resume) => setTimeout(resume, 200));
    expect(full.status().received).toBe(20);
    for (const [n, socket] of senders.entries()) if (n % 10 === 1) socket.resetAndDestroy();
    open();
    await expect.poll(() => full.status().received, { timeout: 5_000 }).toBe(1_000);
    for (const socket of senders) socket.destroy();
    await full.stop();
    expect(log.raws()).toHaveLength(1_000);
  });
});
