import type { Finding } from '../../src/finding/finding.ts';
import type { LifeEvent } from '../../src/finding/lifecycle.ts';
import type { KeptPosture, PostureStore } from '../../src/posture-desk.ts';

/** A store of scores in memory, over the findings of another one. */
export class FakePosture implements PostureStore {
  readonly #from: { findings: readonly Finding[]; lives: readonly LifeEvent[] };
  kept: KeptPosture[] = [];

  constructor(from: { findings: readonly Finding[]; lives: readonly LifeEvent[] }) {
    this.#from = from;
  }

  async revisions(oldest: number, _exactSince: number, until: number) {
    return this.#from.findings.filter(({ lastTime, causedAt }) => lastTime > oldest && causedAt <= until);
  }
  async lives(_oldest: number, until: number) {
    return this.#from.lives.filter(({ at }) => at <= until);
  }
  async uses() {
    return [];
  }
  async scores(from: number, to: number) {
    return this.kept.filter(({ minute }) => minute >= from && minute <= to);
  }
  async scoreAt(scope: string, id: string, after: number, at: number) {
    return this.kept.findLast((one) => one.kind === scope && one.id === id && one.minute > after && one.minute <= at);
  }
  async series(scope: string, id: string, from: number, to: number) {
    return this.kept
      .filter((one) => one.kind === scope && one.id === id && one.minute >= from && one.minute < to)
      .map(({ minute, score, trust }) => ({ at: minute, score, lowest: score, trust }));
  }
}
