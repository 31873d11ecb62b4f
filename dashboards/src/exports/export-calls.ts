import type { ExportEstimate, ExportFormat, ExportKind, ExportView } from '../../../src/exports/export-job.ts';
import { call } from '../api.ts';

export type { ExportEstimate, ExportFormat, ExportKind, ExportView };

export const FORMATS: readonly ExportFormat[] = ['csv', 'xlsx', 'ndjson', 'parquet'];

/** What is asked for, as the server takes it. */
export interface ExportWish {
  of: ExportKind;
  query: Readonly<Record<string, unknown>>;
  format: ExportFormat;
  columns?: readonly string[];
  bom?: boolean;
  zone: string;
}

/** What a format is called: rows of a query in SQL are in no schema. */
export const formatText = (t: (key: string) => string, of: ExportKind, format: ExportFormat): string =>
  of === 'sql' && format === 'ndjson' ? t('exports.plainLines') : t(`exports.formats.${format}`);

/** @throws ApiError */
export const estimateExport = (wish: ExportWish) => call<ExportEstimate>('POST', 'exports/estimate', wish);
export const askExport = (wish: ExportWish) => call<ExportView>('POST', 'exports', wish);
export const removeExport = (id: string) => call<ExportView>('DELETE', `exports/${id}`);
export async function listExports(): Promise<readonly ExportView[]> {
  return (await call<{ exports: readonly ExportView[] }>('GET', 'exports')).exports;
}

/** Where the browser fetches it from. */
export const fileAddress = (id: string): string => `/api/v1/exports/${id}/file`;
export const bundleAddress = (id: string): string => `/api/v1/exports/${id}/bundle`;
export const manifestAddress = (id: string): string => `/api/v1/exports/${id}/manifest`;
