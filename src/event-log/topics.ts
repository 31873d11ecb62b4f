import type { KeyedTopic, Topic } from './event-log.ts';

/** How a topic is kept. */
export interface TopicSettings {
  /** Fixed when the topic is first created. */
  partitions: number;
  /** Records older than this may go, once every group has committed them. */
  keepMs: number;
  /** The oldest records beyond this size, over all partitions, may go, once every group has committed them. */
  keepBytes: number;
  /** Groups that must have committed a record before it may go, even if they have never been seen. */
  awaits: readonly string[];
}

export type TopicTable = Readonly<Record<Topic, TopicSettings>>;

/** Topics that keep the last value of each key. One partition each. */
export const KEYED_TOPICS: readonly KeyedTopic[] = [
  'states',
  'registry',
  'suppressions',
  'settings',
  'correlation',
  'reports',
  'holds',
  'report-steps',
  'people',
  'sender-tokens',
  'sender-token-uses',
  'credentials',
  'saved-queries',
];

/** A number per topic for keys in the embedded log. Never change or reuse one. */
export const TOPIC_NUMBERS: Readonly<Record<Topic | KeyedTopic, number>> = {
  events: 1,
  findings: 2,
  pulse: 3,
  unparsed: 4,
  states: 5,
  registry: 6,
  triage: 11,
  incidents: 12,
  suppressions: 13,
  settings: 14,
  correlation: 15,
  reports: 22,
  'report-steps': 40,
  people: 21,
  audit: 20,
  'sender-tokens': 23,
  'sender-token-uses': 24,
  credentials: 25,
  'saved-queries': 32,
  coverage: 37,
  seals: 34,
  holds: 35,
};

const HOUR_MS = 3_600_000;
const AUDIT_KEEP_MS = 90 * 24 * HOUR_MS;

/**
 * - `events`: batches of events, by account, else source.
 * - `findings`: each revision of a finding, in order.
 * - `triage`: each entry of a finding's history.
 * - `incidents`: each revision of an incident, in order.
 * - `audit`: each record of the audit trail; it stays at least until the store has it.
 * - `coverage`: what came in and what became of it, by source and minute; it stays at least until the store has it.
 * - `seals`: the chain of seals; it stays at least until the store has it.
 * - `pulse`: counters a second for the live page; nobody needs old ones.
 * - `unparsed`: what could not be read at all.
 *
 * @param partitions of `events`.
 * @param keepMs and `keepBytes` how much of what the store already has is kept for replay.
 */
export function topicTable(settings: { partitions: number; keepMs: number; keepBytes: number }): TopicTable {
  const kept = { keepMs: settings.keepMs, keepBytes: settings.keepBytes };
  return {
    events: { ...kept, partitions: settings.partitions, awaits: ['detect'] },
    findings: { ...kept, partitions: 1, awaits: [] },
    triage: { ...kept, partitions: 1, awaits: [] },
    incidents: { ...kept, partitions: 1, awaits: [] },
    audit: { ...kept, keepMs: AUDIT_KEEP_MS, partitions: 1, awaits: ['store-audit'] },
    coverage: { ...kept, partitions: 1, awaits: ['store-coverage'] },
    seals: { ...kept, keepMs: AUDIT_KEEP_MS, partitions: 1, awaits: ['seal'] },
    pulse: { partitions: 1, keepMs: HOUR_MS, keepBytes: 64 << 20, awaits: [] },
    unparsed: { ...kept, partitions: 1, awaits: [] },
  };
}
