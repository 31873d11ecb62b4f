import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { EmbeddedStoreOptions } from '../../src/store/embedded-server.ts';

/** A real embedded store in its own process, on a free port. */
export interface StoreProcess {
  url: string;
  password: string;
  dataDir: string;
  pid: number;
  /** Ends it gracefully and, unless the directory was given, removes its data. */
  stop(): Promise<void>;
  /** Ends it as `kill -9` does; the data stay. */
  kill(): Promise<void>;
}

const START = `
import { startEmbeddedStore } from ${JSON.stringify(resolve('src/store/embedded-server.ts'))};
const store = await startEmbeddedStore(JSON.parse(process.argv[1])).catch((error) => {
  console.error(error);
  process.exit(1);
});
console.log('url ' + store.url);
process.on('SIGTERM', () => void store.stop().then(() => process.exit(0)));
process.stdin.on('end', () => process.exit(0)).resume();
`;

export async function startStore(options: Partial<EmbeddedStoreOptions> = {}): Promise<StoreProcess> {
  const password = options.password ?? 'store-secret';
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'wanglou-store-'));
  const child = spawn(
    resolve('node_modules/.bin/node'),
    ['--input-type=module-typescript', '-e', START, JSON.stringify({ port: 0, ...options, password, dataDir })],
    { env: { ...process.env, UV_THREADPOOL_SIZE: '16' }, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const url = await firstUrl(child);
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  return {
    url,
    password,
    dataDir,
    pid: child.pid!,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function firstUrl(child: ChildProcess): Promise<string> {
  let errors = '';
  child.stderr!.on('data', (text: Buffer) => (errors += text.toString()));
  return new Promise((done, fail) => {
    child.once('exit', (code) => fail(new Error(`the store ended with ${code} before it was ready: ${errors}`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line.startsWith('url ')) done(line.slice(4));
    });
  });
}
