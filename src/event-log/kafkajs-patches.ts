import { createRequire } from 'node:module';
import kafkajs, { type Assigner, type GroupMember, type PartitionAssigner } from 'kafkajs';
import { compressFrame, decompressFrame } from 'lz4-napi';

/**
 * What kafkajs 2.2.4, which nobody maintains any more, needs to be used here. It is pinned; this file names its internals.
 */
const internal = createRequire(import.meta.url);

interface RequestQueue {
  pending: unknown[];
  scheduleCheckPendingRequests(): void;
}

interface Cluster {
  findTopicPartitionMetadata(topic: string): { partitionId: number }[];
}

interface ConsumerGroup {
  assigners: readonly Assigner[];
  assigned(): { topic: string; partitions: number[] }[];
  heartbeat(options: { interval: number }): Promise<void>;
  joinAndSync(): Promise<void>;
}

/** What a subscription does around each (re-)joining of its group, while the partitions are nobody else's yet. */
export interface JoinHooks {
  /** The partitions held until now are about to go: finish and commit what is in hand. */
  beforeJoin(): Promise<void>;
  /** These partitions are held now; nothing is fetched before it resolves. */
  afterJoin(partitions: readonly number[]): Promise<void>;
}

const HEARTBEAT_MS = 2_000;
const hooksOf = new WeakMap<Assigner, JoinHooks>();

/** An assigner that makes kafkajs call the hooks of the consumer that uses it. */
export function assignerWith(hooks: JoinHooks, exclusive: boolean): PartitionAssigner {
  const make = exclusive ? firstTakesAll(Date.now()) : kafkajs.PartitionAssigners.roundRobin;
  return (config) => {
    const assigner = make(config);
    hooksOf.set(assigner, hooks);
    return assigner;
  };
}

const FIRST_TAKES_ALL = 'WanglouFirstTakesAll';

/** All partitions go to the member that came first; the time goes with its membership. */
function firstTakesAll(cameAt: number): PartitionAssigner {
  const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;
  const cameAtOf = ({ memberMetadata }: GroupMember): number =>
    Number(MemberMetadata.decode(memberMetadata)?.userData.toString());
  return ({ cluster }) => ({
    name: FIRST_TAKES_ALL,
    version: 0,
    protocol: ({ topics }) => ({
      name: FIRST_TAKES_ALL,
      metadata: MemberMetadata.encode({ version: 0, topics, userData: Buffer.from(String(cameAt)) }),
    }),
    assign: async ({ members, topics }) => {
      const [first] = [...members].sort((a, b) => cameAtOf(a) - cameAtOf(b) || (a.memberId < b.memberId ? -1 : 1));
      const assignment = Object.fromEntries(
        topics.map((topic) => [
          topic,
          (cluster as Cluster).findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId),
        ]),
      );
      const memberAssignment = MemberAssignment.encode({ version: 0, assignment, userData: Buffer.alloc(0) });
      return first === undefined ? [] : [{ memberId: first.memberId, memberAssignment }];
    },
  });
}

/** kafkajs tells of a rebalance only when it is over. Here it waits, before, for what is in hand to be committed. */
function waitForHooksAroundJoin(): void {
  const group = (internal('kafkajs/src/consumer/consumerGroup.js') as { prototype: ConsumerGroup }).prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its `this` below
  const join = group.joinAndSync;
  group.joinAndSync = async function (this: ConsumerGroup): Promise<void> {
    const hooks = this.assigners.map((assigner) => hooksOf.get(assigner)).find((found) => found !== undefined);
    if (!hooks) return join.call(this);
    await withHeartbeats(this, () => hooks.beforeJoin());
    await join.call(this);
    await withHeartbeats(this, () => hooks.afterJoin(this.assigned().flatMap(({ partitions }) => partitions)));
  };
}

/** Keeps the membership alive. That a rebalance is under way is what a heartbeat may well answer. */
async function withHeartbeats(group: ConsumerGroup, work: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => void group.heartbeat({ interval: 0 }).catch(() => undefined), HEARTBEAT_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

/** Without this it looks for pending requests without pause, also when there are none (tulios/kafkajs#1704). */
function checkOnlyPendingRequests(): void {
  const queue = (internal('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue }).prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its `this` below
  const schedule = queue.scheduleCheckPendingRequests;
  queue.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
}

/** kafkajs has LZ4 as a number only. Kafka means the LZ4 frame format, with independent blocks. */
function addLz4(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4] = () => ({
    compress: ({ buffer }: { buffer: Buffer }) => compressFrame(buffer),
    decompress: (buffer: Buffer) => decompressFrame(buffer),
  });
}

waitForHooksAroundJoin();
checkOnlyPendingRequests();
addLz4();
