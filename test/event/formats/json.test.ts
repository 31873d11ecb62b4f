import { describe, expect, it } from 'vitest';
import { attributes, iso, NOW, read } from './read.ts';

const json = (record: unknown): ReturnType<typeof read> => read(JSON.stringify(record));

describe('our own JSON', () => {
  it('reads a dataset access', () => {
    const event = json({
      ...{
        kind: 'dataset-access',
        time: '2026-11-24T09:30:00.250+08:00',
        account: 'li.na',
        clientAddress: '192.0.2.7',
      },
      ...{
        asset: 'civil.public.household',
        action: 'query',
        rows: 12,
        bytes: 3400,
        fields: ['name'],
        dataSubjects: ['5f1c'],
      },
      ...{ purpose: 'check', caseNumber: 'C-7', grant: 'G-1', ticketColour: 'red', more: { deep: 1 } },
    });
    expect(event).toMatchObject({
      format: 'wanglou',
      fault: '',
      classUid: 6005,
      activityId: 4,
      action: 'query',
      outcome: 'success',
    });
    expect(event).toMatchObject({
      rows: 12,
      bytes: 3400,
      fields: ['name'],
      dataSubjects: ['5f1c'],
      caseNumber: 'C-7',
      grant: 'G-1',
    });
    expect(iso(event)).toBe('2026-11-24T01:30:00.250Z');
    expect(attributes(event, 'kind', 'ticketColour', 'more.deep')).toEqual({
      kind: 'dataset-access',
      ticketColour: 'red',
      'more.deep': '1',
    });
  });

  it.each([
    ['share', 'share', 6005],
    ['sign-in', 'sign-in', 3002],
    ['administration', 'configure', 0],
    ['vendor-maintenance', 'maintain', 0],
  ])('gives the kind %s its action and class', (kind, action, classUid) => {
    expect(json({ kind, account: 'a', time: NOW })).toMatchObject({ action, classUid, time: NOW, account: 'a' });
  });

  it('keeps the event when a field is wrong, and names field, value and remedy', () => {
    const event = json({
      kind: 'sign-in',
      time: '2026-02-30T00:00:00Z',
      account: 5,
      rows: -1,
      clientAddress: '999.1.1.1',
      outcome: 'failure',
    });
    expect(event).toMatchObject({ action: 'sign-in', outcome: 'failure', account: '', rows: 0, time: NOW });
    expect(event.fault).toContain('time is "2026-02-30T00:00:00Z": write ISO 8601');
    expect(event.fault).toContain('account is 5: write a text');
    expect(event.fault).toContain('rows is -1: write a whole number');
    expect(event.fault).toContain('clientAddress is "999.1.1.1": write an IPv4 or IPv6 address');
  });

  it.each([1e300, -5, 1.5e16, true, {}, []])('refuses the time %j and keeps the ingest time', (time) => {
    const event = json({ kind: 'sign-in', account: 'a', time });
    expect(event).toMatchObject({ time: NOW, account: 'a' });
    expect(event.fault).toContain('time is');
  });
});

