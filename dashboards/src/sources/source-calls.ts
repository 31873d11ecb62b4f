import type { Coverage, SourceDetail, Span } from '../../../src/sources/source.ts';
import { call } from '../api.ts';

/** All sources, and what none covers. @throws ApiError */
export async function coverage(): Promise<Coverage> {
  return call('GET', 'source-coverage');
}

/** @throws ApiError */
export async function sourceDetail(source: string, span: Span): Promise<SourceDetail> {
  return call('GET', `sources/${encodeURIComponent(source)}?span=${span}`);
}
