import { encodeRows } from '../../src/event/batch.ts';
import type { Event } from '../../src/event/event.ts';
import { storeClient, type StoreAddress, type StoreClient } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { StoreWriter } from '../../src/store/writer.ts';
import { startStore } from './store-process.ts';

/** A real store with the tables, and events in it. */
export interface FilledStore {
  address: StoreAddress;
  client: StoreClient;
  stop(): Promise<void>;
}

/** Each event is inserted twice, as after a crash: whoever counts has to count it once. */
export async function storeWithEvents(events: readonly Event[]): Promise<FilledStore> {
  const store = await startStore();
  const address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  const client = storeClient(address);
  const writer = new StoreWriter({ client });
  writer.start();
  for (const offset of [0, 1]) {
    const block = Buffer.from(encodeRows(events, events.map((_, index) => ({ partition: 0, offset, index })))); // prettier-ignore
    writer.add(block, events.length, { partition: 0, offset });
    await writer.flushed();
  }
  writer.stop();
  return {
    address,
    client,
    stop: async () => {
      await client.close();
      await store.stop();
    },
  };
}
