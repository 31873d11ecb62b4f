import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { OCSF_CLASSES, OCSF_SEVERITIES, OCSF_VERSION } from '../../src/event/ocsf-classes.ts';
import { withIntegrity } from '../../src/event/ocsf-integrity.ts';
import { findingToOcsf } from '../../src/event/ocsf-finding.ts';
import { toOcsf } from '../../src/event/ocsf.ts';
import { parseRecord } from '../../src/event/parse.ts';
import type { Finding } from '../../src/finding/finding.ts';

interface SchemaClass {
  uid: number;
  name: string;
  caption: string;
  category_uid: number;
  activities: Record<string, string>;
  attributes: string[];
}

const schema = JSON.parse(readFileSync(new URL('../fixtures/ocsf-1.9-extract.json', import.meta.url), 'utf8')) as {
  version: string;
  categories: Record<string, string>;
  severities: string[];
  classes: SchemaClass[];
  objects: Record<string, string[]>;
  profiles: Record<string, string[]>;
};
const classOf = new Map(schema.classes.map((each) => [each.uid, each]));

describe('the table of OCSF classes', () => {
  it('is of the version that the extract is of', () => {
    expect(OCSF_VERSION).toBe(schema.version);
    expect(OCSF_SEVERITIES).toEqual(schema.severities);
  });

  it('has the classes of the extract, and the extract those of the table', () => {
    expect(Object.keys(OCSF_CLASSES).map(Number)).toEqual([...classOf.keys()]);
  });

  it.each(Object.values(OCSF_CLASSES))('names $uid $caption as the schema does', (ours) => {
    const theirs = classOf.get(ours.uid)!;
    expect(ours).toMatchObject({ name: theirs.name, caption: theirs.caption, categoryUid: theirs.category_uid });
    expect(ours.categoryName).toBe(schema.categories[String(theirs.category_uid)] ?? 'Uncategorized');
    for (const [id, caption] of Object.entries(ours.activities)) expect(theirs.activities[id]).toBe(caption);
  });
});

function fullEvent(classUid: number, activityId: number): Event {
  return {
    ...emptyEvent(),
    ...{ id: '0197b2a4-0000-8000-8000-000000000001', time: 1_780_000_000_000, ingestTime: 1_780_000_000_500 },
    ...{ classUid, activityId, severity: 3, action: 'read', outcome: 'failure', account: 'li.na', person: 'Li Na' },
    ...{
      clientAddress: '192.0.2.7',
      device: 'pc-7',
      session: 's-1',
      system: 'civil',
      host: 'db-1',
      service: 'postgres',
    },
    ...{ asset: 'civil.public.household', rows: 12, bytes: 340, dataSubjects: ['a1', 'b2'], fields: ['name'] },
    ...{
      purpose: 'check',
      caseNumber: 'C-1',
      grant: 'G-1',
      vendor: 'v-1',
      target: 'wang',
      message: 'text',
      raw: 'raw',
    },
    attributes: ['status', '200', 'method', 'GET', 'statement', 'SELECT 1', 'command', 'ls -l', '__proto__', 'x'],
  };
}

describe('toOcsf', () => {
  const withActivities = schema.classes.filter((each) => each.category_uid !== 2);

  it.each(withActivities)('gives $uid $caption only attributes that the schema knows', ({ uid, attributes }) => {
    const record = toOcsf(fullEvent(uid, 1));
    expect(record).toMatchObject({ class_uid: uid, status_id: 2, severity_id: 3 });
    for (const name of Object.keys(record)) expect(attributes).toContain(name);
    for (const name of Object.keys(record['metadata'] as object)) expect(schema.objects['metadata']).toContain(name);
  });

  it('states type_uid as class and activity together', () => {
    expect(toOcsf(fullEvent(3002, 1))).toMatchObject({ type_uid: 300201, type_name: 'Authentication: Logon' });
  });

  it('calls an activity that the class does not know Other, and an unknown class a base event', () => {
    expect(toOcsf(fullEvent(6003, 55))).toMatchObject({ activity_id: 99, activity_name: 'Other' });
    expect(toOcsf(fullEvent(4242, 1))).toMatchObject({ class_uid: 0, class_name: 'Base Event' });
  });

  it('leaves out what is not stated, and keeps rows and data subjects in our extension', () => {
    const record = toOcsf(fullEvent(6005, 1)) as { unmapped: { wanglou: object } };
    expect(record.unmapped.wanglou).toMatchObject({ rows: 12, data_subjects: ['a1', 'b2'], case_number: 'C-1' });
    expect(record.unmapped.wanglou).not.toHaveProperty('work_order');
  });

  it('does not call a host name an IP address', () => {
    const event = { ...fullEvent(3002, 1), clientAddress: 'gate.example', device: '' };
    expect(toOcsf(event)).toMatchObject({ src_endpoint: { hostname: 'gate.example' } });
    expect(toOcsf(event)['src_endpoint']).not.toHaveProperty('ip');
  });

  it('keeps an attribute named __proto__ as data', () => {
    const record = toOcsf(fullEvent(0, 0)) as { unmapped: { attributes: object } };
    expect(Object.keys(record.unmapped.attributes)).toContain('__proto__');
  });

  it.each([6005, 6003, 3002, 3007])('can be read back by the OCSF reader (%i)', (classUid) => {
    const event = fullEvent(classUid, 1);
    const back = emptyEvent();
    expect(parseRecord(JSON.stringify(toOcsf(event)), back, { timeZone: 'UTC', now: 0, format: '' })).toBe('');
    const { time, account, clientAddress, outcome, rows, bytes, asset, purpose, caseNumber } = event;
    expect(back).toMatchObject({
      classUid,
      time,
      clientAddress,
      outcome,
      rows,
      bytes,
      asset,
      purpose,
      caseNumber,
      account,
    });
    expect(back).toMatchObject({ dataSubjects: ['a1', 'b2'], action: 'read', format: 'ocsf', target: 'wang' });
  });
});

