import type { StoreReader } from './reader.ts';
import { timeText } from './finding-rows.ts';
import type { TableOf } from './table-writer.ts';

/** The content of one version of a report, as text, with its digest. */
export interface KeptContent {
  report: string;
  version: number;
  digest: string;
  /** ms since the Unix epoch. */
  madeAt: number;
  content: string;
}

export const REPORT_CONTENTS: TableOf<KeptContent> = {
  table: 'reports',
  rowOf: ({ report, madeAt, ...same }) => ({ id: report, made_at: timeText(madeAt), ...same }),
};

/** Reads contents of reports. */
export class ReportContents {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /** @returns undefined when the store has none with that digest. */
  async of(report: string, version: number, digest: string): Promise<string | undefined> {
    const result = await this.#client.query({
      query: `SELECT content FROM reports WHERE id = {report:UUID} AND version = {version:UInt32} AND digest = {digest:String}
        LIMIT 1`,
      query_params: { report, version, digest },
      format: 'JSONEachRow',
    });
    const [row] = await result.json<{ content: string }>();
    return row?.content;
  }
}
