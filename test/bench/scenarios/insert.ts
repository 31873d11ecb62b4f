import { encodeBatch, storeBlock } from '../../../src/event/batch.ts';
import { emptyEvent, type Event } from '../../../src/event/event.ts';
import { IdSequence } from '../../../src/event/id.ts';
import { storeClient } from '../../../src/store/client.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { StoreWriter } from '../../../src/store/writer.ts';
import { startStore } from '../../integration/store-process.ts';
import { verify, type Scenario } from '../bench.ts';
import { LineReader } from '../in-process.ts';
import { sshdLines } from '../lines.ts';

const BATCH = 500;
const EVENTS = 500_000;

export const scenarios: Scenario[] = [
  {
    id: 'insert',
    title: `Insert ${EVENTS.toLocaleString('en')} events through the store's writer, durable`,
    unit: 'events/s',
    limit: 'limit-insert',
    repeat: 3,
    async run() {
      const store = await startStore();
      const address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
      const client = storeClient(address);
      try {
        await migrate(address, { retentionDays: 400 });
        const problems: string[] = [];
        const writer = new StoreWriter({ client, onProblem: (problem) => problems.push(problem) });
        writer.start();
        const began = performance.now();
        let offset = 0;
        for (const events of batches()) {
          const { bytes, baseEnd } = encodeBatch(events);
          writer.add(storeBlock(bytes, baseEnd, events, { partition: 0, offset }), events.length, {
            partition: 0,
            offset,
          });
          offset++;
          if (writer.full()) await writer.relieved();
        }
        await writer.durable(0, offset - 1);
        const value = (EVENTS * 1_000) / (performance.now() - began);
        writer.stop();
        const counted = await client.query({
          query: 'SELECT count(), uniqExact(id) FROM events',
          format: 'TabSeparated',
        });
        const [rows, distinct] = (await counted.text()).trim().split('\t');
        verify(Number(rows) === EVENTS && distinct === rows, `${rows} rows, ${distinct} distinct, of ${EVENTS}`);
        verify(
          problems.every((problem) => problem === ''),
          problems.join('; '),
        );
        return { value, checked: `${rows} rows = ${distinct} distinct ids`, details: { 'events a block': BATCH } };
      } finally {
        await client.close();
        await store.stop();
      }
    },
  },
];

/** The same texts under ids of their own. */
function* batches(): Generator<Event[]> {
  const reader = new LineReader();
  const ids = new IdSequence();
  const texts = sshdLines(BATCH).map((line) => reader.read(line, 'bench', Date.now()));
  for (let n = 0; n < EVENTS; n += BATCH)
    yield texts.map((event) => Object.assign(emptyEvent(), event, { id: ids.next() }));
}
