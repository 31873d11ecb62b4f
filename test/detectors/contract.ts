import type { Detector } from '../../src/detection/detector.ts';
import type { Event } from '../../src/event/event.ts';
import type { Registry } from '../../src/registry/registry.ts';
import type { RegistryInput } from '../../src/registry/schema.ts';
import type { JudgeOptions } from '../detection/judge.ts';
import { townRegistry } from './town.ts';

/** What every detector's tests hold, in the words of the catalogue of detectors. */
export const KINDS = {
  fires: 'fires',
  quiet: 'stays quiet about what is ordinary',
  below: 'is quiet just below its threshold',
  at: 'keeps to its threshold exactly',
  above: 'fires just above its threshold',
  coldStart: 'knows what to do before it knows anything',
  restDay: 'knows a holiday',
  makeUpDay: 'knows a make-up workday',
  late: 'comes to the same when events are up to ten minutes late',
  daysLate: 'judges what comes days late by its own time',
  duplicated: 'takes what comes twice once',
  replay: 'gives the same findings with the same ids again',
} as const;

export type Kind = keyof typeof KINDS;

/** A situation to be judged, made anew at each call. */
export interface Situation {
  events: () => Event[];
  /** The registry, with what the contract adds to it (a calendar); the small town when absent. */
  registry?: (more?: RegistryInput) => Registry;
  /** What is usual there; nothing is known when absent. */
  baseline?: (registry: Registry) => NonNullable<JudgeOptions['baseline']>;
  settings?: object;
}

/** A situation, and whether the detector fires in it. */
export interface Case extends Situation {
  finds: boolean;
}

/**
 * - `same`: the firing case, changed as the kind says (another calendar, other arrival, every event twice, once more), comes to
 *   the same findings. With `coldStart`: it fires though it begins with nothing known.
 * - `same finding`, only with `late`: where the detector speaks once, when its limit is passed, the order of events decides at
 *   which of them that is; id, score and severity are the same.
 * - a case of its own where the kind makes a difference.
 */
type Entry = 'same' | 'same finding' | Case;

/** The cases of a detector; kinds that have no meaning for it say why. */
export interface Contract {
  detector: Detector;
  cases: Partial<Record<Kind, Entry>>;
  notApplicable: Partial<Record<Kind, string>>;
}

interface Given extends Partial<Record<Kind, Entry>> {
  fires: Case;
  quiet: Case;
  notApplicable?: Contract['notApplicable'];
}

/** The contract of a detector; `late`, `duplicated` and `replay` are `same` unless it says otherwise. */
export function contract<S, T>(detector: Detector<S, T>, { notApplicable = {}, ...cases }: Given): Contract {
  return { detector: detector, cases, notApplicable };
}

export function fires(events: () => Event[], where: Omit<Situation, 'events'> = {}): Case {
  return { events, ...where, finds: true };
}

export function quiet(events: () => Event[], where: Omit<Situation, 'events'> = {}): Case {
  return { events, ...where, finds: false };
}

interface Threshold extends Omit<Situation, 'events'> {
  limit: number;
  /** Least step on either side; 1 when absent. */
  step?: number;
  /** The situation with so much of what is measured. */
  events: (amount: number) => Event[];
  /** Whether the limit itself is still quiet. */
  isExclusive?: boolean;
}

/** The three cases around a threshold. */
export function around({ limit, step = 1, events, isExclusive = false, ...where }: Threshold) {
  return {
    below: quiet(() => events(limit - step), where),
    at: { events: () => events(limit), ...where, finds: !isExclusive },
    above: fires(() => events(limit + step), where),
  };
}

/** Kinds for which the contract has neither a case nor a reason, or both. */
export function gapsOf({ cases, notApplicable }: Pick<Contract, 'cases' | 'notApplicable'>): string[] {
  return (Object.keys(KINDS) as Kind[]).flatMap((kind) => {
    const [isCase, isExcused] = [cases[kind] !== undefined, (notApplicable[kind] ?? '') !== ''];
    if (isCase === isExcused)
      return [`${kind}: ${isCase ? 'both a case and a reason' : 'neither a case nor a reason'}`];
    return [];
  });
}

export function registryOf({ registry = townRegistry }: Situation, more?: RegistryInput): Registry {
  return registry(more);
}

export function optionsOf(situation: Situation, more?: RegistryInput): JudgeOptions {
  const registry = registryOf(situation, more);
  return {
    registry,
    ...(situation.baseline && { baseline: situation.baseline(registry) }),
    ...(situation.settings && { settings: situation.settings }),
  };
}
