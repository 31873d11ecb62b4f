import type { Bilingual } from '../../../src/finding/finding.ts';
import { ApiError, call } from '../api.ts';
import type { Difference, EntryInput, ListName, ListSchema, Recorded } from './entry-types.ts';

export interface RegistrySchema {
  lists: readonly ListSchema[];
  /** Of dates without an offset. */
  timeZone: string;
  /** Whether who asks may change the registry. */
  mayChange: boolean;
}

export interface Overview {
  lists: readonly { list: ListName; entries: number }[];
  problems: readonly string[];
  warnings: readonly string[];
}

/** As of what time a page of entries is asked for; '' for now. */
export interface AsOf {
  /** What holds at this time. */
  valid: string;
  /** As it was known at this time. */
  known: string;
}

export interface EntryPage {
  entries: readonly Recorded[];
  next: string;
  total: number;
}

/** All throw ApiError. */
export async function registrySchema(): Promise<RegistrySchema> {
  return call('GET', 'registry-schema');
}

export async function registryOverview(): Promise<Overview> {
  return call('GET', 'registry');
}

export async function entryPage(
  list: ListName,
  { search, cursor, limit, ...asOf }: AsOf & { search: string; cursor: string; limit: number },
): Promise<EntryPage> {
  const query = asOfQuery(asOf);
  query.set('limit', String(limit));
  if (search !== '') query.set('search', search);
  if (cursor !== '') query.set('cursor', cursor);
  return call('GET', `registry/${list}?${query.toString()}`);
}

export async function entryOfKey(list: ListName, key: string, asOf: AsOf): Promise<Recorded> {
  return call('GET', `${pathOf(list, key)}?${asOfQuery(asOf).toString()}`);
}

/** By id; those that are unknown, or have no name, are left out. */
export async function namesOf(
  list: ListName,
  ids: readonly string[],
): Promise<Readonly<Record<string, Bilingual | string>>> {
  const query = new URLSearchParams([['list', list], ...ids.map((id): [string, string] => ['id', id])]);
  return (await call<{ names: Record<string, Bilingual | string> }>('GET', `registry-names?${query.toString()}`)).names;
}

/** Oldest first. */
export async function historyOf(list: ListName, key: string): Promise<readonly Recorded[]> {
  return (await call<{ versions: Recorded[] }>('GET', `${pathOf(list, key)}/history`)).versions;
}

interface How {
  dryRun: boolean;
  /** `recordedAt` of the version that was looked at. */
  basedOn?: number | undefined;
}

export async function createEntry(list: ListName, entry: EntryInput, how: How): Promise<readonly Difference[]> {
  return changesOf('POST', `registry/${list}`, how, entry);
}

/** Puts these in the place of all that is known of the name. */
export async function correctEntry(
  list: ListName,
  key: string,
  entries: readonly EntryInput[],
  how: How,
): Promise<readonly Difference[]> {
  return changesOf('PUT', pathOf(list, key), how, entries);
}

export async function endEntry(list: ListName, key: string, at: string, how: How): Promise<readonly Difference[]> {
  return changesOf('POST', `${pathOf(list, key)}/end`, how, { at });
}

export interface Imported {
  changes: readonly Difference[];
  /** Rows that the file has, and how many names of them stay as they are. */
  rows: number;
  unchanged: number;
}

const TABLES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Whether a file of that name can be imported. */
export function isTable(name: string): boolean {
  return Object.hasOwn(TABLES, extensionOf(name));
}

/** @param onSent called with the share that is sent, 0–1. */
export async function importTable(
  list: ListName,
  file: File,
  { dryRun, complete }: { dryRun: boolean; complete: boolean },
  onSent: (share: number) => void,
): Promise<Imported> {
  const query = new URLSearchParams({ list, dryRun: String(dryRun), complete: String(complete) });
  const type = TABLES[extensionOf(file.name)] ?? '';
  return sent(`/api/v1/registry-import?${query.toString()}`, file, type, onSent);
}

function extensionOf(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

function asOfQuery({ valid, known }: AsOf): URLSearchParams {
  const query = new URLSearchParams();
  if (valid !== '') query.set('validAt', new Date(valid).toISOString());
  if (known !== '') query.set('recordedAt', new Date(known).toISOString());
  return query;
}

function pathOf(list: ListName, key: string): string {
  return `registry/${list}/${encodeURIComponent(key)}`;
}

async function changesOf(
  method: 'POST' | 'PUT',
  path: string,
  { dryRun, basedOn }: How,
  body: object,
): Promise<readonly Difference[]> {
  const query = new URLSearchParams({ dryRun: String(dryRun) });
  if (basedOn !== undefined) query.set('basedOn', String(basedOn));
  return (await call<{ changes: Difference[] }>(method, `${path}?${query.toString()}`, body)).changes;
}

/** fetch() does not say how much of a body is sent. */
function sent(url: string, file: File, type: string, onSent: (share: number) => void): Promise<Imported> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.setRequestHeader('content-type', type);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onSent(total === 0 ? 1 : loaded / total);
    request.onerror = () => reject(new ApiError('network', 'no answer', 0));
    request.onload = () => {
      const answer = (request.response ?? {}) as Imported & Partial<ApiError>;
      if (request.status === 200) resolve(answer);
      else reject(failureOf(request.status, answer));
    };
    request.send(file);
  });
}

function failureOf(status: number, { code = 'network', message = '', remedy, faults }: Partial<ApiError>): ApiError {
  return new ApiError(code, message, status, { remedy, faults });
}
