import type { ExportEstimate, ExportFormat, ExportJob, RecordKind } from './export-job.ts';

/** Of a row, before anything was exported here. */
const USUAL_BYTES: Readonly<Record<ExportFormat, Readonly<Record<RecordKind, number>>>> = {
  csv: { events: 700, findings: 1_200, audit: 400, sharing: 250 },
  xlsx: { events: 350, findings: 600, audit: 200, sharing: 130 },
  parquet: { events: 120, findings: 300, audit: 100, sharing: 50 },
  ndjson: { events: 2_000, findings: 3_000, audit: 1_400, sharing: 800 },
};
const USUAL_ROWS_PER_SECOND = 15_000;
/** Of fewer rows nothing can be learned. */
const ENOUGH_ROWS = 1_000;
export const UNKNOWN_ESTIMATE: ExportEstimate = { rows: null, bytes: null, ms: null };

/** How large a file will be and how long it will take: by the last export of the same kind and format, or by what is usual. */
export function estimateOf(
  rows: number,
  of: RecordKind,
  format: ExportFormat,
  earlier: readonly ExportJob[],
): ExportEstimate {
  const last = earlier.findLast(
    (job) => job.query.of === of && job.format === format && (job.result?.rows ?? 0) >= ENOUGH_ROWS,
  );
  const { result, startedAt = 0, endedAt = 0 } = last ?? {};
  if (result === undefined) {
    const bytes = rows * USUAL_BYTES[format][of];
    return { rows, bytes, ms: Math.ceil((rows / USUAL_ROWS_PER_SECOND) * 1_000) };
  }
  const share = rows / result.rows;
  return { rows, bytes: Math.ceil(share * result.bytes), ms: Math.ceil(share * (endedAt - startedAt)) };
}