describe('withIntegrity', () => {
  const seal = {
    chain: 'c-1',
    number: 42,
    time: 1_780_000_060_000,
    digest: 'sha256',
    key: '0011aabb',
    hash: 'ee',
  } as const;
  const known = { leaf: 'ff', place: 'events/3/812/14', seal };

  it('names the profile and has what it is of, in the schema’s names', () => {
    const record = withIntegrity(toOcsf(fullEvent(6005, 1)), known);
    const { attestation, metadata } = record as Record<string, Record<string, unknown>>;
    expect(metadata).toMatchObject({ uid: fullEvent(6005, 1).id, profiles: ['record_integrity'] });
    const attributes = [...classOf.get(6005)!.attributes, ...schema.profiles['record_integrity']!];
    for (const name of Object.keys(record)) expect(attributes).toContain(name);
    for (const name of Object.keys(attestation!)) expect(schema.objects['attestation']).toContain(name);
    const [signature] = attestation!['signatures'] as Record<string, object>[];
    for (const name of Object.keys(signature!)) expect(schema.objects['digital_signature']).toContain(name);
    for (const name of Object.keys(signature!['digest']!)) expect(schema.objects['fingerprint']).toContain(name);
    expect(attestation).toMatchObject({ uid: '42/events/3/812/14', chain_uid: 'c-1', authority_uid: '0011aabb' });
    expect(attestation!['fingerprint']).toEqual({ algorithm_id: 3, algorithm: 'SHA-256', value: 'ff' });
  });

  it('says SM3 as another algorithm than the schema has numbers for', () => {
    const record = withIntegrity(toOcsf(fullEvent(0, 0)), { ...known, seal: { ...seal, digest: 'sm3' } });
    expect(record).toMatchObject({ attestation: { fingerprint: { algorithm_id: 99, algorithm: 'SM3' } } });
  });
});

const finding: Finding = {
  ...{ id: 'f', revision: 2, alert: true, detector: 'bulk-read', title: { zh: '批量读取', en: 'Bulk read' } },
  ...{ severity: 'high', score: 71.4, firstTime: 1, lastTime: 2, causedAt: 3, count: 4, groupKey: 'g', person: '' },
  ...{ department: 'd', vendor: '', system: 's', source: 'src', assetLevel: 'core', actor: 'li.na', clientAddress: '' },
  ...{
    asset: 'civil.public.household',
    observed: 5000,
    expected: 10,
    threshold: 1000,
    unit: 'rows',
    windowMs: 3_600_000,
  },
  ...{ sampleSize: 20, baseline: 'self', explanation: { zh: '一句话', en: 'One sentence' }, eventIds: ['e1'] },
  techniques: [{ id: 'T1213', name: 'Data from Information Repositories', version: '19' }],
  ...{ cites: [{ law: '数据安全法', article: '29', version: '2021-09-01' }], knownGaps: [] },
};

describe('findingToOcsf', () => {
  it('makes a Data Security Finding of a finding about an asset, in the schema’s names', () => {
    const record = findingToOcsf(finding);
    expect(record).toMatchObject({
      class_uid: 2006,
      activity_name: 'Update',
      severity: 'High',
      risk_score: 71,
      is_alert: true,
    });
    for (const name of Object.keys(record)) expect(classOf.get(2006)!.attributes).toContain(name);
    for (const name of Object.keys(record['finding_info'] as object))
      expect(schema.objects['finding_info']).toContain(name);
  });

  it('makes a Detection Finding of any other', () => {
    const record = findingToOcsf({ ...finding, asset: '', assetLevel: '', clientAddress: '192.0.2.7', revision: 1 });
    expect(record).toMatchObject({ class_uid: 2004, activity_name: 'Create' });
    expect(record['evidences']).toEqual([{ actor: { user: { name: 'li.na' } }, src_endpoint: { ip: '192.0.2.7' } }]);
    for (const name of Object.keys(record)) expect(classOf.get(2004)!.attributes).toContain(name);
  });
});
