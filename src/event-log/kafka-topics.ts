import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type ConfigEntries, type ITopicConfig, type ITopicMetadata } from 'kafkajs';
import type { KeyedTopic, Topic } from './event-log.ts';
import type { TopicLimit } from './kafka-appender.ts';
import { KEYED_TOPICS, type TopicTable } from './topics.ts';

/** Batches of this size are taken by the topics that are created here. */
const CREATED_MAX_BYTES = 4 << 20;
const KAFKA_DEFAULT_MAX_BYTES = 1_048_588;
const BATCH_HEAD_BYTES = 1_024;
const CREATED_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 100;
const NOT_YET = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'];

export interface KafkaTopics {
  limits: ReadonlyMap<string, TopicLimit>;
  partitions: ReadonlyMap<string, number>;
}

/**
 * Creates the topics that are missing and finds out what the others are like. Those that exist stay as the operator made
 * them; `min.insync.replicas` is the operator's too.
 */
export async function settleTopics(
  admin: Admin,
  topics: TopicTable,
  options: { prefix: string; replication: number },
): Promise<KafkaTopics> {
  const wanted = wantedTopics(topics, options);
  const existing = new Set(await admin.listTopics());
  const missing = wanted.filter(({ topic }) => !existing.has(topic));
  if (missing.length > 0) await admin.createTopics({ topics: missing, waitForLeaders: false });
  const names = wanted.map(({ topic }) => topic);
  const found = await metadataOf(admin, names);
  const short = (name: string): string => name.slice(options.prefix.length);
  return {
    limits: await limitsOf(admin, names, short),
    partitions: new Map(found.map(({ name, partitions }) => [short(name), partitions.length])),
  };
}

/** A broker does not know topics, or their leaders, for a moment after we or another program have created them. */
async function metadataOf(admin: Admin, names: string[]): Promise<ITopicMetadata[]> {
  for (const end = Date.now() + CREATED_WITHIN_MS; ; await sleep(LOOK_EVERY_MS))
    try {
      return (await admin.fetchTopicMetadata({ topics: names })).topics;
    } catch (error) {
      if (!isNotYet(error) || Date.now() > end) throw error;
    }
}

function isNotYet(error: unknown): boolean {
  const { type, cause } = error as { type?: string; cause?: unknown };
  return NOT_YET.includes(type ?? '') || (cause !== undefined && isNotYet(cause));
}

function wantedTopics(
  topics: TopicTable,
  { prefix, replication }: { prefix: string; replication: number },
): ITopicConfig[] {
  const common = { replicationFactor: replication };
  const logs = (Object.keys(topics) as Topic[]).map((topic) => {
    const { partitions, keepMs, keepBytes } = topics[topic];
    const configEntries = entries({
      'cleanup.policy': 'delete',
      'retention.ms': keepMs,
      'retention.bytes': Math.floor(keepBytes / partitions),
    });
    return { ...common, topic: prefix + topic, numPartitions: partitions, configEntries };
  });
  const tables = KEYED_TOPICS.map((topic: KeyedTopic) => {
    const configEntries = entries({ 'cleanup.policy': 'compact' });
    return { ...common, topic: prefix + topic, numPartitions: 1, configEntries };
  });
  return [...logs, ...tables];
}

function entries(settings: Record<string, string | number>): { name: string; value: string }[] {
  const all = { ...settings, 'max.message.bytes': CREATED_MAX_BYTES };
  return Object.entries(all).map(([name, value]) => ({ name, value: String(value) }));
}

async function limitsOf(
  admin: Admin,
  names: string[],
  short: (name: string) => string,
): Promise<Map<string, TopicLimit>> {
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type, name, configNames: ['max.message.bytes'] })),
  });
  const limits = new Map<string, TopicLimit>();
  for (const { resourceName: name, configEntries } of resources as {
    resourceName: string;
    configEntries: ConfigEntries[];
  }[]) {
    const stated = Number(configEntries.find((entry) => entry.configName === 'max.message.bytes')?.configValue);
    limits.set(short(name), { name, maxBytes: (stated || KAFKA_DEFAULT_MAX_BYTES) - BATCH_HEAD_BYTES });
  }
  return limits;
}
