import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emptyEvent, type Event } from '../../../src/event/event.ts';
import { OCSF_CLASSES } from '../../../src/event/ocsf-classes.ts';
import { toOcsf } from '../../../src/event/ocsf.ts';
import { attributes, read } from './read.ts';

const schema = JSON.parse(readFileSync(new URL('../../fixtures/ocsf-1.9-extract.json', import.meta.url), 'utf8')) as {
  classes: { uid: number; attributes: string[] }[];
};

const record = {
  ...{ category_uid: 6, severity_id: 3, time: 1_792_463_430_123, status_id: 2, message: 'm' },
  ...{ actor: { user: { name: 'wang', uid: '7' }, session: { uid: 's-1' } }, user: { name: 'li' } },
  ...{ src_endpoint: { ip: '192.0.2.7', port: 5 }, dst_endpoint: { hostname: 'db-1' }, group: { name: 'g' } },
  ...{ api: { operation: 'GET', service: { name: 'ledger' } }, http_response: { code: 403, length: 9 } },
  ...{ http_request: { http_method: 'GET', url: { path: '/p', query_string: 'a=b' }, user_agent: 'ua' } },
  ...{ database: { name: 'civil' }, table: { name: 'civil.t' }, query_info: { query_string: 'SELECT 1' } },
  ...{ process: { cmd_line: 'ls -l', name: 'ls' }, iam_role: { name: 'r' }, service: { name: 'sshd' } },
  ...{ metadata: { version: '1.9.0', product: { name: 'x' } }, unmapped: { attributes: { mine: '1' } } },
};

const back = (event: Event): Event => read(JSON.stringify(toOcsf(event)));

describe('OCSF events of others', () => {
  const classes = Object.values(OCSF_CLASSES).filter(({ categoryUid }) => categoryUid !== 2);

  it.each(classes)(
    'of $uid $caption go out again with the schema’s names and consistent ids',
    ({ uid, activities }) => {
      for (const activity of [...Object.keys(activities).map(Number), 0, 99]) {
        const event = read(
          JSON.stringify({ ...record, class_uid: uid, activity_id: activity, type_uid: uid * 100 + activity }),
        );
        const out = toOcsf(event);
        expect(out).toMatchObject({ class_uid: uid, activity_id: activity, type_uid: uid * 100 + activity });
        expect(out).toMatchObject({ severity_id: 3, severity: 'Medium', status_id: 2, time: 1_792_463_430_123 });
        const known = schema.classes.find((each) => each.uid === uid)!.attributes;
        for (const name of Object.keys(out)) expect(known).toContain(name);
      }
    },
  );

  it.each(classes)('of $uid $caption read the same the second time', ({ uid }) => {
    const first = back(read(JSON.stringify({ ...record, class_uid: uid, activity_id: 1 })));
    const second = back(first);
    const said = ({
      account,
      clientAddress,
      target,
      asset,
      host,
      outcome,
      action,
      severity,
      bytes,
      session,
    }: Event): object => ({
      ...{ account, clientAddress, target, asset, host, outcome, action, severity, bytes, session },
    });
    expect(said(second)).toEqual(said(first));
    expect(attributes(second, 'mine', 'method', 'status', 'statement')).toEqual(
      attributes(first, 'mine', 'method', 'status', 'statement'),
    );
    expect(attributes(second, 'mine')).toEqual({ mine: '1' });
  });

  it('keep method, query, status and statement under the names that other formats give them', () => {
    const event = read(JSON.stringify({ ...record, class_uid: 6003, activity_id: 2 }));
    expect(attributes(event, 'method', 'query', 'status', 'userAgent', 'statement', 'port')).toEqual({
      ...{ method: 'GET', query: 'a=b', status: '403', userAgent: 'ua', statement: 'SELECT 1', port: '5' },
    });
  });

  it('are not fatal when their severity is Other, and fail when only the HTTP status says so', () => {
    const text = JSON.stringify({ ...record, class_uid: 6003, activity_id: 2, severity_id: 99, status_id: undefined });
    expect(read(text)).toMatchObject({ severity: 0, outcome: 'failure' });
  });

  it('are recognized when their numbers come as texts', () => {
    expect(read('{"class_uid":"3002","activity_id":"1","time":"1792463430123","user":{"name":"wang"}}')).toMatchObject({
      ...{ format: 'ocsf', classUid: 3002, action: 'sign-in', account: 'wang', time: 1_792_463_430_123 },
    });
  });
});

describe('toOcsf', () => {
  it('does not write a status that is no HTTP status', () => {
    const event = { ...emptyEvent(), classUid: 6003, attributes: ['status', 'failed'] };
    expect(toOcsf(event)).not.toHaveProperty('http_response');
  });
});
