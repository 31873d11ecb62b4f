import { median, medianAbsoluteDeviation } from 'simple-statistics';
import type { Event } from '../event/event.ts';
import { zoneClock } from '../registry/local-time.ts';
import type { Registry } from '../registry/registry.ts';
import { isDataAccess, isDataRead } from './access-kinds.ts';
import { addUse, BYTES, collectVolumes, HISTORY_DAYS, newestDay, noUse, ROWS, usedBetween } from './baseline-days.ts';
import type { Volumes } from './baseline-days.ts';
import { firstOf, keptOf, keyOf, startOn, type AssetUse, type KeptPair, type Pair } from './baseline-pairs.ts';
import type { AssetHistory, Baselines, Expectation, Measure, ObservedDays } from './detector.ts';
import { MAX_AHEAD_MS } from './windows.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** A history of fewer active days or accesses than this says nothing … */
const MIN_ACTIVE_DAYS = 10;
const MIN_EVENTS = 30;
/** … unless it has so many days: a job that reads once a night never comes to more accesses than days. */
const ENOUGH_DAYS = 15;
const MIN_PEERS = 5;
/** With fewer days of the same kind (workday, rest day) than this, days of both kinds decide. */
const MIN_DAYS_OF_TYPE = 5;
/** So few days of the actor's own say nothing about its spread, but something about its size. */
const MIN_OWN_DAYS = 3;
const MAD_FLOOR = 0.15;
const OBSERVED_DAYS = 90;
const MEASURES: readonly Measure[] = ['rows-1h', 'rows-24h', 'bytes-1h', 'bytes-24h'];
const DAYS_KEY = 'days';
/** After any day, and a small integer, which takes less memory than Infinity. */
const NO_DAY = 2 ** 30;
/** Longer names are not remembered: no sender can fill the memory, or a key of the log, with them. */
const MAX_NAME = 200;

/** How unusual x is: 0.6745 · (log1p(x) − median) / MAD. */
export function robustZ(x: number, { median: middle, mad }: Expectation): number {
  return (0.6745 * (Math.log1p(x) - middle)) / mad;
}

/**
 * Volumes per actor and asset over 28 days. Only days before the local day that is asked about count, so the order of
 * events within a day never matters. Memory is bounded by `maxPairs`: about 0.3 kB and 56 bytes a day in use for each pair,
 * 0.5–1.9 kB; when they are too many, those that were idle longest go first.
 */
export class BaselineBook implements Baselines {
  readonly #registry: () => Registry;
  readonly #maxPairs: number;
  readonly #assets = new Map<string, AssetUse>();
  #pairs = 0;
  /** Days with any data access on the platform, ascending. */
  #days: number[] = [];
  #daysChanged = false;
  #changed: Pair[] = [];
  #dropped: Pair[] = [];

  constructor(registry: () => Registry, { maxPairs = 200_000 }: { maxPairs?: number } = {}) {
    this.#registry = registry;
    this.#maxPairs = maxPairs;
  }

  /** Actors × assets that are remembered. */
  get size(): number {
    return this.#pairs;
  }

