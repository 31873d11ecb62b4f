import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { networkOf } from '../../src/detection/subjects.ts';
import { incidentToOcsf } from '../../src/event/ocsf-incident.ts';
import { keyedId } from '../../src/event/id.ts';
import { Correlator } from '../../src/finding/correlation.ts';
import { CORRELATIONS, type Surroundings } from '../../src/finding/correlations.ts';
import type { Finding } from '../../src/finding/finding.ts';
import type { Incident } from '../../src/finding/incident.ts';
import { aFinding } from '../store/a-finding.ts';

const START = Date.parse('2026-11-20T02:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const surroundings: Surroundings = {
  contractEnd: (vendor) =>
    vendor === 'leaving' ? START + 14 * DAY : vendor === 'staying' ? START + 15 * DAY : undefined,
  derivedFrom: (asset) => (asset === 'families-summary' ? ['families'] : []),
  networkOf,
};

/** An invented finding that names nobody but whom it is given; its id follows from its detector and when it was. */
function found(detector: string, hours: number, changes: Partial<Finding> = {}): Finding {
  const time = START + hours * HOUR;
  return aFinding({
    id: keyedId('test', detector, String(hours), JSON.stringify(changes)),
    ...{ detector, title: { zh: `题 ${detector}`, en: `Title ${detector}` }, score: 50, assetLevel: 'general-1' },
    ...{ firstTime: time, lastTime: time, causedAt: time },
    ...{ actor: '', person: '', department: '', vendor: '', asset: '', system: '', source: '', clientAddress: '' },
    ...changes,
  });
}

function correlate(findings: readonly Finding[]): Incident[] {
  const correlator = new Correlator(surroundings);
  return findings.flatMap((finding) => correlator.take(finding));
}

const by = (link: Partial<Finding>) => link;

describe('the correlations', () => {
  it.each([
    ['exit-path', 'vendor-after-contract', 'export-spike', by({ vendor: 'v' }), 30 * 24],
    ['exit-path', 'vendor-after-contract', 'slow-drip', by({ actor: 'a' }), 30 * 24],
    ['escalate-then-read', 'vendor-privilege-escalation', 'bulk-read', by({ actor: 'a' }), 24],
    ['escalate-then-read', 'vendor-privilege-escalation', 'first-time-asset', by({ vendor: 'v' }), 24],
    ['spray-then-bulk', 'password-spray', 'bulk-read', by({ actor: 'a' }), 2],
    ['spray-then-bulk', 'password-spray', 'enumeration', by({ actor: 'a' }), 2],
    ['blind-then-take', 'source-silence', 'bulk-read', by({ system: 's' }), 4],
    ['blind-then-take', 'audit-disabled', 'export-spike', by({ vendor: 'v' }), 4],
    ['over-share-chain', 'diffusion-outside-boundary', 'onward-sharing', by({ asset: 'd' }), 30 * 24],
  ])('%s: %s, then %s, of the same, up to the end of the window', (correlation, first, then, link, hours) => {
    const made = correlate([found(first, 0, link), found(then, hours, link)]);
    expect(made).toMatchObject([{ correlation, revision: 1, alert: true, score: 75, severity: 'high' }]);
    expect(made[0]!.steps.map(({ detector }) => detector)).toEqual([first, then]);
    expect(correlate([found(first, 0, link), found(then, hours + 0.001, link)])).toEqual([]);
    expect(correlate([found(first, 0, link), found(then, 1)])).toEqual([]);
    const other = Object.fromEntries(Object.keys(link).map((field) => [field, 'another']));
    expect(correlate([found(first, 0, link), found(then, 1, other)])).toEqual([]);
  });

  it('want the first before the second, also when it is told later', () => {
    const silence = found('source-silence', 0, { system: 's' });
    const read = found('bulk-read', 1, { system: 's' });
    expect(correlate([read, silence])).toHaveLength(1);
    expect(correlate([found('bulk-read', -1, { system: 's' }), silence])).toEqual([]);
  });

  it('want a success of the spray, of the same account or from the same network', () => {
    const read = found('bulk-read', 1, { actor: 'b', clientAddress: '203.0.113.9' });
    const spray = (changes: Partial<Finding>) =>
      found('password-spray', 0, { clientAddress: '203.0.113.0/24', ...changes });
    expect(correlate([spray({}), read])).toEqual([]);
    expect(correlate([spray({ actor: 'a' }), read])).toMatchObject([{ link: 'network', linkedBy: '203.0.113.0/24' }]);
    expect(correlate([spray({ actor: 'a' }), found('bulk-read', 1, { clientAddress: '203.0.114.9' })])).toEqual([]);
  });

  it('follow a dataset to what is derived from it', () => {
    const passedOn = (asset: string) => [
      found('diffusion-outside-boundary', 0, { asset: 'families' }),
      found('onward-sharing', 1, { asset }),
    ];
    expect(correlate(passedOn('families-summary'))).toHaveLength(1);
    expect(correlate(passedOn('land-register'))).toEqual([]);
  });

  it('take the end of a contract within 14 days for the first step of the exit path', () => {
    const taken = (vendor: string) => correlate([found('export-spike', 0, { vendor, actor: 'a' })]);
    expect(taken('staying')).toEqual([]);
    expect(taken('nobody')).toEqual([]);
    const [incident] = taken('leaving');
    expect(incident).toMatchObject({ correlation: 'exit-path', vendor: 'leaving', score: 50 });
    expect(incident!.explanation.en).toContain('the contract of vendor leaving ends within 14 days');
    expect(incident!.explanation.zh).toContain('合同 14 天内到期');
  });

  it('put all that one leaving vendor takes into one incident', () => {
    const vendor = 'leaving';
    const after = found('vendor-after-contract', 20, { vendor });
    const made = correlate([found('export-spike', 1, { vendor }), found('slow-drip', 15, { vendor }), after]);
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    const last = correlate([found('export-spike', 1, { vendor }), found('vendor-after-contract', 0, { vendor })]).at(
      -1,
    )!;
    expect(last.steps.map(({ detector }) => detector)).toEqual(['vendor-after-contract', 'export-spike']);
  });
});

