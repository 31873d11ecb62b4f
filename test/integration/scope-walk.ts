import { randomUUID } from 'node:crypto';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { stepOf, type Incident } from '../../src/finding/incident.ts';
import { lifeEventOf, type LifeEvent } from '../../src/finding/lifecycle.ts';
import type { Proposal } from '../../src/registry/folder-changes.ts';
import type { Scope } from '../../src/scope/scope.ts';
import type { Suppression } from '../../src/finding/suppression.ts';
import type { SettingsVersion } from '../../src/detection/settings-versions.ts';
import type { KeptScore } from '../../src/store/posture-rows.ts';
import { incident as sampleIncident } from '../feed/samples.ts';
import { aFinding } from '../store/a-finding.ts';

/** Everything that a department or a vendor has, with its canary in every text. */
export interface Owned {
  canary: string;
  scope: Scope;
  registry: Proposal[];
  events: Event[];
  findings: Finding[];
  lives: LifeEvent[];
  incident: Incident;
  scores: KeptScore[];
  suppression: Suppression;
  settings: SettingsVersion;
  /** Ids of each kind, as routes name them. */
  ids: Readonly<Record<string, string>>;
}

const HOUR_MS = 3_600_000;
const HOURS = 6;

export function departmentWith(canary: string, now: number): Owned {
  const [id, system, asset, source] = ['dept', 'system', 'asset', 'source'].map((what) => `${canary}-${what}`);
  const entries = {
    departments: { id: id!, name: `${canary} name` },
    systems: { id: system!, name: `${canary} name`, department: id!, hosts: [`${canary}-host`] },
    assets: {
      id: asset!,
      name: `${canary} name`,
      names: [`${canary}.table`],
      system: system!,
      owner: id!,
      level: 'core',
    },
    sources: { id: source!, name: `${canary} name`, system: system! },
    cases: { number: `${canary}-case`, type: `${canary} type`, officer: `${canary}-person`, opened: '2026-01-01' },
    grants: { id: `${canary}-grant`, asset: asset!, recipient: id!, purpose: `${canary} purpose`, from: '2026-01-01' },
  };
  return owned(
    canary,
    now,
    { departments: [id!], vendors: [] },
    { department: id!, system: system!, asset: asset!, source: source! },
    entries,
  );
}

export function vendorWith(canary: string, now: number): Owned {
  const id = `${canary}-vendor`;
  const entries = {
    vendors: { id, name: `${canary} name`, contacts: [`${canary} contact`] },
    contracts: {
      id: `${canary}-contract`,
      vendor: id,
      from: '2026-01-01',
      to: '2027-01-01',
      roster: [{ person: `${canary}-person` }],
    },
    'work-orders': {
      id: `${canary}-order`,
      contract: `${canary}-contract`,
      from: '2026-01-01',
      to: '2027-01-01',
      purpose: `${canary} purpose`,
    },
  };
  return owned(
    canary,
    now,
    { departments: [], vendors: [id] },
    { vendor: id, contract: `${canary}-contract` },
    entries,
  );
}

type Place = Partial<Pick<Event, 'department' | 'vendor' | 'contract' | 'system' | 'asset' | 'source'>>;

