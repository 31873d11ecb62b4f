import type { Line } from '../line.ts';
import type { Effects } from './effects.ts';

/** Logs whose programs number their lines and say on which host: the identity provider's, the bastion's, applications'. */
const HOSTS: Readonly<Record<string, (line: string) => string>> = {
  identity: () => 'idp-01',
  bastion: () => 'bastion-01',
  applications: (line) => `${/"system":"([^"]+)"/.exec(line)?.[1] ?? 'unknown'}-app`,
};

/** Numbers the lines of each log as they are written, and lets tampering take some out or put one in. */
export class LineNumbers {
  readonly #next = new Map<string, number>();
  readonly #cut = new Map<string, number>();

  /** @param lines of one day, in order */
  number(lines: readonly Line[], effects: Effects): Line[] {
    const numbered: Line[] = [];
    /** Incident that the next line of a log gives away. */
    const betrayed = new Map<string, string>();
    for (const line of lines) {
      const host = HOSTS[line.source]?.(line.line);
      if (host === undefined) {
        numbered.push(line);
        continue;
      }
      const log = `${line.source} ${host}`;
      const number = this.#next.get(log) ?? 1;
      this.#next.set(log, number + 1);
      const isOf = (effect: { source: string; host: string }): boolean =>
        effect.source === line.source && effect.host === host;
      const cut = effects.at('cut', line.atMs, isOf);
      if (cut !== undefined && this.#mayCut(cut)) {
        betrayed.set(log, cut.incident);
        continue;
      }
      const forge = effects.at('forge', line.atMs, isOf);
      const incident = line.incident || (betrayed.get(log) ?? '');
      betrayed.delete(log);
      numbered.push({ ...line, incident, line: withNumber(line.line, host, number) });
      if (forge !== undefined && this.#mayCut({ ...forge, most: 1 }))
        numbered.push({ ...line, incident: forge.incident, line: withNumber(line.line, host, number) });
    }
    return numbered;
  }

  #mayCut({ incident, from, most }: { incident: string; from: number; most: number }): boolean {
    const key = `${incident} ${from}`;
    const done = this.#cut.get(key) ?? 0;
    this.#cut.set(key, done + 1);
    return done < most;
  }
}

function withNumber(line: string, host: string, number: number): string {
  return `${line.slice(0, -1)},"host":"${host}","sequence":${number}}`;
}
