import type { z } from 'zod';
import type { Event } from '../event/event.ts';
import type { Bilingual, Citation, Signal, Technique } from '../finding/finding.ts';
import type { Registry } from '../registry/registry.ts';
import type { SubjectKind } from './subjects.ts';

/**
 * The contract of a detector. One detector is one file in detectors/. It sees one subject's events in order and keeps plain
 * data about it; the engine owns storage, offsets, forgetting, grouping and faults.
 */
export interface Detector<Settings = unknown, State = unknown> {
  /** Named for what it finds: `password-spray`. Also the file's name. */
  name: string;
  /** Raised when the logic changes so that the same input may give other findings. */
  version: number;
  title: Bilingual;
  /** One or two sentences: what it finds and how it decides. */
  what: Bilingual;
  /** Cheap filter over enriched events; false for nearly all of them. */
  watches(event: Event): boolean;
  techniques: readonly Technique[];
  cites: readonly Citation[];
  knownGaps: readonly Bilingual[];
  /** A finding's sentence, built by the same code from invented values: for the catalogue. */
  example?: Bilingual;
  /** Every limit and window, with its unit in the name, a default and a description. */
  settings: z.ZodType<Settings>;
  /** Whose state this is. Kinds that follow from the partition key run in the first stage, the others in the second. */
  subject: SubjectKind;
  /** State of a subject at its first event. Plain data: numbers, strings, arrays, objects. */
  start(event: Event): State;
  /** Takes one event in: updates `state` in place, returns what it found (signalAt). No I/O, clock, randomness or globals. */
  step(state: State, event: Event, context: StepContext<Settings>): readonly Signal[];
  /**
   * For what happens because time passes; only with kinds that have `about`. Asked after every step: when `due` is to be
   * called at the latest by the engine's clock (ingest time made monotone, moved on by heartbeats), ms; Infinity for never.
   */
  wakeAt?(state: State): number;
  /** Called when the clock has reached that time. `moment` is an event with the subject and the time, and nothing else. */
  due?(state: State, moment: Event, context: StepContext<Settings>): readonly Signal[];
  /** The subject's state is dropped when the watermark is this far past its last event, ms. */
  forgetAfterMs: number;
}

export interface StepContext<Settings> {
  settings: Settings;
  registry: Registry;
  /** Robust expectations shared by detectors; see baseline.ts. */
  baseline: Baselines;
}

/** Volumes per actor and asset over 28 days, by day type; see DETECTORS.md "Common rules". */
export interface Baselines {
  /**
   * What is usual for this actor and asset over a window, from days before `at`: the actor's own history, else its peers',
   * else nothing (`source: 'cap'`, sampleSize 0). Statistic on log1p: median and MAD (MAD floor 0.15).
   */
  expected(measure: Measure, actor: string, asset: string, at: number): Expectation;
  /** How many of `actors` used the asset in the 28 days before the local day of `at`. */
  assetUsers(asset: string, actors: readonly string[], at: number): number;
  /** How many actors use the asset, today included, and for how long any of them has; those idle for 28 days are forgotten. */
  assetHistory(asset: string, at: number): AssetHistory;
  /** How long the platform has been watching data accesses: distinct days with any, in the 90 days before `at`. */
  observedDays(at: number): ObservedDays;
}

export interface ObservedDays {
  /** Distinct days with at least one data access. */
  days: number;
  /** Days from the first of them to the day of `at`; 0 when there are none. */
  spanDays: number;
}

export interface AssetHistory {
  users: number;
  /** Days from the first use by any of them to the day of `at`; 0 when there is none. */
  spanDays: number;
}

export type Measure = 'rows-1h' | 'rows-24h' | 'bytes-1h' | 'bytes-24h';

export interface Expectation {
  source: 'self' | 'peer' | 'cap';
  /** Of log1p(x). */
  median: number;
  mad: number;
  /** Active days behind it. */
  sampleSize: number;
  /** Median of log1p(x) of the actor's own days, be they too few to decide; 0 when there are fewer than 3. */
  ownMedian: number;
}

/** Gives a detector its types; returns it unchanged. */
export function defineDetector<Settings, State>(detector: Detector<Settings, State>): Detector<Settings, State> {
  return detector;
}
