import { lifeEventOf, type Disposition, type LifeEvent } from '../../src/finding/lifecycle.ts';
import type { Finding } from '../../src/finding/finding.ts';
import type { GrantUses, PostureInput } from '../../src/posture/contributions.ts';
import { FindingBook } from '../../src/posture/finding-book.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import type { RegistryInput } from '../../src/registry/schema.ts';
import { aFinding } from '../store/a-finding.ts';

export const NOW = Date.parse('2026-11-20T00:00:00Z');
export const DAY = 86_400_000;

/** A small town: two departments, three systems, a vendor that runs one of them and has done all that it should. */
export const town = {
  departments: [
    { id: 'civil', name: '民政局' },
    { id: 'health', name: '卫健委' },
  ],
  vendors: [
    {
      id: 'qm',
      name: '启明',
      backgroundChecks: true,
      ndaUntil: '2027-12-31',
      lastAssessment: { date: '2026-05-10', result: 'passed' },
    },
  ],
  systems: [
    { id: 'residents', name: '人口库', department: 'civil', runBy: 'qm' },
    { id: 'clinics', name: '诊疗', department: 'health' },
    { id: 'portal', name: '门户', department: 'health' },
  ],
  assets: [
    { id: 'register', name: '登记', system: 'residents', owner: 'civil', level: 'core' },
    { id: 'visits', name: '就诊', system: 'clinics', owner: 'health', level: 'general-2' },
  ],
  sources: [
    { id: 'residents-db', system: 'residents' },
    { id: 'clinics-api', system: 'clinics', silenceLimitMinutes: 60 },
  ],
} satisfies RegistryInput;
export const townRegistry = (more: RegistryInput = {}) => registryFrom({ ...town, ...more });

export const NO_USES: GrantUses = { since: Infinity, lastUse: () => 0 };

/** A finding in the residents' system; `ageDays` old. */
export function found(name: string, changes: Partial<Finding> = {}, ageDays = 0): Finding {
  const lastTime = NOW - ageDays * DAY;
  const id = `00000000-0000-5000-8000-${Buffer.from(name).toString('hex').padStart(12, '0').slice(-12)}`;
  const place = { department: 'civil', system: 'residents', vendor: '', assetLevel: 'core' } as const;
  return aFinding({ id, severity: 'high', lastTime, causedAt: lastTime, ...place, ...changes });
}

export function closed(finding: Finding, disposition: Disposition = 'true-positive', at = NOW): LifeEvent {
  const id = `${finding.id.slice(0, -12)}${String(at).slice(-12)}`;
  return { ...lifeEventOf(finding), id, act: 'closed', alert: false, by: 'lina', at, disposition, text: 'x' };
}

export function inputOf(findings: readonly Finding[], lives: readonly LifeEvent[] = [], more = {}): PostureInput {
  const book = new FindingBook(-Infinity);
  for (const finding of findings) book.finding(finding);
  for (const life of lives) book.life(life);
  return { at: NOW, findings: [...book.at(NOW)], registry: townRegistry(), uses: NO_USES, ...more };
}
