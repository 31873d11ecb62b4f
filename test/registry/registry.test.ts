import { describe, expect, it } from 'vitest';
import { parseEntry } from '../../src/registry/check.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';

const at = (iso: string) => Date.parse(`${iso}+08:00`);
const NOW = at('2026-11-20T10:00');

describe('the registry', () => {
  it('knows what was valid at a time, and nothing outside of it', () => {
    const registry = registryFrom({
      departments: [
        { id: 'data', name: '大数据局', validTo: '2026-03-31' },
        { id: 'data', name: '数据局', validFrom: '2026-04-01' },
      ],
    });
    expect(registry.department('data', at('2026-03-31T23:59'))?.name.zh).toBe('大数据局');
    expect(registry.department('data', at('2026-04-01T00:00'))?.name.zh).toBe('数据局');
    expect(registry.department('none', NOW)).toBeUndefined();
  });

  it('knows an account by its login in other letters and with a domain, the exact spelling first', () => {
    const registry = registryFrom({
      accounts: [
        { id: 'wang', login: 'wangfang' },
        { id: 'sap', login: 'SAPAdmin' },
        { id: 'sap-test', login: 'sapadmin', systems: [] },
      ],
    });
    const idOf = (login: string) => registry.account(login, '', NOW)?.id;
    expect(['WangFang', 'CORP\\wangfang', 'wangfang@CORP.EXAMPLE'].map(idOf)).toEqual(['wang', 'wang', 'wang']);
    expect(['SAPAdmin', 'sapadmin', 'SAPADMIN'].map(idOf)).toEqual(['sap', 'sap-test', 'sap-test']);
    expect(idOf('wangfang@mail.example')).toBeUndefined();
    expect(registryFrom({ accounts: [{ id: 'sap', login: 'SAPAdmin' }] }).account('sapadmin', '', NOW)?.id).toBe('sap');
  });

  it('finds a closed account, before an open one of the same login only where that is not valid yet', () => {
    const registry = registryFrom({
      accounts: [
        { id: 'old', login: 'wang', validTo: '2026-01-31' },
        { id: 'new', login: 'wang', validFrom: '2026-06-01' },
      ],
    });
    expect(registry.account('wang', '', at('2026-01-10T00:00'))?.id).toBe('old');
    expect(registry.account('wang', '', at('2026-04-01T00:00'))?.id).toBe('old');
    expect(registry.account('wang', '', NOW)?.id).toBe('new');
  });

  it('finds an asset by exact name before a pattern, and by the longest pattern', () => {
    const registry = registryFrom({
      assets: [
        { id: 'all', name: '接口', names: ['/api/*'], level: 'general-1' },
        { id: 'people', name: '人口', names: ['/api/people/*'], level: 'core' },
        { id: 'ping', name: '探活', names: ['/api/people/ping'], level: 'general-1' },
      ],
    });
    const idOf = (name: string) => registry.asset(name, NOW)?.id;
    expect(['/api/x', '/api/people/7', '/api/people/ping', '/other'].map(idOf)).toEqual([
      'all',
      'people',
      'ping',
      undefined,
    ]);
  });

  it('finds an asset by what logs carry for it: template of an interface, bucket and prefix, file path', () => {
    const asset = (id: string, ...names: string[]) => ({ id, name: id, names, level: 'core' as const });
    const registry = registryFrom({
      assets: [
        asset('person', '/api/v1/person/{id}', '/api/v1/person/{id}/address/{n}'),
        asset('search', '/api/v1/person/search'),
        asset('api', '/api/v1/*'),
        asset('scans', 's3://archive/scans/*', '//files/scans/*'),
      ],
    });
    const idOf = (name: string) => registry.asset(name, NOW)?.id;
    expect(
      [
        '/api/v1/person/42',
        '/API/v1/person/42?full=1',
        '/api/v1/person/42/address/1',
        '/api/v1/person/search',
        '/api/v1/person/',
        '/api/v1/person/42/other',
        's3://archive/scans/2026/a.pdf',
        'S3://archive/other/a.pdf',
        '\\\\FILES\\scans\\a.pdf',
      ].map(idOf),
    ).toEqual(['person', 'person', 'person', 'search', 'api', 'api', 'scans', undefined, 'scans']);
  });

  it('finds a system by host, with or without domain, in any case, but not an address by its first part', () => {
    const registry = registryFrom({ systems: [{ id: 'aid', name: '救助', hosts: ['Aid-DB-01', '192'] }] });
    expect(registry.system('aid-db-01.gov.example', NOW)?.id).toBe('aid');
    expect(registry.system('AID-DB-01', NOW)?.id).toBe('aid');
    expect(registry.system('192.0.2.1', NOW)).toBeUndefined();
  });

  it('counts holidays, make-up workdays and its own calendar as what they really are', () => {
    const registry = registryFrom({
      calendar: [{ year: 2026, rest: ['2026-11-20'], workdays: ['2026-11-21..2026-11-22'] }],
    });
    const dayType = (iso: string) => registry.dayType(at(`${iso}T12:00`), '');
    expect(dayType('2026-10-01')).toBe('rest');
    expect(dayType('2026-10-10')).toBe('workday'); // a Saturday, made up for National Day
    expect(dayType('2026-11-19')).toBe('workday');
    expect(dayType('2026-11-20')).toBe('rest');
    expect(dayType('2026-11-22')).toBe('workday'); // a Sunday
  });

  it('warns once of a year whose holidays nobody has told, and goes by the weekday', () => {
    const registry = registryFrom({});
    expect(registry.dayType(at('2099-10-01T12:00'), '')).toBe('workday');
    expect(registry.dayType(at('2099-10-03T12:00'), '')).toBe('rest');
    expect(registry.warnings.filter((text) => text.includes('2099'))).toHaveLength(1);
  });

  it.each([
    ['2026-11-20T08:59', false],
    ['2026-11-20T09:00', true],
    ['2026-11-20T12:00', false],
    ['2026-11-20T17:59', true],
    ['2026-11-20T18:00', false],
    ['2026-11-21T10:00', false],
    ['2026-11-22T03:00', true],
  ])('judges working time at the minute: %s is %s', (iso, expected) => {
    const registry = registryFrom({
      departments: [
        {
          id: 'tax',
          name: '税务局',
          workingHours: ['09:00-12:00', '13:30-18:00'],
          duty: [{ from: '2026-11-22T00:00', to: '2026-11-22T08:00' }],
        },
      ],
    });
    expect(registry.isWorkingTime(at(iso), 'tax')).toBe(expected);
  });

  it('takes 08:30–18:00 of a workday for a department nobody knows', () => {
    const registry = registryFrom({});
    expect(
      ['08:29', '08:30', '17:59', '18:00'].map((time) => registry.isWorkingTime(at(`2026-11-20T${time}`), '')),
    ).toEqual([false, true, true, false]);
  });

  it('keeps to the zone of the department, over a change of clocks too', () => {
    const registry = registryFrom({ departments: [{ id: 'berlin', name: '驻柏林办事处', timeZone: 'Europe/Berlin' }] });
    expect(registry.isWorkingTime(Date.parse('2026-03-27T07:30Z'), 'berlin')).toBe(true); // 08:30 in winter
    expect(registry.isWorkingTime(Date.parse('2026-03-30T06:30Z'), 'berlin')).toBe(true); // 08:30 in summer
    expect(registry.isWorkingTime(Date.parse('2026-03-30T06:29Z'), 'berlin')).toBe(false);
  });

  it('names peers of the same role, else of the department, else of the kind', () => {
    const clerks = Array.from({ length: 5 }, (_, n) => ({
      id: `c${n}`,
      login: `c${n}`,
      department: 'a',
      role: 'clerk',
    }));
    const registry = registryFrom({
      departments: [
        { id: 'a', name: '甲' },
        { id: 'b', name: '乙' },
      ],
      accounts: [
        ...clerks,
        { id: 'boss', login: 'boss', department: 'a', role: 'head' },
        { id: 'lone', login: 'lone', department: 'b', role: 'head' },
        { id: 'job', login: 'job', department: 'b', role: 'service' },
      ],
    });
    expect(registry.peersOf('c1', NOW)).toEqual(['c0', 'c1', 'c2', 'c3', 'c4']);
    expect(registry.peersOf('boss', NOW)).toHaveLength(6);
    expect(registry.peersOf('lone', NOW)).toHaveLength(7);
    expect(registry.peersOf('job', NOW)).toEqual([]);
  });

  it('has a contract end after its last day, and assignments within it', () => {
    const [contract] = registryFrom({
      vendors: [{ id: 'v', name: '云启' }],
      contracts: [
        {
          id: 'c',
          vendor: 'v',
          from: '2026-01-01',
          to: '2026-06-30',
          roster: [{ person: 'p', to: '2026-03-31' }, { person: 'q' }],
        },
      ],
    }).contractsOf('v');
    expect(contract!.to).toBe(at('2026-07-01T00:00'));
    expect(contract!.roster).toEqual([
      { person: 'p', from: at('2026-01-01T00:00'), to: at('2026-04-01T00:00') },
      { person: 'q', from: at('2026-01-01T00:00'), to: at('2026-07-01T00:00') },
    ]);
  });

  it('refuses what is wrong, with field, value and remedy', () => {
    const wrong = () =>
      registryFrom({
        accounts: [{ id: 'a', login: 'a', department: 'taxx' }],
        departments: [{ id: 'tax', name: '税' }],
      });
    expect(wrong).toThrow(
      'accounts[0].department: department is "taxx": departments has no such id; did you mean tax?',
    );
  });

  it.each([{ id: 'a', name: 'a', level: { toString: [] } }, { id: { length: { toString: 0 } } }])(
    'refuses %j, which is no text',
    (entry) => {
      expect(parseEntry('assets', entry).problems[0]!.message).toMatch(/level is \{"toString":\[\]\}|can not be read/);
    },
  );
});
