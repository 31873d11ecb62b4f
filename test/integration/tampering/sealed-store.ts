import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditEntry } from '../../../src/access/audit/entry.ts';
import { encodeRows } from '../../../src/event/batch.ts';
import { emptyEvent, type Event } from '../../../src/event/event.ts';
import { EmbeddedEventLog } from '../../../src/event-log/embedded.ts';
import type { NewRecord, Topic } from '../../../src/event-log/event-log.ts';
import { evidenceFiles, STREAMS } from '../../../src/evidence/evidence-export.ts';
import type { StoreDifference } from '../../../src/evidence/difference.ts';
import { publicPemOf } from '../../../src/evidence/seal.ts';
import { Sealer } from '../../../src/evidence/sealer.ts';
import { StoreCheck } from '../../../src/evidence/store-check.ts';
import type { LifeEvent } from '../../../src/finding/lifecycle.ts';
import { versionRow } from '../../../src/registry/change-set.ts';
import { checkStoreOf } from '../../../src/store/check-store.ts';
import { storeClient, type StoreClient } from '../../../src/store/client.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { SealQueries } from '../../../src/store/seal-queries.ts';
import { TableCheck } from '../../../src/store/table-check.ts';
import { TableWriter, type TableOf } from '../../../src/store/table-writer.ts';
import { AUDIT, FINDINGS, INCIDENTS, LIVES } from '../../../src/store/tables.ts';
import { StoreWriter } from '../../../src/store/writer.ts';
import { verifyExport, type Report } from '../../../src/verifier/verify.ts';
import { TOPICS } from '../../event-log/conformance-topics.ts';
import { incident } from '../../feed/samples.ts';
import { aFinding } from '../../store/a-finding.ts';
import { startStore, type StoreProcess } from '../store-process.ts';

export type Row = Record<string, unknown>;

/** Tables with rows that are sealed, or that people query and come from what is sealed. */
export const TABLES = ['events', 'findings', 'triage', 'incidents', 'audit', 'sealed_records', 'sealed_blocks', 'seals'] as const; // prettier-ignore
export type TableName = (typeof TABLES)[number];

const EVENTS_A_BATCH = 12;
const DAY_MS = 86_400_000;
const DAYS = { findings: 1_826, triage: 1_826, incidents: 1_826, audit: 1_826 };

/**
 * A real store and a real log as the programs fill them: events of two days and two partitions, findings with what was decided
 * about them, incidents, an audit trail, changes of the registry, all sealed. Every second seal is of nothing new.
 */
export class SealedStore {
  readonly dir = mkdtempSync(join(tmpdir(), 'wanglou-sealed-store-'));
  readonly key = generateKeyPairSync('ed25519').privateKey;
  readonly keys = { signer: async () => ({ key: this.key, notes: [] }), current: async () => this.key };
  readonly log = new EmbeddedEventLog({
    dir: join(this.dir, 'log'),
    topics: { ...TOPICS, events: { ...TOPICS.events, partitions: 2 } },
    onProblem: () => undefined,
    onFatal: (error) => {
      throw error;
    },
    space: async () => ({ freeBytes: 1e12, totalBytes: 2e12 }),
  });
  /** The rows of each table as they were sealed. */
  readonly rows = new Map<TableName, readonly Row[]>();
  client!: StoreClient;
  #store: StoreProcess | undefined;
  #sealer!: Sealer;
  #exports = 0;
  readonly #tampered = new Set<TableName>();