describe('an incident', () => {
  const actor = { actor: 'a' };
  const escalation = found('vendor-privilege-escalation', 0, { ...actor, score: 60 });

  it('has an id that follows from correlation and first finding, and grows with each further finding', () => {
    const made = correlate([
      escalation,
      found('bulk-read', 1, { ...actor, score: 50 }),
      found('first-time-asset', 2, { ...actor, score: 10 }),
      found('bulk-read', 3, { ...actor, score: 80, assetLevel: 'core' }),
    ]);
    expect(new Set(made.map(({ id }) => id))).toEqual(
      new Set([keyedId('incident', 'escalate-then-read', escalation.id)]),
    );
    expect(made.map(({ revision, alert, score }) => [revision, alert, score])).toEqual([
      [1, true, 80],
      [2, false, 82],
      [3, true, 96.4],
    ]);
    expect(made.at(-1)).toMatchObject({ assetLevel: 'core', severity: 'critical', actor: 'a' });
  });

  it('names its steps in both languages', () => {
    const [incident] = correlate([escalation, found('bulk-read', 1, { ...actor, asset: 'families' })]);
    for (const text of [incident!.explanation.en, incident!.title.en]) expect(text).toMatch(/^[A-Z]/);
    expect(incident!.explanation.en).toContain(
      '1) Title vendor-privilege-escalation (a); 2) Title bulk-read (a → families)',
    );
    expect(incident!.explanation.zh).toContain(
      '1）题 vendor-privilege-escalation（a）；2）题 bulk-read（a → families）',
    );
  });

  it('follows a finding whose score has risen, and is told again from 15 points on', () => {
    const read = found('bulk-read', 1, { ...actor, score: 20 });
    const risen = { ...read, revision: 5, score: 60 };
    const made = correlate([escalation, read, risen]);
    expect(made.map(({ revision, alert, score }) => [revision, alert, score])).toEqual([
      [1, true, 68],
      [2, true, 84],
    ]);
    expect(made[1]!.steps).toHaveLength(2);
  });

  it('is not made of what people were not told: suppressed findings and mere counts', () => {
    expect(correlate([escalation, found('bulk-read', 1, { ...actor, alert: false })])).toEqual([]);
    expect(correlate([{ ...escalation, alert: false, suppression: 's' }, found('bulk-read', 1, actor)])).toEqual([]);
  });

  it('is the same when findings come again, as after a crash', () => {
    const read = found('bulk-read', 1, actor);
    const again = [escalation, read, escalation, read];
    expect(correlate(again)).toEqual(correlate([escalation, read]));
  });

  it('goes on from a kept state as if nothing had happened, even if only a part of it was kept', () => {
    const findings = [
      escalation,
      found('bulk-read', 1, actor),
      found('source-silence', 1, { system: 's' }),
      found('bulk-read', 2, { ...actor, system: 's' }),
      found('first-time-asset', 3, actor),
    ];
    const expected = correlate(findings);
    for (let cut = 0; cut <= findings.length; cut++) {
      const before = new Correlator(surroundings);
      const made = findings.slice(0, cut).flatMap((finding) => before.take(finding));
      const entries = before.drainChanged();
      for (let kept = 0; kept <= entries.length; kept++) {
        const after = new Correlator(surroundings);
        for (const [key, value] of structuredClone(entries.slice(0, kept))) after.restore(key, value);
        after.restored();
        // The position was not committed: everything comes again.
        const repeated = findings.flatMap((finding) => after.take(finding));
        const all = new Map(
          [...made, ...repeated].map((incident) => [`${incident.id} ${incident.revision}`, incident]),
        );
        expect([...all.values()].sort(order)).toEqual([...expected].sort(order));
      }
    }
  });

  it('forgets findings to which nothing can be added any more', () => {
    const correlator = new Correlator(surroundings);
    correlator.take(escalation);
    correlator.drainChanged();
    correlator.take(found('bulk-read', 32 * 24, { actor: 'other' }));
    expect(correlator.drainChanged()).toContainEqual([`step/${escalation.id}`, undefined]);
  });

  it('is an OCSF Incident Finding with nothing that the class does not have', () => {
    const [incident] = correlate([escalation, found('bulk-read', 1, actor)]);
    const record = incidentToOcsf(incident!);
    expect(record).toMatchObject({ class_uid: 2005, activity_id: 1, type_uid: 200501, status_id: 1 });
    const schema = JSON.parse(readFileSync(new URL('../fixtures/ocsf-1.9-extract.json', import.meta.url), 'utf8')) as {
      classes: { uid: number; attributes: string[] }[];
    };
    const known = schema.classes.find(({ uid }) => uid === 2005)!.attributes;
    for (const name of Object.keys(record)) expect(known).toContain(name);
  });
});

it('correlations are named as the catalogue names them, each in both languages', () => {
  expect(CORRELATIONS.map(({ name }) => name)).toEqual([
    'exit-path',
    'escalate-then-read',
    'spray-then-bulk',
    'blind-then-take',
    'over-share-chain',
  ]);
  for (const { title, between } of CORRELATIONS) for (const text of [title, between]) expect(text.zh).not.toBe(text.en);
});

function order(a: Incident, b: Incident): number {
  return a.id === b.id ? a.revision - b.revision : a.id < b.id ? -1 : 1;
}
