import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';

const PROGRAM = `
  import { SyslogTcp } from './src/collectors/syslog-tcp.ts';
  import { identify, intakeOn, MemoryLog } from './test/collectors/doubles.ts';
  const log = new MemoryLog();
  const collector = new SyslogTcp({ intake: intakeOn(log), identify, host: '127.0.0.1', port: 0, maxRecordBytes: 65536 });
  await collector.start();
  console.log(collector.port);
  setInterval(() => { for (const raw of log.raws().splice(0)) console.log(raw); log.appends.length = 0; }, 50);
`;

it('a program that may open no more files goes on, and takes connections again when some have ended', async () => {
  const args = ['--nofile=128:128', process.execPath, '--input-type=module-typescript', '--eval', PROGRAM];
  const child = spawn('prlimit', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const port = Number((await lines.next()).value);
    const crowd = await Promise.all(Array.from({ length: 300 }, () => connected(port)));
    await expect.poll(() => crowd.filter(({ destroyed }) => destroyed).length).toBeGreaterThan(100);
    for (const socket of crowd) socket.destroy();
    await expect
      .poll(async () => {
        const socket = await connected(port);
        await new Promise((resume) => setTimeout(resume, 20));
        if (!socket.destroyed) socket.end('heard again\n');
        return !socket.destroyed;
      })
      .toBe(true);
    expect((await lines.next()).value).toBe('heard again');
    expect(child.exitCode).toBeNull();
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy()).resume();
  await new Promise<void>((done) => socket.once('connect', () => done()).once('close', () => done()));
  return socket;
}
