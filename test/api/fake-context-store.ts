import type { Finding } from '../../src/finding/finding.ts';
import type { Incident } from '../../src/finding/incident.ts';
import type { ContextQueries } from '../../src/store/context-queries.ts';

type Faked = Pick<ContextQueries, 'dailyMost' | 'lanes' | 'similar' | 'incidentsWith' | 'revisionsOf'>;

/** Answers with what a test has put in, whoever is asked about. */
export class FakeContextStore implements Faked {
  days: { day: string; value: number }[] = [];
  found: Awaited<ReturnType<Faked['lanes']>> = [];
  asked: object[] = [];
  fault: Error | undefined;
  readonly #store: { findings: Finding[]; incidents: Incident[] };

  constructor(store: { findings: Finding[]; incidents: Incident[] }) {
    this.#store = store;
  }

  async dailyMost(...asked: Parameters<Faked['dailyMost']>): Promise<{ day: string; value: number }[]> {
    this.asked.push(asked);
    if (this.fault) throw this.fault;
    return this.days;
  }
  async lanes(...asked: Parameters<Faked['lanes']>): ReturnType<Faked['lanes']> {
    this.asked.push(asked);
    return this.found;
  }
  async similar({ id, detector, actor, asset }: Finding): Promise<Finding[]> {
    return this.#store.findings.filter(
      (one) => one.id !== id && one.detector === detector && (one.actor === actor || one.asset === asset),
    );
  }
  async incidentsWith(finding: string): Promise<Incident[]> {
    return this.#store.incidents.filter(({ steps }) => steps.some((step) => step.finding === finding));
  }
  async revisionsOf(findings: readonly string[]): Promise<Finding[]> {
    return this.#store.findings.filter(({ id }) => findings.includes(id));
  }
}