  /**
   * @param busySeals how many seals have something in them.
   * @param running a store that is there already: it gets a database of its own.
   */
  async start(busySeals: number, running?: StoreProcess): Promise<void> {
    this.#store = running === undefined ? await startStore() : undefined;
    const { url, password } = running ?? this.#store!;
    const address = { url, user: 'default', password, database: 'sealed_store' };
    await migrate(address, { retentionDays: 400 });
    this.client = storeClient(address);
    // Fast, and without merges, which would undo what is hidden.
    const settings = { fsync_after_insert: 0, fsync_part_directory: 0, max_bytes_to_merge_at_max_space_in_pool: 1, max_bytes_to_merge_at_min_space_in_pool: 1 }; // prettier-ignore
    const stated = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
    for (const table of TABLES) await this.command(`ALTER TABLE ${table} MODIFY SETTING ${stated.join(', ')}`);
    await this.log.start();
    this.#sealer = new Sealer({
      ...{ log: this.log, store: new SealQueries(this.client), keys: this.keys, digest: 'sha256' },
      ...{ program: '0.1.0', access: 'full', onProblem: () => undefined },
    });
    for (let n = 0; n < busySeals; n++) {
      await this.#fill(n);
      await this.#sealer.seal();
      await this.#sealer.seal();
    }
    for (const table of TABLES) this.rows.set(table, await this.#read(table));
  }

  async stop(): Promise<void> {
    await this.log.stop();
    await this.client.close();
    await this.#store?.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  async command(query: string): Promise<void> {
    await this.client.command({ query });
  }

  /** Puts other rows in the place of a table's. @param parts each in an insert of its own: the engine hides the earlier of equal keys. */
  async write(table: TableName, parts: readonly (readonly Row[])[]): Promise<void> {
    this.#tampered.add(table);
    await this.command(`TRUNCATE TABLE ${table}`);
    for (const values of parts)
      if (values.length > 0) await this.client.insert({ table, values, format: 'JSONEachRow' });
  }

  /** Undoes what was written into tables. */
  async restore(): Promise<void> {
    for (const table of [...this.#tampered]) await this.write(table, [this.rows.get(table)!]);
    this.#tampered.clear();
  }

  /** What the comparison of the store with its seals finds, as `serve` makes it. */
  async differences(): Promise<readonly StoreDifference[]> {
    const { log, keys } = this;
    const tables = new TableCheck(this.client, { days: DAYS, storedTo: async () => Infinity });
    const store = checkStoreOf(this.client, tables);
    const failures: string[] = [];
    const check = new StoreCheck({
      ...{ store, log, keys, sealsKeptDays: 2_000, share: 1 },
      head: () => this.#sealer.head,
      onProblem: (problem) => failures.push(problem),
    });
    await check.run();
    if (check.state.state !== 'done') throw new Error(failures.join('; '));
    return check.state.differences;
  }

  /** What the stand-alone verifier says of an export of everything. */
  async verified(): Promise<Report> {
    const folder = join(this.dir, `export-${this.#exports++}`);
    const range = { from: 0, to: Date.now() + 60_000, streams: STREAMS, by: 'lina' };
    const files = evidenceFiles(new SealQueries(this.client), { key: this.key, folder, program: '0.1.0' }, range);
    while ((await files.next()).done !== true);
    const report = await verifyExport({ folder, key: publicPemOf(this.key), threads: 1 });
    rmSync(folder, { recursive: true });
    return report;
  }

  async #fill(n: number): Promise<void> {
    const findings = [0, 1].map((m) => aFinding({ id: randomUUID(), revision: 1 + m, alert: m === 0, lastTime: Date.now(), actor: `李娜${n}` })); // prettier-ignore
    const lives = findings.map(({ id }): LifeEvent => ({ id: randomUUID(), finding: id, act: 'note', at: Date.now(), by: 'lina', revision: 1, alert: true, score: 70, assetLevel: 'important', assignee: '', disposition: '', text: `已核实 ${n}` })); // prettier-ignore
    const entries = [0, 1, 2].map((m) => auditEntry({ id: randomUUID(), at: Date.now() + m, action: 'reveal', reason: `线索 ${n}`, roles: ['auditor'] })); // prettier-ignore
    const incidents = [{ ...incident(findings), id: randomUUID(), lastTime: Date.now() }];
    await this.#record('findings', FINDINGS, findings);
    await this.#record('triage', LIVES, lives);
    await this.#record('incidents', INCIDENTS, incidents);
    await this.#record('audit', AUDIT, entries);
    const version = { list: 'persons', key: `p-${n}`, recordedAt: Date.now(), changeSet: randomUUID(), change: 'added', entries: [{ id: `p-${n}`, name: '李娜' }] } as const; // prettier-ignore
    await this.log.table('registry').put([versionRow(version)]);
    await this.#storeEvents(n % 2, Date.now() - (n % 3 === 0 ? DAY_MS : 0));
  }

  async #record<T extends { id: string }>(topic: Topic, into: TableOf<T>, records: readonly T[]): Promise<void> {
    await this.log.append(records.map((one): NewRecord => ({ topic, partition: 0, key: one.id, value: Buffer.from(JSON.stringify(one)) }))); // prettier-ignore
    await new TableWriter(this.client, into).write(records);
  }

  async #storeEvents(partition: number, ingestTime: number): Promise<void> {
    const events = Array.from({ length: EVENTS_A_BATCH }, (_, n): Event => ({
      ...emptyEvent(),
      ...{ id: randomUUID(), time: ingestTime - 500, ingestTime: ingestTime + n, sequence: n, source: 'gateway' },
      ...{ account: `李娜${n}`, fields: ['姓名', 'id:1'], attributes: ['b', '1'], message: `导出 "${n}"\n`, rows: n },
      ...{ asset: 'people', action: 'query', outcome: 'success', dataSubjects: [`s${n}`] },
    }));
    const value = Buffer.from('a batch');
    const [offset = 0] = await this.log.append([{ topic: 'events', partition, value }]);
    const writer = new StoreWriter({ client: this.client });
    writer.start();
    const block = Buffer.from(encodeRows(events, events.map((_, index) => ({ partition, offset, index })))); // prettier-ignore
    writer.add(block, events.length, { partition, offset });
    await writer.flushed();
    writer.stop();
    await this.log.commit('detect', [{ topic: 'events', partition, offset: offset + 1 }]);
  }

  async #read(table: TableName): Promise<Row[]> {
    const result = await this.client.query({
      query: `SELECT * FROM ${table} FINAL`,
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return result.json<Row>();
  }
}
