import type { FeedHealth, ProgramState } from './protocol.ts';
import { noTotals, type Pulse, type Totals } from './pulse.ts';

/** A program that has not spoken for this long is silent; one that has not for an hour is forgotten. */
const SILENT_MS = 5_000;
const FORGET_MS = 3_600_000;

interface Spoken {
  pulse: Pulse;
  arrivedAt: number;
  /** Events received, and not parsed, per second between its last two pulses. */
  received: number;
  unparsed: number;
}

/** What the programs last said about themselves, and how fast events come in. */
export class CurrentHealth {
  readonly #spoken = new Map<string, Spoken>();
  readonly #ownProblems: () => readonly string[];

  constructor(ownProblems: () => readonly string[]) {
    this.#ownProblems = ownProblems;
  }

  /** @returns false for a pulse that was here before or is older than the last one. */
  pulse(pulse: Pulse, now: number): boolean {
    const key = `${pulse.program}/${pulse.instance ?? ''}`;
    const before = this.#spoken.get(key)?.pulse;
    if (before && pulse.at <= before.at) return false;
    this.#spoken.set(key, {
      pulse,
      arrivedAt: now,
      received: perSecond(before, pulse, 'received'),
      unparsed: perSecond(before, pulse, 'unparsed'),
    });
    return true;
  }

  /** Events per second that the programs which still speak take in now. */
  rate(now: number): { received: number; unparsed: number } {
    const sum = { received: 0, unparsed: 0 };
    for (const { pulse, arrivedAt, received, unparsed } of this.#spoken.values()) {
      if (pulse.program !== 'collect' || now - arrivedAt >= SILENT_MS) continue;
      sum.received += received;
      sum.unparsed += unparsed;
    }
    return sum;
  }

  now(now: number, sourcesNotShown: number): FeedHealth {
    for (const [key, { arrivedAt }] of this.#spoken) if (now - arrivedAt > FORGET_MS) this.#spoken.delete(key);
    const spoken = [...this.#spoken.values()];
    const programs = spoken.map((one) => programState(one, now));
    const pulses = spoken.map((one) => one.pulse);
    const collectors = pulses.flatMap((pulse) => pulse.collectors);
    const parked = pulses.flatMap((pulse) => pulse.parked);
    const problems = [...new Set([...this.#ownProblems(), ...pulses.flatMap((pulse) => pulse.problems)])];
    const unwell =
      problems.length > 0 || parked.length > 0 || collectors.some((one) => !one.ready || one.problem !== '');
    return {
      state: stateOf(programs, unwell),
      programs,
      collectors,
      parked,
      problems,
      totals: sumOf(pulses),
      watermark: Math.max(0, ...pulses.map((pulse) => pulse.watermark)),
      sourcesNotShown,
    };
  }
}

function stateOf(programs: readonly ProgramState[], unwell: boolean): FeedHealth['state'] {
  if (programs.length === 0) return 'starting';
  if (programs.every((program) => program.silent)) return 'stale';
  return unwell || programs.some((program) => program.silent) ? 'degraded' : 'ok';
}

function programState({ pulse, arrivedAt }: Spoken, now: number): ProgramState {
  const silent = now - arrivedAt >= SILENT_MS;
  return { program: pulse.program, instance: pulse.instance ?? '', lastPulseAt: arrivedAt, silent };
}

/** A counter that has fallen began again at 0: the program was restarted. */
function perSecond(before: Pulse | undefined, pulse: Pulse, counter: keyof Totals): number {
  if (!before) return 0;
  const value = pulse.totals[counter];
  const grown = value >= before.totals[counter] ? value - before.totals[counter] : value;
  return (grown * 1_000) / Math.max(pulse.at - before.at, 1);
}

function sumOf(pulses: readonly Pulse[]): Totals {
  const sum = noTotals();
  for (const { totals } of pulses)
    for (const counter of Object.keys(sum) as (keyof Totals)[]) sum[counter] += totals[counter] || 0;
  return sum;
}
