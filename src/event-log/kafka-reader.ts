import { randomUUID } from 'node:crypto';
import kafkajs, { type Cluster, type IHeaders, type Kafka } from 'kafkajs';
import { Repeats, SENT_AS } from './repeats.ts';

const FETCH_MAX_BYTES = 8 << 20;
const FETCH_WAIT_MS = 500;
const TRIES = 6;
const RETRY_MS = 300;

/** A record as it is in Kafka. */
export interface KafkaRecord {
  offset: number;
  key: string;
  /** null: the key was removed. */
  value: Buffer | null;
}

interface FetchedPartition {
  messages: {
    offset: string;
    key: Buffer | null;
    value: Buffer | null;
    headers?: IHeaders;
    isControlRecord?: boolean;
  }[];
}

/** The requests that kafkajs can make but does not offer. */
interface FetchingBroker {
  fetch(request: object): Promise<{ responses: { partitions: FetchedPartition[] }[] }>;
  offsetCommit(request: object): Promise<void>;
}

interface FetchingCluster extends Omit<Cluster, 'findGroupCoordinator' | 'findLeaderForPartitions'> {
  findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>;
  findGroupCoordinator(group: { groupId: string }): Promise<FetchingBroker>;
}

/**
 * Reads ranges of partitions without joining a group, and commits for groups that have no member. kafkajs offers neither;
 * an assigner is given the cluster, though, so a consumer that is never run provides one.
 */
export class KafkaReader {
  readonly #cluster: FetchingCluster;

  constructor(kafka: Kafka) {
    let cluster: Cluster | undefined;
    kafka.consumer({
      groupId: `unused-${randomUUID()}`,
      partitionAssigners: [
        (config) => {
          cluster = config.cluster;
          return kafkajs.PartitionAssigners.roundRobin(config);
        },
      ],
    });
    this.#cluster = cluster as unknown as FetchingCluster;
  }

  start(): Promise<void> {
    return this.#cluster.connect();
  }

  stop(): Promise<void> {
    return this.#cluster.disconnect();
  }

  /** First kept offset of a partition and the one that the next record will get. @param topic in Kafka. */
  async bounds(topic: string, partition: number): Promise<{ first: number; next: number }> {
    await this.#cluster.addTargetTopic(topic);
    const offset = async (fromBeginning: boolean): Promise<number> => {
      const asked = [{ topic, fromBeginning, partitions: [{ partition }] }];
      const [found] = await this.#again(() => this.#cluster.fetchTopicsOffset(asked));
      return Number(found!.partitions[0]!.offset);
    };
    const [first, next] = await Promise.all([offset(true), offset(false)]);
    return { first, next };
  }

  /** Reads [from, to) of a partition; the caller has made sure that these are within its bounds. @param topic in Kafka. */
  async *read(topic: string, partition: number, from: number, to: number): AsyncGenerator<KafkaRecord> {
    const repeats = new Repeats();
    await this.#cluster.addTargetTopic(topic);
    for (let at = from; at < to;) {
      const { messages } = await this.#again(() => this.#fetch(topic, partition, at));
      const last = messages.at(-1);
      if (last === undefined || Number(last.offset) < at) return; // the rest has been compacted away
      for (const { offset, key, value, headers, isControlRecord } of messages) {
        if (Number(offset) < at || Number(offset) >= to || isControlRecord) continue;
        if (repeats.isRepeat(headers?.[SENT_AS]?.toString())) continue;
        yield { offset: Number(offset), key: key?.toString() ?? '', value };
      }
      at = Number(last.offset) + 1;
    }
  }

  /** @param topics as kafkajs' offsetCommit takes them. */
  async commit(groupId: string, topics: object): Promise<void> {
    const coordinator = await this.#cluster.findGroupCoordinator({ groupId });
    await coordinator.offsetCommit({ groupId, groupGenerationId: -1, memberId: '', topics });
  }

  /** Asks again, knowing who leads now, when a leader has moved or a broker comes back. */
  async #again<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++)
      try {
        await this.#cluster.refreshMetadataIfNecessary();
        return await ask();
      } catch (error) {
        if (tries === TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS * tries));
        await this.#cluster.refreshMetadata().catch(() => undefined);
      }
  }

  async #fetch(topic: string, partition: number, offset: number): Promise<FetchedPartition> {
    const [nodeId] = Object.keys(this.#cluster.findLeaderForPartitions(topic, [partition]));
    if (nodeId === undefined) throw new Error(`partition ${partition} of topic ${topic} has no leader`);
    const broker = (await this.#cluster.findBroker({ nodeId })) as unknown as FetchingBroker;
    const { responses } = await broker.fetch({
      maxWaitTime: FETCH_WAIT_MS,
      maxBytes: FETCH_MAX_BYTES,
      isolationLevel: 0,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes: FETCH_MAX_BYTES }] }],
    });
    return responses[0]?.partitions[0] ?? { messages: [] };
  }
}
