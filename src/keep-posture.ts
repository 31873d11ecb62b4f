import type { Logger } from 'pino';
import type { EventLog } from './event-log/event-log.ts';
import type { Feed } from './feed/feed.ts';
import type { Finding } from './finding/finding.ts';
import type { LifeEvent } from './finding/lifecycle.ts';
import { keepTrying } from './keep-trying.ts';
import { unstoredFindings } from './live.ts';
import { PostureDesk, type PostureRegistry } from './posture-desk.ts';
import { PostureJob } from './posture-job.ts';
import { PosturePush } from './posture-push.ts';
import { HeardSources } from './posture/heard-sources.ts';
import type { StoreClient } from './store/client.ts';
import { PostureQueries } from './store/posture-queries.ts';
import { ASSET_USES, SCORES } from './store/tables.ts';
import { TableWriter } from './store/table-writer.ts';
import { UseKeeper } from './use-keeper.ts';

/** Sources that were not heard for longer count as never heard until they speak. */
const HEARD_WITHIN_MS = 86_400_000;

export interface PostureOfServe {
  desk: PostureDesk;
  /** The feed, with the posture beside it: both hear the same. */
  beside: Pick<Feed, 'finding' | 'recall' | 'life'>;
  /** Loads the findings as soon as the store answers, and writes from then on. */
  start: () => void;
  stop: () => Promise<void>;
}

/** The posture, which follows the findings beside the feed, and is written once a minute. */
export function keepPosture(
  client: StoreClient,
  eventLog: EventLog,
  registry: PostureRegistry,
  feed: Feed,
  log: Logger,
  unevenSources: () => ReadonlySet<string>,
): PostureOfServe {
  const store = new PostureQueries(client);
  const heard = new HeardSources(() => feed.sources(), unevenSources);
  const desk = new PostureDesk({ store, registry, heard: () => heard.now() });
  const [scores, uses] = [new TableWriter(client, SCORES), new TableWriter(client, ASSET_USES)];
  const job = new PostureJob({
    desk,
    store,
    write: (all) => scores.write(all),
    unstored: () => unstoredFindings(eventLog),
    onProblem: (error) =>
      log.error({ err: error }, 'a minute of the posture is not written; the next one makes up for it'),
  });
  const push = new PosturePush({
    desk,
    feed,
    onProblem: (error) => log.error({ err: error }, 'the score can not be told; it is tried again'),
  });
  const keeper = new UseKeeper({
    store,
    write: (all) => uses.write(all),
    book: desk.uses,
    onProblem: (error) => log.error({ err: error }, 'the use of assets is not noted; it is tried again'),
  });
  const load = async (): Promise<void> => {
    heard.recall(await store.lastHeard(Date.now() - HEARD_WITHIN_MS));
    await job.load();
  };
  return {
    desk,
    beside: {
      finding: (finding: Finding) => (feed.finding(finding), job.finding(finding), push.changed()),
      recall: (findings: readonly Finding[]) => (feed.recall(findings), findings.forEach((one) => job.finding(one))),
      life: (events: readonly LifeEvent[]) => (
        feed.life(events),
        events.forEach((one) => job.life(one)),
        push.changed()
      ),
    },
    start: () =>
      void keepTrying('posture', load, log).then(() => {
        job.start();
        push.start();
        keeper.start();
      }),
    stop: async () => {
      for (const writer of [scores, uses]) writer.stop();
      push.stop();
      await job.stop();
      await keeper.stop();
    },
  };
}
