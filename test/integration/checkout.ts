import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { eventually } from './wanglou.ts';

/**
 * A checkout of its own, as a newcomer has it, with the installed packages linked in and the page as it was built.
 * @returns its folder.
 */
export function checkout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wanglou-checkout-'));
  for (const file of spawnSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).stdout.split('\0').filter(Boolean)) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(file, join(folder, file));
  }
  if (existsSync('dashboards/dist')) cpSync('dashboards/dist', join(folder, 'dashboards/dist'), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync('node_modules'))
    if (!name.startsWith('.wanglou')) symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
  // As src/start.mjs leaves it, so that it does not install again.
  const lock = createHash('sha256').update('package-lock.json').update(readFileSync('package-lock.json'));
  writeFileSync(join(folder, 'node_modules/.wanglou-installed'), lock.digest('hex'));
  return folder;
}

/** What a shell of a newcomer has, and these settings. */
export function environmentWith(settings: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(WANGLOU_|VITEST|NODE_ENV)/.test(name));
  return { ...Object.fromEntries(own), ...settings };
}

/** A command that runs in a terminal of its own. */
export interface Terminal {
  /** What it has printed so far. */
  printed: () => string;
  /** Resolves when it has printed the text or has ended. */
  says: (text: string) => Promise<unknown>;
  /** Exit code, once it has ended. */
  ended: Promise<number | null>;
  /** As Ctrl-C: the whole group gets it. */
  interrupt: () => Promise<number | null>;
}

export function runIn(folder: string, command: string, env: NodeJS.ProcessEnv): Terminal {
  const child = spawn('bash', ['-c', `exec ${command}`], { cwd: folder, env, detached: true });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += part.toString()));
  const ended = new Promise<number | null>((done) => child.once('close', done));
  return {
    printed: () => text,
    says: (wanted) =>
      eventually(
        async () => text,
        () => text.includes(wanted) || child.exitCode !== null,
        60_000,
      ),
    ended,
    interrupt: () => {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGINT');
      return ended;
    },
  };
}

/** Process ids of what runs in the folder. */
export function runningIn(folder: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/cwd`).startsWith(folder);
    } catch {
      return false; // it has just ended
    }
  });
}