function owned(canary: string, now: number, scope: Scope, place: Place, entries: Record<string, object>): Owned {
  const { department = '', vendor = '' } = place;
  const said = (what: string): string => `${canary} ${what}`;
  const people = {
    persons: { id: `${canary}-person`, name: said('person'), department, vendor },
    accounts: {
      id: `${canary}-account`,
      login: `${canary}-login`,
      person: `${canary}-person`,
      personName: said('person'),
      department,
      vendor,
    },
    'watch-tags': { id: `${canary}-watch`, kind: 'account', value: `${canary}-account`, reason: said('reason') },
  };
  const registry = Object.entries({ ...entries, ...people }).map(([list, entry]) => {
    const stated = Object.fromEntries(Object.entries(entry as object).filter(([, value]) => value !== ''));
    return { list, key: String(stated['id'] ?? stated['number']), entries: [stated] } as Proposal;
  });
  const placed = {
    source: `${canary}-elsewhere`,
    asset: `${canary}-thing`,
    system: `${canary}-place`,
    department: '',
    vendor: '',
    ...place,
  };
  const who = { actor: `${canary}-account`, person: `${canary}-person`, clientAddress: `${canary}-address` };
  const events = Array.from({ length: HOURS }, (_, n): Event => {
    const time = now - (n + 1) * HOUR_MS;
    return {
      ...emptyEvent(),
      ...placed,
      ...who,
      ...{
        id: randomUUID(),
        time,
        ingestTime: time,
        sequence: n,
        account: `${canary}-login`,
        action: 'share',
        outcome: 'success',
        rows: 10,
      },
      ...{
        format: 'wanglou',
        host: `${canary}-host`,
        service: said('service'),
        purpose: said('purpose'),
        caseNumber: `${canary}-case`,
      },
      ...{
        recipient: `${canary}-recipient`,
        target: said('target'),
        message: said('message'),
        raw: said('raw'),
        session: said('session'),
      },
      ...{
        fields: [`${canary}-field`],
        attributes: ['note', said('attribute')],
        workOrder: `${canary}-order`,
        device: said('device'),
      },
    };
  });
  const at = now - HOUR_MS;
  const base = { ...placed, ...who, firstTime: at, lastTime: at, causedAt: at, assetLevel: 'core' as const };
  const findings = ['bulk-read', 'off-hours-access'].map((detector) =>
    aFinding({
      ...base,
      ...{ id: randomUUID(), detector, groupKey: said('group'), eventIds: events.slice(0, 2).map(({ id }) => id) },
      ...{ title: { zh: said('标题'), en: said('title') }, explanation: { zh: said('说明'), en: said('explanation') } },
    }),
  );
  const note = {
    ...lifeEventOf(findings[0]!),
    id: randomUUID(),
    act: 'note' as const,
    by: 'somebody',
    text: said('note'),
    at: now - 1_000,
  };
  const incident = {
    ...sampleIncident(findings),
    ...{
      id: randomUUID(),
      title: { zh: said('事件'), en: said('incident') },
      explanation: { zh: said('经过'), en: said('story') },
    },
    ...{
      actor: who.actor,
      department,
      vendor,
      asset: placed.asset,
      system: placed.system,
      steps: findings.map(stepOf),
    },
    ...{ firstTime: at, lastTime: at, causedAt: at, linkedBy: who.actor },
  };
  const kinds = [
    ['department', department],
    ['system', place.system ?? ''],
    ['vendor', vendor],
  ] as const;
  const minute = Math.floor((now - HOUR_MS) / 60_000) * 60_000;
  const scores = kinds
    .filter(([, id]) => id !== '')
    .map(([kind, id]) => ({ kind, id, minute, score: 77, sum: 3, trust: 50, writtenAt: now }));
  const party = department === '' ? { vendor } : { department };
  return {
    ...{ canary, scope, registry, events, findings, incident, scores },
    lives: [...findings.map(lifeEventOf), note],
    suppression: {
      id: randomUUID(),
      scope: { ...party, detector: 'bulk-read' },
      reason: said('reason'),
      by: 'somebody',
      at: now,
      from: now,
      until: now + HOUR_MS,
    },
    settings: {
      id: randomUUID(),
      detector: 'bulk-read',
      scope: party,
      settings: {},
      effectiveFrom: now,
      by: 'somebody',
      at: now,
      why: said('why'),
    },
    ids: {
      ...{
        events: events[0]!.id,
        findings: findings[0]!.id,
        incidents: incident.id,
        suppressions: '',
        sources: placed.source,
      },
      ...{
        actor: who.actor,
        asset: placed.asset,
        vendor: vendor || `${canary}-vendor`,
        department: department || `${canary}-dept`,
      },
    },
  };
}
