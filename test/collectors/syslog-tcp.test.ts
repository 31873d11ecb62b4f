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
