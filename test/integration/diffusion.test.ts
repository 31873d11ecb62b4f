import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOutward } from '../../src/detection/sharing.ts';
import { DiffusionDesk } from '../../src/diffusion-desk.ts';
import { encodeRows } from '../../src/event/batch.ts';
import type { Event } from '../../src/event/event.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { storeClient, type StoreClient } from '../../src/store/client.ts';
import { DiffusionQueries } from '../../src/store/diffusion-queries.ts';
import { LedgerWriter } from '../../src/store/ledger-writer.ts';
import { migrate } from '../../src/store/migrate.ts';
import { StoreWriter } from '../../src/store/writer.ts';
import { eventAt } from '../detection/judge.ts';
import { startStore, type StoreProcess } from './store-process.ts';

const registry = registryFrom({
  departments: ['aid', 'tax', 'health'].map((id) => ({ id, name: id })),
  assets: [
    { id: 'families', name: 'families', names: ['aid.public.families'], level: 'important', owner: 'aid' },
    { id: 'summary', name: 'summary', level: 'important', owner: 'aid', derivedFrom: ['families'] },
  ],
});
const fields = ['name', 'phone'];
const events: Event[] = [
  eventAt('2026-11-18T10:00', {
    asset: 'families',
    department: 'aid',
    recipient: 'tax',
    action: 'share',
    rows: 70,
    fields,
  }),
  eventAt('2026-11-19T10:00', { asset: 'families', department: 'aid', recipient: 'tax', action: 'export', rows: 30 }),
  eventAt('2026-11-20T10:00', { asset: 'summary', department: 'tax', recipient: 'health', action: 'call', rows: 5 }),
  eventAt('2026-11-20T11:00', {
    asset: 'copy',
    department: 'tax',
    recipient: 'x.example',
    action: 'share',
    rows: 70,
    fields,
  }),
  // Passes nothing on: a read, a failure, nobody named.
  eventAt('2026-11-20T12:00', { asset: 'families', department: 'aid', recipient: 'tax', action: 'read', rows: 9 }),
  eventAt('2026-11-20T12:00', { asset: 'families', recipient: 'tax', action: 'share', outcome: 'failure', rows: 9 }),
  eventAt('2026-11-20T12:00', { asset: 'families', department: 'aid', action: 'export', rows: 9 }),
];

let store: StoreProcess;
let client: StoreClient;
beforeAll(async () => {
  store = await startStore();
  const address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  client = storeClient(address);
  const [eventWriter, ledger] = [new StoreWriter({ client }), new StoreWriter({ client, table: 'diffusion' })];
  const writer = new LedgerWriter(eventWriter, ledger, isOutward, encodeRows);
  writer.start();
  for (const offset of [0, 1]) {
    const block = Buffer.from(encodeRows(events, events.map((_, index) => ({ partition: 0, offset, index })))); // prettier-ignore
    writer.add(block, events.length, { partition: 0, offset }, events);
    await writer.flushed();
  }
  writer.stop();
});
afterAll(async () => {
  await client.close();
  await store.stop();
});

describe('the diffusion graph over the real store', () => {
  const desk = () => new DiffusionDesk(new DiffusionQueries(client), { current: () => registry });
  const at = (iso: string) => Date.parse(`${iso}+08:00`);

  it('has each passing once although its events were inserted twice, derived assets included', async () => {
    const { edges, onward } = await desk().of('aid.public.families', at('2026-11-21T00:00'));
    expect(edges.map(({ from, to, rows, events: count, hops }) => [from, to, rows, count, hops])).toEqual([
      ['department:aid', 'department:tax', 100, 2, 1],
      ['department:tax', 'department:health', 5, 1, 2],
    ]);
    expect(onward.map(({ to, by }) => [to, by])).toEqual([
      ['department:health', 'lineage'],
      ['external:x.example', 'fingerprint'],
    ]);
  });

  it('is as of the time that is asked about', async () => {
    const { edges } = await desk().of('families', at('2026-11-18T12:00'));
    expect(edges).toMatchObject([{ rows: 70, events: 1 }]);
    expect((await desk().of('families', at('2026-11-17T00:00'))).edges).toEqual([]);
    expect((await desk().of('unknown', at('2026-11-21T00:00'))).edges).toEqual([]);
  });
});
