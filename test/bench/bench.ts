import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * One scenario of the suite: a file in scenarios/. It checks its own result first; a failed check voids the number.
 * `limits` of this machine are measured in the same run and are the denominators.
 */
export interface Scenario {
  id: string;
  title: string;
  unit: string;
  /** Id of the limit that the number is compared to. */
  limit?: string;
  /** Repetitions; the median counts. Long scenarios take 1. */
  repeat: number;
  /** Whether a smaller number is better: latencies, memory. */
  lowerIsBetter?: boolean;
  /** Runs only when this name, or its own id, is asked for: it takes hours. */
  group?: string;
  run(context: BenchContext): Promise<Measured>;
}

export interface BenchContext {
  /** How long the sustained scenarios run, s. */
  seconds: number;
  /** Stored events of the scenarios of `history`. */
  events: number;
  /** Folder that stays filled for the next run; undefined for one that goes. */
  keep: string | undefined;
  /** Median of a limit that has already been measured, or 0. */
  limit(id: string): number;
  progress(line: string): void;
}

export interface Measured {
  value: number;
  /** What was checked, so that a reader can trust the number: `stored 7200000 of 7200000`. */
  checked: string;
  /** Further numbers: percentiles, stages, CPU µs an event, peak RSS MB. */
  details: Record<string, number | string>;
  /** µs of the JavaScript threads an event by stage of its way, sampled, where the scenario can tell. */
  stages?: Record<string, number>;
}

/** The check that every scenario makes on its own result. */
export function verify(condition: boolean, what: string): void {
  if (!condition) throw new Error(`check failed, number void: ${what}`);
}

/** CPU seconds used so far by a process and its threads (user + system), from /proc. */
export function cpuSeconds(pid: number | 'self'): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Highest resident set so far, MB (10⁶ bytes). */
export function peakRssMb(pid: number | 'self'): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round((Number(line?.[1] ?? 0) * 1024) / 1e6);
}

const LOOK_MS = 250;
let waitedMs = 0;

/**
 * Waits until the machine is at least 80 % idle; returns the idle share, 0–1.
 * @param patienceMs how long the waits of a whole run take together, on a machine that is never quiet.
 */
export async function idleMachine(patienceMs: number): Promise<number> {
  for (;;) {
    const before = machineTimes();
    await pause(LOOK_MS);
    const after = machineTimes();
    const idle = (after.idle - before.idle) / Math.max(1, after.total - before.total);
    if (idle >= 0.8 || waitedMs >= patienceMs) return Math.round(idle * 100) / 100;
    waitedMs += LOOK_MS;
  }
}

function machineTimes(): { idle: number; total: number } {
  const times = readFileSync('/proc/stat', 'utf8').split('\n')[0]!.split(/\s+/).slice(1).map(Number);
  return { idle: times[3]! + times[4]!, total: times.reduce((sum, time) => sum + time, 0) };
}

/** Nearest-rank percentile of unsorted values, p in 0–100. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? NaN;
}

export async function loadScenarios(): Promise<Scenario[]> {
  const files = readdirSync(new URL('./scenarios/', import.meta.url)).filter((name) => name.endsWith('.ts'));
  const names = files.map((file) => file.slice(0, -'.ts'.length));
  const modules = await Promise.all(
    names.toSorted().map((name) => import(`./scenarios/${name}.ts`) as Promise<{ scenarios: Scenario[] }>),
  );
  return modules.flatMap((module) => module.scenarios);
}
