import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRows } from '../../src/event/batch.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { EmbeddedEventLog } from '../../src/event-log/embedded.ts';
import { evidenceFiles, STREAMS } from '../../src/evidence/evidence-export.ts';
import { publicPemOf, type Note } from '../../src/evidence/seal.ts';
import { Sealer } from '../../src/evidence/sealer.ts';
import { storeClient, type StoreAddress, type StoreClient } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { SealQueries } from '../../src/store/seal-queries.ts';
import { StoreWriter } from '../../src/store/writer.ts';
import { verifyExport, type Report } from '../../src/verifier/verify.ts';
import { TOPICS } from '../event-log/conformance-topics.ts';
import { startStore, type StoreProcess } from './store-process.ts';

/** An event log, the real store and a key, with what it takes to seal in them and to verify what was sealed. */
export class Sealing {
  readonly dir = mkdtempSync(join(tmpdir(), 'wanglou-evidence-'));
  readonly key = generateKeyPairSync('ed25519').privateKey;
  readonly log: EmbeddedEventLog;
  readonly store: StoreProcess;
  readonly client: StoreClient;
  readonly queries: SealQueries;
  #files = 0;

  private constructor(store: StoreProcess, client: StoreClient) {
    this.store = store;
    this.client = client;
    this.queries = new SealQueries(client);
    this.log = new EmbeddedEventLog({
      dir: join(this.dir, 'log'),
      topics: { ...TOPICS, events: { ...TOPICS.events, partitions: 2 } },
      onProblem: () => undefined,
      onFatal: (error) => {
        throw error;
      },
    });
  }

  static async start(): Promise<Sealing> {
    const store = await startStore();
    const address: StoreAddress = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
    await migrate(address, { retentionDays: 400 });
    const sealing = new Sealing(store, storeClient(address));
    await sealing.log.start();
    return sealing;
  }

  async stop(): Promise<void> {
    await this.log.stop();
    await this.client.close();
    await this.store.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** As detection stores and commits them; the first batch twice, as after a crash. */
  async storeEvents(partition: number, offset: number, events: readonly Event[]): Promise<void> {
    const writer = new StoreWriter({ client: this.client });
    writer.start();
    const block = Buffer.from(encodeRows(events, events.map((_, index) => ({ partition, offset, index })))); // prettier-ignore
    for (let times = 0; times < 2; times++) {
      writer.add(block, events.length, { partition, offset });
      await writer.flushed();
    }
    writer.stop();
    await this.log.commit('detect', [{ topic: 'events', partition, offset: offset + 1 }]);
  }

  sealer(digest: 'sha256' | 'sm3' = 'sha256', notes: Note[] = []): Sealer {
    const keys = { signer: async () => ({ key: this.key, notes: [] }), current: async () => this.key };
    return new Sealer({
      ...{ log: this.log, store: this.queries, keys, digest, program: '0.1.0', access: 'full' },
      notes: () => notes.splice(0),
      onProblem: (_, error) => {
        throw error;
      },
    });
  }

  /** A path in the folder that nothing else has. */
  newPath(name: string): string {
    return join(this.dir, `${this.#files++}-${name}`);
  }

  /** Exports all evidence. @returns the folder. */
  async exported(): Promise<string> {
    const folder = this.newPath('export');
    const range = { from: 0, to: Date.now() + 60_000, streams: STREAMS, by: 'lina' };
    const files = evidenceFiles(this.queries, { key: this.key, folder, program: '0.1.0' }, range);
    while ((await files.next()).done !== true);
    return folder;
  }

  async verified(): Promise<Report> {
    return verifyExport({ folder: await this.exported(), key: publicPemOf(this.key) });
  }

  /** Changes the store behind the back of everybody; resolves when it is done. */
  async tamper(query: string): Promise<void> {
    await this.client.command({ query, clickhouse_settings: { mutations_sync: '1' } });
  }
}

/** The n-th, with what is awkward to hash in its fields. */
export function awkwardEvent(n: number): Event {
  return {
    ...emptyEvent(),
    ...{ id: randomUUID(), time: 1_790_000_000_000 + n, ingestTime: Date.now(), sequence: n, source: 'gateway' },
    ...{ account: `李娜${n}`, privileged: n % 2 === 0, fields: ['姓名', 'id:1'], attributes: ['b', '1', 'a', '3:x'] },
    ...{ message: `导出 "${n}"\n\\ / \t 第二行 \u0000 \ud83d\ude00 ${'x'.repeat(n)}`, rows: 2 ** 40 + n },
  };
}
