import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { LoadResult, Mix } from '../../demo/load.ts';

/** What the load generator said at its end; CPU seconds are those of sending, without the rendering before. */
export interface Sent extends Omit<LoadResult, 'ackMs'> {
  mix: Mix;
  cpuSeconds: number;
  peakRssMb: number;
  ackP50Ms?: number;
  ackP99Ms?: number;
}

export interface Sending {
  pid: number;
  /** @throws when the generator failed. */
  sent: Promise<Sent>;
  stop(): void;
}

export interface SendingOptions {
  mix: Mix;
  port: number;
  seconds: number;
  /** Lines a second; default as many as are taken. */
  rate?: number;
  token?: string;
  /** Lines of a write or of an HTTP body; default 1,000. */
  block?: number;
}

/** Runs demo/load.ts in its own process, as a sender on another machine would, as far as that can be had on this one. */
export function startSending({ mix, port, seconds, rate, token = '', block = 1_000 }: SendingOptions): Sending {
  const options = { mix, port, seconds, rate: rate ?? 'max', token, block };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [resolve('demo/load.ts'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = (): void => void child.kill('SIGKILL');
  process.once('exit', stop);
  let printed = '';
  child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
  const sent = new Promise<Sent>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => {
      process.removeListener('exit', stop);
      if (code === 0) done(JSON.parse(printed) as Sent);
      else fail(new Error(`the load generator ended with ${code}`));
    });
  });
  sent.catch(() => undefined); // who stops it early does not wait for what it says
  return { pid: child.pid!, sent, stop };
}
