import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePorts } from './wanglou.ts';

export interface RunningPostgresql {
  url: string;
  run(sql: string): Promise<void>;
  stop(): Promise<void>;
}

const ROOT = '/usr/lib/postgresql';
const bin = (): string => join(ROOT, readdirSync(ROOT).sort().at(-1)!, 'bin');

/** A real PostgreSQL with a database of its own; it refuses to run as root, so that root gives it to `postgres`. */
export async function startPostgresql(): Promise<RunningPostgresql> {
  const isRoot = process.getuid?.() === 0;
  const dir = mkdtempSync(join(tmpdir(), 'wanglou-postgresql-'));
  if (isRoot) execFileSync('chown', ['postgres', dir]);
  chmodSync(dir, 0o700);
  const as = (program: string, args: string[]): [string, string[]] =>
    isRoot
      ? ['/usr/sbin/runuser', ['-u', 'postgres', '--', join(bin(), program), ...args]]
      : [join(bin(), program), args];
  const options = { cwd: tmpdir(), stdio: 'pipe' } as const;
  execFileSync(...as('initdb', ['-D', join(dir, 'data'), '-U', 'reader', '-A', 'trust', '-E', 'UTF8']), options);
  const [port] = await freePorts(1);
  const settings = ['-c', 'fsync=off', '-c', `unix_socket_directories=${dir}`, '-h', '127.0.0.1', '-p', String(port)];
  const child = spawn(...as('postgres', ['-D', join(dir, 'data'), ...settings]), { ...options, stdio: 'ignore' });
  const ended = new Promise((done) => child.once('exit', done));
  const url = `postgresql://reader@127.0.0.1:${port}/postgres`;
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await reachable(run, () => child.exitCode);
  return {
    url,
    run,
    stop: async () => {
      if (existsSync(join(dir, 'data/postmaster.pid')))
        execFileSync(...as('pg_ctl', ['-D', join(dir, 'data'), '-m', 'immediate', 'stop']), options);
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function reachable(run: (sql: string) => Promise<void>, exitCode: () => number | null): Promise<void> {
  for (;;) {
    try {
      return await run('SELECT 1');
    } catch (error) {
      if (exitCode() !== null) throw new Error(`PostgreSQL ended with ${exitCode()}`, { cause: error });
      await new Promise((resume) => setTimeout(resume, 100));
    }
  }
}
