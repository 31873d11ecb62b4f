import type { Target } from '../target.ts';
import { formatTargets } from './formats.ts';

/** Everything that takes bytes from outside, by name. */
export const TARGETS: Readonly<Record<string, () => Target | Promise<Target>>> = {
  ...formatTargets,
  'data-subjects': async () => (await import('./formats.ts')).dataSubjectsTarget(),
  charset: async () => (await import('./streams.ts')).charsetTarget(),
  'syslog-framing': async () => (await import('./streams.ts')).framingTarget(),
  'file-lines': async () => (await import('./streams.ts')).fileLinesTarget(),
  'ingest-body': async () => (await import('./bodies.ts')).ingestBodyTarget(),
  'bulk-body': async () => (await import('./bodies.ts')).bulkBodyTarget(),
  'compressed-body': async () => (await import('./bodies.ts')).compressedBodyTarget(),
  snappy: async () => (await import('./bodies.ts')).snappyTarget(),
  batch: async () => (await import('./batches.ts')).batchTarget(),
  'stored-blocks': async () => (await import('./batches.ts')).storedBlocksTarget(),
  'log-record': async () => (await import('./batches.ts')).logRecordTarget(),
  'finding-search': async () => (await import('./queries.ts')).findingSearchTarget(),
  'feed-subscription': async () => (await import('./queries.ts')).subscriptionTarget(),
  decisions: async () => (await import('./queries.ts')).decisionsTarget(),
  'sql-gate': async () => (await import('./sql.ts')).sqlGateTarget(),
  'import-csv': async () => (await import('./files.ts')).csvTarget(),
  'import-xlsx': async () => (await import('./files.ts')).xlsxTarget(),
  'registry-yaml': async () => (await import('./files.ts')).registryYamlTarget(),
  'registry-entry': async () => (await import('./files.ts')).registryEntryTarget(),
  config: async () => (await import('./files.ts')).configTarget(),
};
