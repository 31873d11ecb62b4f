import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** What a sealer does, in this order; it can be killed before each. */
export const SEALER_STEPS = ['lastSeal', 'keepRecords', 'leaves', 'append', 'keepSeal', 'commit'] as const;
export type SealerStep = (typeof SEALER_STEPS)[number];

export interface SealerProcessOptions {
  /** Folder of the embedded event log, which others have open too. */
  logDir: string;
  store: { url: string; password: string };
  /** PEM */
  key: string;
  killBefore: SealerStep;
}

const START = `
import { createPrivateKey } from 'node:crypto';
import { EmbeddedEventLog } from ${JSON.stringify(resolve('src/event-log/embedded.ts'))};
import { Sealer } from ${JSON.stringify(resolve('src/evidence/sealer.ts'))};
import { storeClient } from ${JSON.stringify(resolve('src/store/client.ts'))};
import { SealQueries } from ${JSON.stringify(resolve('src/store/seal-queries.ts'))};
import { TOPICS } from ${JSON.stringify(resolve('test/event-log/conformance-topics.ts'))};
const { logDir, store: at, key, killBefore } = JSON.parse(process.argv[1]);
const topics = { ...TOPICS, events: { ...TOPICS.events, partitions: 2 } };
const log = new EmbeddedEventLog({ dir: logDir, topics, onProblem: console.error, onFatal: console.error });
await log.start();
const store = new SealQueries(storeClient({ ...at, user: 'default', database: 'wanglou' }));
for (const part of [log, store])
  if (typeof part[killBefore] === 'function')
    part[killBefore] = () => {
      console.log('there');
      return new Promise(() => setInterval(() => undefined, 1_000));
    };
const keys = { signer: async () => ({ key: createPrivateKey(key), notes: [] }) };
const sealer = new Sealer({
  ...{ log, store, keys, digest: 'sha256', program: '0.1.0', access: 'full' },
  onProblem: console.error,
});
await sealer.seal();
`;

/** Starts a sealer in a process of its own, and kills it, as `kill -9` does, just before a step. */
export async function sealAndKill(options: SealerProcessOptions): Promise<void> {
  const child = spawn(
    resolve('node_modules/.bin/node'),
    ['--input-type=module-typescript', '-e', START, JSON.stringify(options)],
    { env: { ...process.env, UV_THREADPOOL_SIZE: '16' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let errors = '';
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  await new Promise<void>((done, fail) => {
    child.once('exit', (code) => fail(new Error(`ended with ${code} before it was killed: ${errors}`)));
    createInterface({ input: child.stdout }).on('line', () => done());
  });
  child.kill('SIGKILL');
  await ended;
}
