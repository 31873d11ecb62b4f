import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { columnsOf } from '../../../src/exports/columns.ts';
import { EXPORT_FORMATS, type ExportFormat, type ExportJob } from '../../../src/exports/export-job.ts';
import { startExport } from '../../../src/exports/export-process.ts';
import { openInDuckDb } from '../../exports/duckdb.ts';
import { peakRssMb, verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { filledStore } from '../history/filled.ts';

/** `--only export --events 10000000`: all events of a year as a file of each format, which DuckDB has to open. */
export const scenarios: Scenario[] = EXPORT_FORMATS.map((format) => ({
  id: `export-${format}`,
  title: `Export: all events as ${format}, masked, in one process`,
  unit: 'rows/s',
  group: 'export',
  repeat: 1,
  run: (context) => exported(context, format),
}));

async function exported(context: BenchContext, format: ExportFormat): Promise<Measured> {
  const { year, days, address } = await filledStore(context);
  const folder = mkdtempSync(join(tmpdir(), 'wanglou-bench-export-'));
  try {
    const path = join(folder, `all.${format}`);
    // Some events come weeks after their time.
    const [from, asOf] = [year.from - 30 * 86_400_000, Date.now()];
    const job: ExportJob = {
      query: { of: 'events', filter: { from, to: asOf, zone: 'Asia/Shanghai', asOf } },
      ...{ asked: {}, format, zone: 'Asia/Shanghai', bom: false, id: 'bench', by: 'bench', scope: null, at: asOf },
      ...{ state: 'running', attempts: 1, estimate: { rows: 0, bytes: 0, ms: 0 } },
    };
    const began = performance.now();
    let peakMb = 0;
    const running = startExport(
      {
        ...{ job, path, manifestPath: `${path}.manifest`, name: 'all', maxBytes: 1e12, rowFilters: null, tagged: [] },
        ...{ dataDir: folder, sealKeyFile: '', address, sqlAddress: address },
      },
      () => (peakMb = Math.max(peakMb, peakRssMb(running.pid!))),
    );
    const end = await running.ended;
    const seconds = (performance.now() - began) / 1_000;
    verify('file' in end, JSON.stringify(end));
    const { rows, bytes, rowsDigest } = (end as Extract<typeof end, { file: object }>).file;
    const expected = days.reduce((sum, { events }) => sum + events, 0);
    verify(rows === expected, `${rows} rows of ${expected}`);
    const columns = format === 'ndjson' ? [{ name: 'line', type: 'text' as const }] : columnsOf('events');
    const opened = await openInDuckDb(`${path}.part`, format, columns);
    verify(opened.rows === rows && opened.digest === rowsDigest, `DuckDB has ${opened.rows} rows, ${opened.digest}`);
    verify(peakMb < 300, `the process took ${peakMb} MB`);
    return {
      value: Math.round(rows / seconds),
      checked: `DuckDB has ${opened.rows} of ${expected} rows, and the same digest`,
      details: { 'peak RSS MB': peakMb, 'bytes a row': Math.round(bytes / rows) },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
