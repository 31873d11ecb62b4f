import type { TopicTable } from '../../src/event-log/topics.ts';

export const PARTITIONS = 8;

/** Topics of the logs under test: as in the product, with eight partitions of `events`. */
export const TOPICS: TopicTable = {
  events: { partitions: PARTITIONS, keepMs: 3_600_000, keepBytes: 1 << 30, awaits: [] },
  findings: { partitions: 1, keepMs: 3_600_000, keepBytes: 1 << 30, awaits: [] },
  triage: { partitions: 1, keepMs: 3_600_000, keepBytes: 1 << 30, awaits: [] },
  incidents: { partitions: 1, keepMs: 3_600_000, keepBytes: 1 << 30, awaits: [] },
  audit: { partitions: 1, keepMs: 3_600_000, keepBytes: 1 << 30, awaits: [] },
  coverage: { partitions: 1, keepMs: 3_600_000, keepBytes: 1 << 30, awaits: [] },
  seals: { partitions: 1, keepMs: 3_600_000, keepBytes: 1 << 30, awaits: [] },
  pulse: { partitions: 1, keepMs: 3_600_000, keepBytes: 1 << 30, awaits: [] },
  unparsed: { partitions: 1, keepMs: 3_600_000, keepBytes: 1 << 30, awaits: [] },
};
