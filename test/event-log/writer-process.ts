import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A process that appends to events/0 of a log without end: see endless-writer.ts. */
export interface WriterProcess {
  /** Offsets that it was given, in the order in which it printed them. */
  acknowledged: number[];
  /** What it wrote to standard error. */
  complaints: string[];
  /** SIGKILL; resolves when it has ended and all its output is here. */
  kill(): Promise<void>;
  /** Resolves with its exit code when it ends by itself. */
  ended: Promise<number | null>;
}

/** @param wrapper a program and its arguments that run the writer, such as strace. */
export function startWriter(dir: string, wrapper: readonly string[] = []): WriterProcess {
  const node = join(process.cwd(), 'node_modules/.bin/node');
  const [program, ...args] = [...wrapper, node, join(import.meta.dirname, 'endless-writer.ts'), dir];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const acknowledged: number[] = [];
  const complaints: string[] = [];
  createInterface(child.stdout).on('line', (line) => acknowledged.push(Number(line)));
  createInterface(child.stderr).on('line', (line) => complaints.push(line));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    acknowledged,
    complaints,
    ended,
    kill: async () => {
      process.kill(-child.pid!, 'SIGKILL');
      await ended;
    },
  };
}
