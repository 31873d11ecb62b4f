import type { LifeEvent } from '../../../src/finding/lifecycle.ts';
import { vendorRisk, type RiskFinding } from '../../../src/posture/vendor-risk.ts';
import { DAY } from '../../calendar.ts';
import { Random } from '../../random.ts';
import { PLOTS } from '../incidents/index.ts';
import { SCENES } from '../season.ts';
import { DIFFICULTIES } from '../label.ts';
import type { World } from '../world.ts';
import type { YearDay } from './year.ts';

/** What only looks bad raises so many findings of a kind on a workday; on rest days, when few work, less. */
const FALSE_A_DAY = { workday: 0.35, rest: 0.1 };
/** Kinds that ordinary work resembles most raise more. */
const MANY_FALSE: Readonly<Record<string, number>> = {
  'off-hours-access': 9,
  'person-record-snooping': 7,
  'denial-probing': 5,
};

/** Findings of each kind, a day: those about staged wrongdoing at the season's rate, and false ones. */
export function findingsByDay({ seed }: World, days: readonly YearDay[]): Map<string, number[]> {
  const scenesADay = (SCENES.count * DIFFICULTIES.length) / SCENES.inDays;
  return new Map(
    PLOTS.filter(({ isIncident }) => isIncident !== true).map(({ name, workdays }) => [
      name,
      days.map(({ plan: { day, workday }, growth }) => {
        const random = new Random(seed, 'year', 'findings', name, day);
        const scenes = workdays === true && !workday ? 0 : random.poisson(scenesADay);
        const about = Array.from({ length: scenes }, () => 1 + random.poisson(0.5)).reduce((sum, n) => sum + n, 0);
        const usual = FALSE_A_DAY[workday ? 'workday' : 'rest'] * (MANY_FALSE[name] ?? 1);
        return about + random.poisson(usual * growth);
      }),
    ]),
  );
}

export const RISKY_VENDORS = ['yunlan', 'hengtai'];
const A_WEEK = { yunlan: 2.2, hengtai: 0.9 } as Readonly<Record<string, number>>;
const SEVERITIES = ['low', 'low', 'medium', 'medium', 'medium', 'high', 'critical'] as const;
const BENIGN = 0.6;

/** The risk of a vendor at the end of each day, by the formula of the product, on invented findings and decisions. */
export function riskByDay({ seed }: World, days: readonly YearDay[], vendor: string): number[] {
  const random = new Random(seed, 'year', 'risk', vendor);
  const findings: RiskFinding[] = [];
  const decisions: LifeEvent[] = [];
  for (const { plan } of days)
    for (let n = random.poisson((A_WEEK[vendor] ?? 1) / (plan.workday ? 5 : 20)); n > 0; n--) {
      const id = `${plan.day}/${n}`;
      const title = { zh: '', en: '' };
      const causedAt = plan.from + random.int(0, DAY - 1);
      findings.push({
        id,
        detector: 'vendor-outside-window',
        title,
        severity: random.pick(SEVERITIES),
        lastTime: causedAt,
        causedAt,
      });
      if (random.chance(BENIGN)) decisions.push(closedAsBenign(id, causedAt + random.int(1, 5) * DAY));
    }
  return days.map(({ plan: { to } }) => vendorRisk(vendor, findings, decisions, undefined, to).score);
}

function closedAsBenign(finding: string, at: number): LifeEvent {
  const nothing = { assetLevel: '', assignee: '', text: '', alert: false, score: 0, revision: 1 } as const;
  return { ...nothing, id: `${finding}/closed`, finding, act: 'closed', at, by: 'operator', disposition: 'benign' };
}
