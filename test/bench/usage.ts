import { readdirSync, readFileSync } from 'node:fs';
import { cpuSeconds, peakRssMb } from './bench.ts';

/** CPU seconds by `program: kind of thread`, since a beginning. */
export class Usage {
  readonly #pids: Record<string, number>;
  readonly #before: Map<string, number>;

  constructor(pids: Record<string, number>) {
    this.#pids = pids;
    this.#before = cpuByThread(pids);
  }

  /** CPU µs an event by `program: kind of thread`, those below 0.01 left out. */
  perEvent(events: number): Record<string, number> {
    const rows = [...cpuByThread(this.#pids)].map(([name, seconds]): [string, number] => {
      const micros = ((seconds - (this.#before.get(name) ?? 0)) * 1e6) / events;
      return [name, Math.round(micros * 100) / 100];
    });
    return Object.fromEntries(rows.filter(([, micros]) => micros > 0.01).sort(([, a], [, b]) => b - a));
  }

  /** Peak resident set by program, MB. */
  peakRss(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.#pids).map(([name, pid]) => [name, peakRssMb(pid)]));
  }
}

/** Threads that have ended count as `ended`. */
function cpuByThread(pids: Record<string, number>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [program, pid] of Object.entries(pids)) {
    let known = 0;
    for (const tid of readdirSync(`/proc/${pid}/task`)) {
      const thread = readThread(pid, tid);
      if (thread === undefined) continue;
      const name = `${program}: ${tid === String(pid) ? 'main' : kindOf(thread.name)}`;
      sums.set(name, (sums.get(name) ?? 0) + thread.seconds);
      known += thread.seconds;
    }
    sums.set(`${program}: ended`, Math.max(0, cpuSeconds(pid) - known));
  }
  return sums;
}

function readThread(pid: number, tid: string): { name: string; seconds: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${tid}/stat`, 'utf8');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { name, seconds: (Number(fields[11]) + Number(fields[12])) / 100 };
  } catch {
    return undefined; // it ended between the listing and the reading
  }
}

/** `libuv-worker` and `V8Worker` are named by Node, the others by ClickHouse; numbers at the end tell siblings apart. */
function kindOf(name: string): string {
  return name.replace(/[\d_:]+$/, '');
}
