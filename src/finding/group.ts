import type { AssetLevel, Event } from '../event/event.ts';
import type { Finding, Signal } from './finding.ts';

/** State of one group of signals. Plain data: it is kept and restored with the detector states. */
export interface Group {
  detector: string;
  /** Key within the detector as its signals give it; `groupKey` is unique for all time. */
  key: string;
  groupKey: string;
  /** The signal that the finding shows. */
  best: Signal;
  person: string;
  department: string;
  vendor: string;
  system: string;
  source: string;
  assetLevel: AssetLevel;
  firstTime: number;
  lastTime: number;
  causedAt: number;
  /** Signals so far, and how many of them the last emitted revision knew. */
  count: number;
  emitted: number;
  /** Score and rank of the asset level when people were last told. */
  alertScore: number;
  alertRank: number;
  eventIds: readonly string[];
  /** Clock of the last signal. */
  touched: number;
}

/** Where and when a signal came about. */
export interface Moment {
  /** Ingest time made monotone, ms: the clock of settling and forgetting, the same on replay. */
  clock: number;
  /** Local date of the event in its department's zone: `2026-11-20`. */
  day: string;
  partition: number;
  /** Place of the event in its partition, growing. */
  place: number;
}

const RE_ALERT_SCORE = 15;
const MAX_EVENT_IDS = 20;

/** Key of a signal within its detector: its own, else (actor, asset, local day), with the address where nobody is named. */
export function keyOf(signal: Signal, day: string): string {
  if (signal.groupKey !== undefined) return signal.groupKey;
  const who = signal.actor === '' ? signal.clientAddress : signal.actor;
  return `${who}\u001f${signal.asset}\u001f${day}`;
}

/** A key of a detector's own names no day by itself: the day on which its group began keeps later groups apart. */
export function newGroup(detector: string, key: string, signal: Signal, event: Event, moment: Moment): Group {
  const groupKey = signal.groupKey === undefined ? key : `${key}\u001f${moment.day}`;
  return {
    detector,
    key,
    groupKey,
    best: signal,
    ...partiesOf(signal, event),
    assetLevel: event.assetLevel,
    firstTime: event.time,
    lastTime: event.time,
    causedAt: event.ingestTime,
    count: 1,
    emitted: 0,
    alertScore: -Infinity,
    alertRank: -1,
    eventIds: signal.eventIds.slice(-MAX_EVENT_IDS),
    touched: moment.clock,
  };
}

/** Counts a further signal in; the one with the highest score, then with the most observed, is shown. */
export function addSignal(group: Group, signal: Signal, event: Event, clock: number): void {
  const { best } = group;
  if (signal.score > best.score || (signal.score === best.score && signal.observed >= best.observed)) {
    group.best = signal;
    Object.assign(group, partiesOf(signal, event));
  }
  if (levelRank(event.assetLevel) > levelRank(group.assetLevel)) group.assetLevel = event.assetLevel;
  group.firstTime = Math.min(group.firstTime, event.time);
  group.lastTime = Math.max(group.lastTime, event.time);
  group.causedAt = event.ingestTime;
  group.count++;
  group.touched = clock;
  group.eventIds = mergedIds(group.eventIds, signal.eventIds);
}

/** Whether people are to be told of the group as it is now. */
export function deservesAlert(group: Group): boolean {
  return group.best.score >= group.alertScore + RE_ALERT_SCORE || levelRank(group.assetLevel) > group.alertRank;
}

/** Records what people have been told. */
export function markAlerted(group: Group): void {
  group.alertScore = group.best.score;
  group.alertRank = levelRank(group.assetLevel);
}

/** core 6, important 5, general-4 … general-1 4 … 1, not stated 0. */
export function levelRank(level: AssetLevel): number {
  if (level === 'core') return 6;
  if (level === 'important') return 5;
  return level === '' ? 0 : level.charCodeAt(level.length - 1) - 48;
}

type Parties = Pick<Finding, 'person' | 'department' | 'vendor' | 'system' | 'source'>;

/** Persons and organisations are named only when the signal is about the event's actor. */
function partiesOf(signal: Signal, event: Event): Parties {
  const named = signal.actor !== '' && signal.actor === event.actor;
  return {
    person: named ? event.person : '',
    department: named ? event.department : '',
    vendor: named ? event.vendor : '',
    system: event.system,
    source: event.source,
  };
}

function mergedIds(known: readonly string[], added: readonly string[]): readonly string[] {
  const merged = known.filter((id) => !added.includes(id));
  merged.push(...added);
  return merged.slice(-MAX_EVENT_IDS);
}