describe('ECS', () => {
  it.each([
    [{ 'event.category': 'authentication', 'event.outcome': 'failure', 'user.name': 'bob', 'source.ip': '192.0.2.8' }],
    [
      {
        event: { category: ['authentication'], outcome: 'failure' },
        user: { name: 'bob' },
        source: { ip: '192.0.2.8' },
      },
    ],
  ])('reads nested and dotted names alike', (fields) => {
    const event = json({ '@timestamp': '2026-11-24T01:00:00.5Z', ...fields });
    expect(event).toMatchObject({
      format: 'ecs',
      account: 'bob',
      clientAddress: '192.0.2.8',
      action: 'sign-in',
      outcome: 'failure',
    });
    expect(iso(event)).toBe('2026-11-24T01:00:00.500Z');
  });

  it('reads Windows sign-ins by event id', () => {
    const windows = (event_id: number, data: object): ReturnType<typeof read> =>
      json({
        '@timestamp': '2026-11-24T01:00:00Z',
        winlog: { event_id, channel: 'Security', event_data: data },
        host: { name: 'dc' },
      });
    expect(windows(4625, { TargetUserName: 'bob', IpAddress: '::ffff:192.0.2.8', SubjectUserName: '-' })).toMatchObject(
      {
        ...{ account: 'bob', clientAddress: '192.0.2.8', action: 'sign-in', outcome: 'failure', host: 'dc' },
      },
    );
    expect(windows(4624, { TargetUserName: 'bob', IpAddress: '-' })).toMatchObject({
      action: 'sign-in',
      outcome: 'success',
    });
    expect(windows(4720, { TargetUserName: 'eve', SubjectUserName: 'adm' })).toMatchObject({
      ...{ action: 'account-create', account: 'adm', target: 'eve', classUid: 3007 },
    });
    expect(windows(4732, { MemberSid: 'S-1', TargetUserName: 'Administrators', SubjectUserName: 'adm' })).toMatchObject(
      {
        ...{ action: 'grant', account: 'adm', target: 'S-1', role: 'Administrators', classUid: 3006 },
      },
    );
  });

  it('hands a message that is a log line on to its format', () => {
    const event = json({
      '@timestamp': '2026-11-24T01:00:00Z',
      message: 'Nov 24 09:00:00 h sshd[9]: Failed password for bob from 192.0.2.5 port 3 ssh2',
    });
    expect(event).toMatchObject({
      format: 'ecs+rfc3164+sshd',
      account: 'bob',
      action: 'sign-in',
      outcome: 'failure',
      host: 'h',
    });
  });
});

describe('OpenTelemetry', () => {
  it('reads a LogRecord with the resource beside it', () => {
    const event = json({
      ...{ timeUnixNano: '1790000000125000000', severityNumber: 17, body: { stringValue: 'denied' } },
      attributes: [
        { key: 'enduser.id', value: { stringValue: 'bob' } },
        { key: 'client.address', value: { stringValue: '192.0.2.4' } },
        { key: 'http.request.method', value: { stringValue: 'GET' } },
        { key: 'url.path', value: { stringValue: '/x' } },
        { key: 'http.response.status_code', value: { intValue: '403' } },
        { key: 'tags', value: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } } },
      ],
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'portal' } }] },
    });
    expect(event).toMatchObject({
      format: 'otel',
      account: 'bob',
      clientAddress: '192.0.2.4',
      asset: '/x',
      outcome: 'failure',
    });
    expect(event).toMatchObject({ service: 'portal', message: 'denied', severity: 4, classUid: 6003 });
    expect(iso(event)).toBe('2026-09-21T14:13:20.125Z');
    expect(attributes(event, 'status', 'tags')).toEqual({ status: '403', tags: 'a, b' });
  });

  it('reads database spans of the semantic conventions', () => {
    const attribute = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
    const event = json({
      timeUnixNano: '1790000000125000000',
      attributes: [
        ...[
          attribute('db.operation.name', 'SELECT'),
          attribute('db.collection.name', 'household'),
          attribute('user.name', 'w'),
        ],
        { key: 'db.response.returned_rows', value: { intValue: '40' } },
      ],
    });
    expect(event).toMatchObject({ action: 'read', asset: 'household', rows: 40, account: 'w', classUid: 6005 });
  });
});

