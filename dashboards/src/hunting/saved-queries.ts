import type { SavedParameter, SavedQueryRequest, SavedQueryVersion } from '../../../src/hunting/saved-query.ts';
import { call } from '../api.ts';

export type { SavedParameter, SavedQueryRequest, SavedQueryVersion };

export const listSaved = async (): Promise<readonly SavedQueryVersion[]> =>
  (await call<{ queries: readonly SavedQueryVersion[] }>('GET', 'saved-queries')).queries;

export const versionsOf = async (id: string): Promise<readonly SavedQueryVersion[]> =>
  (await call<{ versions: readonly SavedQueryVersion[] }>('GET', `saved-queries/${id}/versions`)).versions;

export const saveQuery = (request: SavedQueryRequest): Promise<SavedQueryVersion> =>
  call('POST', 'saved-queries', request);

export const changeQuery = (id: string, request: SavedQueryRequest, after: number): Promise<SavedQueryVersion> =>
  call('PUT', `saved-queries/${id}`, { ...request, after });

export const removeQuery = (id: string): Promise<SavedQueryVersion> => call('DELETE', `saved-queries/${id}`);
