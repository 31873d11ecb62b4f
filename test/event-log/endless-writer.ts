import { writeSync } from 'node:fs';
import { EmbeddedEventLog } from '../../src/event-log/embedded.ts';
import { TOPICS } from './conformance-topics.ts';

/**
 * Appends to events/0 of the log in the directory that is its argument until it is killed or can not go on; prints each
 * offset once it is acknowledged.
 */
const log = new EmbeddedEventLog({
  dir: process.argv[2]!,
  topics: TOPICS,
  onProblem: (message) => console.error(message),
  onFatal: (error) => {
    console.error(`fatal: ${error.message}`);
    process.exit(3);
  },
});
await log.start();
for (;;) {
  const { next } = await log.bounds('events', 0);
  const value = Buffer.from(`${next} ${'x'.repeat(10_000 * (next % 5))}`);
  const [offset] = await log.append([{ topic: 'events', partition: 0, value }]);
  writeSync(1, `${offset}\n`);
}