  /**
   * Counts a data access in; other events change nothing.
   * @param place of the event in its partition, growing: one that was counted before, also before a restart, is left out.
   */
  observe(event: Event, place = -1): void {
    if (!isDataAccess(event)) return;
    if (event.ingestTime > 0 && event.time > event.ingestTime + MAX_AHEAD_MS) return;
    const clock = zoneClock(this.#registry().timeZone(event.department));
    const local = event.time + clock.offsetMs(event.time);
    const day = Math.floor(local / DAY_MS);
    this.#seeDay(day);
    if (event.asset.length > MAX_NAME || event.actor.length > MAX_NAME) return;
    const pair = this.#assets.get(event.asset)?.pairs.get(event.actor) ?? this.#addPair(event.asset, event.actor);
    if (place >= 0 && place <= pair.place) return;
    pair.place = place;
    pair.department = event.department;
    const isRead = event.rows > 0 || event.bytes > 0 ? isDataRead(event) : false;
    const rows = isRead ? event.rows : 0;
    addUse(pair, day, Math.floor(local / HOUR_MS), rows, isRead && rows === 0 ? event.bytes : 0);
    if (day < pair.since) startOn(pair, day);
    if (day > pair.asset.newest) pair.asset.newest = day;
    else if (day < pair.asset.newest) pair.asset.revision++;
    if (pair.changed) return;
    pair.changed = true;
    this.#changed.push(pair);
  }

  expected(measure: Measure, actor: string, asset: string, at: number): Expectation {
    const use = this.#assets.get(asset);
    if (!use) return unknown(0);
    const department = use.pairs.get(actor)?.department ?? '';
    const day = zoneClock(this.#registry().timeZone(department)).dayOf(at);
    use.newest = Math.max(use.newest, day);
    let answers = use.answers.get(actor);
    if (answers?.day !== day || answers.revision !== use.revision) {
      answers = { day, revision: use.revision, byMeasure: [undefined, undefined, undefined, undefined] };
      use.answers.set(actor, answers);
    }
    return (answers.byMeasure[MEASURES.indexOf(measure)] ??= this.#decide(measure, actor, use, day, at, department));
  }

  assetUsers(asset: string, actors: readonly string[], at: number): number {
    const use = this.#assets.get(asset);
    if (!use) return 0;
    const day = zoneClock(this.#registry().timeZone('')).dayOf(at);
    let users = 0;
    for (const actor of actors) {
      const pair = use.pairs.get(actor);
      if (pair && usedBetween(pair, day - HISTORY_DAYS, day)) users++;
    }
    return users;
  }

  assetHistory(asset: string, at: number): AssetHistory {
    const use = this.#assets.get(asset);
    if (!use) return { users: 0, spanDays: 0 };
    const today = zoneClock(this.#registry().timeZone('')).dayOf(at);
    return { users: use.pairs.size, spanDays: Math.max(0, today - use.since) };
  }

  observedDays(at: number): ObservedDays {
    const today = zoneClock(this.#registry().timeZone('')).dayOf(at);
    const days = this.#days.filter((day) => day < today && day >= today - OBSERVED_DAYS);
    return { days: days.length, spanDays: days.length === 0 ? 0 : today - days[0]! };
  }

  /** What changed since the last call, by key; undefined for what is to be removed. The values are plain copies. */
  *changed(): Iterable<[string, unknown]> {
    const [pairs, dropped] = [this.#changed, this.#dropped];
    this.#changed = [];
    this.#dropped = [];
    if (this.#daysChanged) yield [DAYS_KEY, this.#days.slice()];
    this.#daysChanged = false;
    for (const pair of dropped) if (!this.#current(pair)) yield [keyOf(pair), undefined];
    for (const pair of pairs) {
      pair.changed = false;
      if (this.#current(pair) === pair) yield [keyOf(pair), keptOf(pair)];
    }
  }

  /** Takes back what `changed` gave. */
  restore(key: string, value: unknown): void {
    if (value === undefined || value === null) return;
    if (key === DAYS_KEY) {
      for (const day of value as number[]) this.#seeDay(day);
      return;
    }
    const { asset, actor, since, department, place, days, hours } = value as KeptPair;
    const pair = this.#assets.get(asset)?.pairs.get(actor) ?? this.#addPair(asset, actor);
    Object.assign(pair, { department, place, days: days.slice(), hours: hours.slice() });
    startOn(pair, since);
    pair.asset.newest = Math.max(pair.asset.newest, newestDay(pair));
    pair.asset.revision++;
  }

  #decide(measure: Measure, actor: string, use: AssetUse, day: number, at: number, department: string): Expectation {
    const own = emptyVolumes();
    const pair = use.pairs.get(actor);
    if (pair) collect(pair, measure, day, own);
    if (isEnough(own)) return this.#statistic('self', own, day, at, department);
    const peers = this.#registry().peersOf(actor, at);
    const ownMedian = own.values.length < MIN_OWN_DAYS ? 0 : Math.log1p(median(own.values));
    if (peers.length < MIN_PEERS) return unknown(ownMedian);
    const theirs = emptyVolumes();
    for (const peer of peers) {
      const peerPair = peer === actor ? undefined : use.pairs.get(peer);
      if (peerPair) collect(peerPair, measure, day, theirs);
    }
    if (!isEnough(theirs)) return unknown(ownMedian);
    return { ...this.#statistic('peer', theirs, day, at, department), ownMedian };
  }

  /** Over the days of the same type as the day asked about, or over all when those are too few. */
  #statistic(source: 'self' | 'peer', volumes: Volumes, day: number, at: number, department: string): Expectation {
    const registry = this.#registry();
    const local = at + zoneClock(registry.timeZone(department)).offsetMs(at);
    const noon = at - (local - day * DAY_MS) + DAY_MS / 2;
    const type = registry.dayType(noon, department);
    const alike = volumes.values.filter(
      (_, i) => registry.dayType(noon + (volumes.days[i]! - day) * DAY_MS, department) === type,
    );
    const logs = (alike.length >= MIN_DAYS_OF_TYPE ? alike : volumes.values).map((value) => Math.log1p(value));
    const mad = Math.max(MAD_FLOOR, medianAbsoluteDeviation(logs));
    const middle = median(logs);
    return { source, median: middle, mad, sampleSize: logs.length, ownMedian: middle };
  }

  #current({ asset, actor }: Pair): Pair | undefined {
    return this.#assets.get(asset.name)?.pairs.get(actor);
  }

  /** Names are copied: a piece of a longer text would keep all of that text in memory. */
  #addPair(assetName: string, actorName: string): Pair {
    if (this.#pairs >= this.#maxPairs) this.#makeRoom();
    let asset = this.#assets.get(assetName);
    if (!asset) {
      const name = Buffer.from(assetName).toString();
      asset = { name, pairs: new Map(), since: Infinity, newest: -Infinity, revision: 0, answers: new Map() };
      this.#assets.set(name, asset);
    }
    const actor = Buffer.from(actorName).toString();
    const pair: Pair = { asset, actor, ...noUse(), since: NO_DAY, department: '', place: -1, changed: false };
    asset.pairs.set(actor, pair);
    this.#pairs++;
    return pair;
  }

  #seeDay(day: number): void {
    const days = this.#days;
    if (days[days.length - 1] === day) return;
    let place = days.length;
    while (place > 0 && days[place - 1]! > day) place--;
    if (place > 0 && days[place - 1] === day) return;
    const isNewest = place === days.length;
    days.splice(place, 0, day);
    if (days.length > OBSERVED_DAYS + 10) days.shift();
    this.#daysChanged = true;
    if (isNewest) this.#dropIdleSince(day - HISTORY_DAYS - 1);
  }

  /** Drops a tenth of the pairs or more, those idle longest first. */
  #makeRoom(): void {
    const newest = this.#days[this.#days.length - 1] ?? 0;
    for (let idle = HISTORY_DAYS; idle >= 0 && this.#pairs > this.#maxPairs * 0.9; idle = Math.ceil(idle / 2) - 1)
      this.#dropIdleSince(newest - idle);
    if (this.#pairs > this.#maxPairs * 0.9) this.#dropIdleSince(newest + 1);
  }

  /** Drops the pairs without any access on or after the day. */
  #dropIdleSince(day: number): void {
    for (const asset of this.#assets.values()) {
      for (const pair of asset.pairs.values()) {
        if (newestDay(pair) >= day) continue;
        asset.pairs.delete(pair.actor);
        this.#dropped.push(pair);
        this.#pairs--;
        asset.since = NaN;
      }
      if (Number.isNaN(asset.since)) asset.since = firstOf(asset.pairs.values());
      for (const [actor, { day: asked }] of asset.answers) if (asked < day) asset.answers.delete(actor);
      if (asset.pairs.size === 0) this.#assets.delete(asset.name);
    }
  }
}

function unknown(ownMedian: number): Expectation {
  return { source: 'cap', median: 0, mad: MAD_FLOOR, sampleSize: 0, ownMedian };
}

function emptyVolumes(): Volumes {
  return { days: [], values: [], reads: 0 };
}

function isEnough({ days, reads }: Volumes): boolean {
  return days.length >= ENOUGH_DAYS || (days.length >= MIN_ACTIVE_DAYS && reads >= MIN_EVENTS);
}

function collect(pair: Pair, measure: Measure, day: number, into: Volumes): void {
  const column = measure.startsWith('rows') ? ROWS : BYTES;
  collectVolumes(pair, column, measure.endsWith('-1h'), day - HISTORY_DAYS, day, into);
}