describe('other JSON', () => {
  it('maps well-known names and keeps the rest as attributes', () => {
    const event = json({
      username: 'w',
      client_ip: '192.0.2.4:80',
      op: 'x',
      result: 'success',
      ts: 1790000000.125,
      list: [{ a: 1 }, 2],
    });
    expect(event).toMatchObject({
      format: 'json',
      account: 'w',
      clientAddress: '192.0.2.4',
      outcome: 'success',
      fault: '',
    });
    expect(iso(event)).toBe('2026-09-21T14:13:20.125Z');
    expect(attributes(event, 'op', 'list.0.a', 'list.1')).toEqual({ op: 'x', 'list.0.a': '1', 'list.1': '2' });
  });

  it('keeps the digits of numbers that JavaScript would round', () => {
    expect(attributes(read('{"id":12345678901234567890,"b":[98765432109876543210]}'), 'id', 'b')).toEqual({
      ...{ id: '12345678901234567890', b: '98765432109876543210' },
    });
  });

  it('keeps hostile names as data', () => {
    const event = read('{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"x":1}}}');
    expect(attributes(event, '__proto__.polluted', 'constructor.prototype.x')).toEqual({
      ...{ '__proto__.polluted': 'yes', 'constructor.prototype.x': '1' },
    });
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  it('bounds depth and number of attributes', () => {
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
    expect(read(deep)).toMatchObject({ format: 'json', fault: '' });
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`k${n}`, n])));
    expect(read(wide).attributes.length).toBe(512);
  });

  it('keeps malformed JSON raw, with the reason', () => {
    const event = read('{"a": tru');
    expect(event).toMatchObject({ message: '{"a": tru', raw: '{"a": tru', time: NOW });
    expect(event.fault).toContain('malformed JSON');
  });

  it('reads what containers and journald wrap', () => {
    expect(
      json({
        log: 'Failed password for a from 192.0.2.4 port 1 ssh2\n',
        stream: 'stdout',
        time: '2026-11-24T01:00:00Z',
      }),
    ).toMatchObject({
      ...{ format: 'json+sshd', action: 'sign-in', account: 'a' },
    });
    const journal = { __REALTIME_TIMESTAMP: '1790000000125000', _HOSTNAME: 'h', SYSLOG_IDENTIFIER: 'sshd', _PID: '9' };
    const event = json({ ...journal, MESSAGE: 'Failed password for a from 192.0.2.4 port 1 ssh2' });
    expect(event).toMatchObject({ format: 'journald+sshd', host: 'h', account: 'a', outcome: 'failure' });
    expect(iso(event)).toBe('2026-09-21T14:13:20.125Z');
  });

  it('reads what an API gateway writes', () => {
    const kong = {
      client_ip: '192.0.2.4',
      started_at: 1790000000125,
      consumer: { username: 'dept-a' },
      service: { name: 'people' },
    };
    const event = json({ ...kong, request: { method: 'GET', uri: '/v1/x?a=1' }, response: { status: 403, size: 77 } });
    expect(event).toMatchObject({
      classUid: 6003,
      action: 'read',
      outcome: 'failure',
      asset: '/v1/x',
      bytes: 77,
      account: 'dept-a',
      service: 'people',
    });
  });

  it('takes - for nothing, and keeps it', () => {
    const event = json({ time_local: '24/Nov/2026:09:08:07 +0800', remote_user: '-', user: 'wang', status: '200' });
    expect(event.account).toBe('wang');
    expect(attributes(event, 'remote_user')).toEqual({ remote_user: '-' });
  });

  it.each([
    [{ level: 'ERROR' }, 4],
    [{ log: { level: 'warning' } }, 3],
    [{ level: 30 }, 1],
    [{ severity: '严重' }, 5],
    [{ log: { syslog: { severity: { code: 2 } } } }, 5],
    [{ level: 'Metadata' }, 0],
  ])('gives %j the severity %i', (fields, severity) => {
    expect(json({ user: 'w', ...fields }).severity).toBe(severity);
  });

  it('reads an outcome that is named status', () => {
    expect(json({ user: 'w', action: 'login', status: 'failed' }).outcome).toBe('failure');
  });

  it('reads malformed JSON once', () => {
    expect(read('{"a":1')).toMatchObject({ format: 'json', message: '{"a":1' });
  });

  it('reads the lines of Kubernetes’ container logs', () => {
    const event = read('2026-11-24T01:00:00.123456789Z stdout F {"level":"warn","user":"wang"}');
    expect(event).toMatchObject({ host: '', account: 'wang', severity: 3 });
    expect(attributes(event, 'stream')).toEqual({ stream: 'stdout' });
  });

  it('keeps the severity of the journal', () => {
    expect(json({ MESSAGE: 'x', _HOSTNAME: 'h', PRIORITY: '3' })).toMatchObject({ severity: 4, format: 'journald' });
  });
});
