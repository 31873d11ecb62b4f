import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { spaceOf } from './event-log/volume.ts';
import { manifestFor } from './export-manifest.ts';
import { recordsOf } from './export-records.ts';
import { sealedRecordsOf } from './export-seals.ts';
import { runSql, SQL_ASK_MS } from './export-sql.ts';
import type { ExportProgress } from './exports/export-job.ts';
import type { ExportOrder } from './exports/export-process.ts';
import { runExport, type ExportFile } from './exports/run-export.ts';
import { readMaskerOf } from './masking.ts';
import { storeClient } from './store/client.ts';
import { readerOfRows } from './store/reader.ts';
import { SealQueries } from './store/seal-queries.ts';

/** How long the store may take for one batch. */
const ASK_MS = 1_800_000;

/** Makes the file of an order and its manifest, `.part` at the end of both. @throws ExportFault, and what the store says */
export async function makeExport(
  order: ExportOrder,
  onProgress: (progress: ExportProgress) => void,
): Promise<ExportFile> {
  const { job, path, manifestPath, maxBytes, rowFilters, tagged, dataDir, address, sqlAddress } = order;
  const [client, sqlClient] = [storeClient(address, ASK_MS), storeClient(sqlAddress, SQL_ASK_MS)];
  try {
    const reader = rowFilters === null ? client : readerOfRows(client, rowFilters);
    const masker = await readMaskerOf(dataDir, tagged);
    const mask = <T>(data: T): T => masker.data(data);
    const used = async (): Promise<number> => {
      const { freeBytes, totalBytes } = await spaceOf(dirname(path));
      return 1 - freeBytes / totalBytes;
    };
    const file = await runExport(`${path}.part`, job, {
      records: (query) => recordsOf(reader, query),
      // Seals are of the whole platform: of those over the rows of the scope, all may be known.
      sealed: (query) => sealedRecordsOf(reader, new SealQueries(client), query),
      sql: (query) => runSql(sqlClient, order, query, mask),
      ...{ mask, limits: { maxBytes, used }, onProgress },
    });
    await writeFile(`${manifestPath}.part`, await manifestFor(order, file, { client, mask }), { mode: 0o600 });
    return file;
  } finally {
    await Promise.all([client.close(), sqlClient.close()]);
  }
}
