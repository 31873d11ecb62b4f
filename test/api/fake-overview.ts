import type { Finding } from '../../src/finding/finding.ts';
import { BY_DETECTION, type LifeEvent } from '../../src/finding/lifecycle.ts';
import type { OverviewDeskParts } from '../../src/overview-desk.ts';
import type { HourOfEvents } from '../../src/store/overview-queries.ts';

/** Counts what another store in memory has; each finding there is its latest revision. */
export class FakeOverview implements Pick<OverviewDeskParts, 'store'>, Pick<OverviewDeskParts, 'scores'> {
  readonly store: OverviewDeskParts['store'];
  readonly scores: OverviewDeskParts['scores'];
  events: HourOfEvents[] = [];
  scoreThen: number | undefined;
  asked: string[] = [];

  constructor(from: { findings: readonly Finding[]; lives: readonly LifeEvent[] }) {
    this.store = {
      findingsByHour: async (start, end) => {
        this.asked.push('findings');
        return from.findings
          .filter(({ causedAt }) => causedAt >= start && causedAt < end)
          .map(({ department, severity, causedAt }) => ({
            ...{ department, severity, findings: 1 },
            hour: Math.floor((causedAt - start) / 3_600_000),
          }));
      },
      eventsByHour: async () => {
        this.asked.push('events');
        return this.events;
      },
      raisedSince: async (since) =>
        from.findings
          .filter(({ causedAt }) => causedAt >= since)
          .map(({ severity }) => ({ severity, findings: 1 }))
          .reduce<{ severity: Finding['severity']; findings: number }[]>((sums, { severity }) => {
            const known = sums.find((sum) => sum.severity === severity);
            if (known) known.findings++;
            else sums.push({ severity, findings: 1 });
            return sums;
          }, []),
      actsSince: async (since) =>
        from.lives
          .filter(({ by, at }) => by !== BY_DETECTION && at >= since)
          .map(({ by, act }) => ({ by, act, findings: 1 })),
    };
    this.scores = {
      scoreAt: async () => (this.scoreThen === undefined ? undefined : { score: this.scoreThen }),
    };
  }
}
