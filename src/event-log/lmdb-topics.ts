import { double, type LmdbFiles } from './lmdb-files.ts';
import type { Topic } from './event-log.ts';
import { TOPIC_NUMBERS, type TopicTable } from './topics.ts';

/**
 * The topics with the partitions that each was begun with: with another number, records would lie where nobody reads, and
 * subjects would come to partitions that do not have their states.
 * @param report told when the number that is asked for is another one.
 */
export async function settledTopics(
  { root, partitions }: LmdbFiles,
  asked: TopicTable,
  report: (message: string) => void,
): Promise<TopicTable> {
  const settled = Object.entries(asked).map(async ([name, settings]) => {
    const key = Buffer.from([TOPIC_NUMBERS[name as Topic]]);
    await partitions.ifNoExists(key, () => void partitions.put(key, double(settings.partitions)));
    root.resetReadTxn(); // another process may have been first
    const begun = partitions.getBinary(key)!.readDoubleLE();
    if (begun !== settings.partitions)
      report(`topic ${name} was begun with ${begun} partitions and keeps them; ${settings.partitions} are asked for`);
    return [name, { ...settings, partitions: begun }];
  });
  return Object.fromEntries(await Promise.all(settled)) as TopicTable;
}
