import { randomUUID } from 'node:crypto';
import { WanglouError } from '../errors.ts';
import type { KeyedTable } from '../event-log/event-log.ts';
import type { SavedQueryRequest, SavedQueryVersion } from './saved-query.ts';

/** So many of one person, and versions of one query. */
const MOST_OF_ONE = 500;
const MOST_VERSIONS = 500;

/**
 * Queries that people keep: for themselves, or shared with all who hunt. All versions stay, in a table of the event log, so that
 * it can be said later what a report was made of.
 */
export class SavedQueryDesk {
  readonly #table: KeyedTable;
  readonly #now: () => number;

  constructor(table: KeyedTable, now: () => number = Date.now) {
    this.#table = table;
    this.#now = now;
  }

  /** The last version of each that this person sees, by name. @param shared whether those of others are seen */
  async list(account: string, shared: boolean): Promise<SavedQueryVersion[]> {
    const all = [...(await this.#all()).values()].map((versions) => versions.at(-1)!);
    return all
      .filter((one) => !one.removed && isSeen(one, account, shared))
      .sort((a, b) => a.name.localeCompare(b.name, 'zh') || (a.id < b.id ? -1 : 1));
  }

  /** All versions, the newest first. @throws WanglouError WL_NOT_FOUND */
  async versions(id: string, account: string, shared: boolean): Promise<SavedQueryVersion[]> {
    const versions = (await this.#all()).get(id);
    if (versions === undefined || !isSeen(versions.at(-1)!, account, shared)) throw unknown(id);
    return versions.toReversed();
  }

  /** @throws WanglouError WL_CONFLICT */
  async create(request: SavedQueryRequest, by: string): Promise<SavedQueryVersion> {
    const own = (await this.list(by, false)).length;
    if (own >= MOST_OF_ONE)
      throw new WanglouError('WL_CONFLICT', `${by} has ${own} saved queries, as many as one may have`, {
        remedy: 'Remove some first.',
      });
    return this.#put({ ...request, id: randomUUID(), version: 1, owner: by, by, at: this.#now(), removed: false });
  }

  /** @param after the version that was changed: somebody may have saved another meanwhile. @throws WanglouError WL_NOT_FOUND, WL_FORBIDDEN, WL_CONFLICT */
  async change(id: string, request: SavedQueryRequest, after: number, by: string): Promise<SavedQueryVersion> {
    const last = await this.#own(id, by);
    if (last.version !== after || last.version >= MOST_VERSIONS)
      throw new WanglouError('WL_CONFLICT', `saved query ${id} has version ${last.version}, not ${after}`, {
        details: { reason: 'saved-query-changed' },
        remedy: 'Look at what was saved meanwhile; save under another name to keep both.',
      });
    return this.#put({ ...last, ...request, version: last.version + 1, by, at: this.#now() });
  }

  /** It is listed no longer; its versions stay. @throws WanglouError WL_NOT_FOUND, WL_FORBIDDEN */
  async remove(id: string, by: string): Promise<SavedQueryVersion> {
    const last = await this.#own(id, by);
    return this.#put({ ...last, version: last.version + 1, by, at: this.#now(), removed: true });
  }

  async #own(id: string, by: string): Promise<SavedQueryVersion> {
    const last = (await this.#all()).get(id)?.at(-1);
    if (last === undefined || last.removed || !isSeen(last, by, true)) throw unknown(id);
    if (last.owner !== by)
      throw new WanglouError('WL_FORBIDDEN', `saved query ${id} is of ${last.owner}`, {
        details: { reason: 'saved-query-of-another' },
        remedy: 'Save it under a name of your own.',
      });
    return last;
  }

  /** By id, each with its versions in order. */
  async #all(): Promise<Map<string, SavedQueryVersion[]>> {
    const all = new Map<string, SavedQueryVersion[]>();
    for await (const [, value] of this.#table.entries()) {
      const one = JSON.parse(Buffer.from(value).toString()) as SavedQueryVersion;
      all.set(one.id, [...(all.get(one.id) ?? []), one]);
    }
    for (const versions of all.values()) versions.sort((a, b) => a.version - b.version);
    return all;
  }

  async #put(version: SavedQueryVersion): Promise<SavedQueryVersion> {
    const key = `${version.id}/${String(version.version).padStart(6, '0')}`;
    await this.#table.put([[key, Buffer.from(JSON.stringify(version))]]);
    return version;
  }
}

function isSeen({ owner, shared }: SavedQueryVersion, account: string, seesShared: boolean): boolean {
  return owner === account || (shared && seesShared);
}

function unknown(id: string): WanglouError {
  return new WanglouError('WL_NOT_FOUND', `There is no saved query ${id}`, {
    remedy: 'Look at the list of saved queries.',
  });
}
