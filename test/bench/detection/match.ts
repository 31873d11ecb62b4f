import { LOOK_ALIKE } from '../../../demo/activity/look-alikes.ts';
import { dayOf } from '../../../demo/calendar.ts';
import { circumstanceOf } from '../../../demo/season/hard-negatives/index.ts';
import type { SeasonLabel, Window } from '../../../demo/season/label.ts';
import type { Finding } from '../../../src/finding/finding.ts';
import type { Found, Played } from './play.ts';

/** A label and what was found about it. */
export interface LabelResult {
  label: SeasonLabel;
  /** Detectors, or the correlation, that found it, with the delay from its first line, ms. */
  foundBy: Map<string, number>;
}

export interface FalseFinding {
  finding: Finding;
  /** The hard negative that misled the detector; '' for ordinary life. */
  hardNegative: string;
}

export interface Matched {
  labels: LabelResult[];
  falseFindings: FalseFinding[];
}

const SLACK_MS = 45 * 60_000;

/** How the findings of a season stand to its labels: a finding is about what its contributing lines belong to. */
export function match(played: Played): Matched {
  // Whose lines were all lost while their source was silent left nothing that could be found.
  const shown = played.season.labels.filter(({ id }) => played.season.shown.has(id));
  const results = new Map(shown.map((label) => [label.id, { label, foundBy: new Map<string, number>() }]));
  const note = (id: string, by: string, at: number): boolean => {
    const result = results.get(id);
    if (result === undefined) return false;
    const delay = Math.max(0, at - result.label.from);
    result.foundBy.set(by, Math.min(delay, result.foundBy.get(by) ?? Infinity));
    return true;
  };
  const disturbing = shown.filter(({ windows }) => windows.length > 0);
  const falseFindings: FalseFinding[] = [];
  for (const found of played.found.values()) {
    const { detector } = found.finding;
    let isTrue = false;
    for (const [incident, at] of found.about) {
      const label = results.get(incident)?.label;
      if (label === undefined || isByChance(found.finding, label)) continue;
      isTrue = note(incident, detector, at) || isTrue;
    }
    for (const label of disturbing)
      if (isAboutDisturbance(found, label)) isTrue = note(label.id, detector, found.raisedAt) || isTrue;
    if (!isTrue) falseFindings.push({ finding: found.finding, hardNegative: hardNegativeOf(found, played) });
  }
  for (const { correlation, raisedAt, steps } of played.incidents.values())
    for (const step of steps)
      for (const incident of played.found.get(step)?.about.keys() ?? [])
        if (results.get(incident)?.label.isIncident) note(incident, correlation, raisedAt);
  return { labels: [...results.values()], falseFindings };
}

/** A finding about a source or host alone names some line of it, which may belong to anything. */
function isByChance({ detector, actor, asset, clientAddress }: Finding, label: SeasonLabel): boolean {
  return (
    actor === '' && asset === '' && clientAddress === '' && detector !== label.detector && label.windows.length === 0
  );
}

/** What is missing names no line: the source and the time tell what it is about. */
function isAboutDisturbance({ finding, raisedAt }: Found, { source, system, windows }: SeasonLabel): boolean {
  const isSame =
    source === ''
      ? finding.system === system && finding.actor === ''
      : finding.source === source && finding.actor === '';
  return isSame && isWithin(windows, raisedAt);
}

function isWithin(windows: readonly Window[], at: number): boolean {
  return windows.some(({ from, to }) => at >= from && at < to + SLACK_MS);
}

function hardNegativeOf({ finding, about, raisedAt }: Found, { world, season }: Played): string {
  const marked = [...about.keys()].find((incident) => incident.startsWith(LOOK_ALIKE));
  const disturbed = season.disturbances.find(
    (effect) => 'source' in effect && effect.source === finding.source && isWithin([effect], raisedAt),
  );
  const cause = marked ?? disturbed?.incident;
  if (cause !== undefined) return cause.slice(LOOK_ALIKE.length);
  return circumstanceOf(world, world.planOf(dayOf(finding.lastTime)), finding.actor, finding.vendor);
}
