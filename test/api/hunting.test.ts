import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditOf, event, testApi, type TestApi } from './parts.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const id = (n: number): string => `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`;

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
  const common = { ingestTime: NOW, account: 'li.wei', source: 'population-db' };
  api.parts.store.events = [
    event({
      ...common,
      id: id(1),
      time: NOW - 1_000,
      asset: 'residents',
      rows: 40,
      raw: '手机号=13912345678 read',
      target: '13912345678',
    }),
    event({ ...common, id: id(2), time: NOW - 2_000, asset: 'residents', rows: 7, raw: 'export', action: 'export' }),
    event({ ...common, id: id(3), time: NOW - 3_000, asset: 'families', rows: 1, raw: 'x' }),
  ];
});
afterEach(() => api.stop());

const RANGE = `from=${NOW - 3_600_000}&to=${NOW}&asOf=${NOW + 1}`;
const hunt = (what: string, more = '') => api.ask('GET', `/hunting/${what}?${RANGE}${more}`);
const where = (clause: unknown): string => `&where=${encodeURIComponent(JSON.stringify(clause))}`;

describe('hunting', () => {
  it('answers how many, which and by what, of the same filter', async () => {
    const residents = where({ field: 'asset', op: 'is', value: 'residents' });
    expect((await hunt('histogram', residents)).body).toMatchObject({ total: 2, width: 'half-minute' });
    const rows = (await hunt('rows', `${residents}&order=oldest`)).body as { total: number; events: { id: string }[] };
    expect(rows.total).toBe(2);
    expect(rows.events.map((one) => one.id)).toEqual([id(2), id(1)]);
    expect((await hunt('facets', '&fields=asset')).body['facets']).toEqual([
      {
        field: 'asset',
        values: [
          { asset: 'residents', count: 2 },
          { asset: 'families', count: 1 },
        ],
      },
    ]);
    expect((await hunt('pivot', '&rows=asset&columns=action')).body).toMatchObject({ total: 3 });
    expect((await hunt('suggestions', '&field=asset&part=resi')).body).toEqual({
      values: [{ asset: 'residents', count: 2 }],
    });
  });

  it('shows the columns that were asked for, masked by all that their line says', async () => {
    const { events } = (await hunt('rows', '&columns=target')).body as { events: Record<string, string>[] };
    expect(Object.keys(events[0]!)).toEqual(['id', 'time', 'target']);
    expect(events[0]!['target']).toMatch(/^‹手机\/mobile#/);
  });

  it('finds the events about somebody by the identifier, which the store has as a hash', async () => {
    const hash = api.parts.subjectHash('11010519491231002X');
    api.parts.store.events[1]!.dataSubjects = [hash];
    const about = (value: unknown, op = 'is') => hunt('histogram', where({ field: 'dataSubjects', op, value }));
    expect((await about('110105 19491231002x')).body).toMatchObject({ total: 1 });
    expect((await about([hash], 'in')).body).toMatchObject({ total: 1 });
    expect((await about('110105194912310')).body).toMatchObject({ total: 0 });
  });

  it('offers no value that would be shown as a pseudonym', async () => {
    api.parts.store.events.push(event({ id: id(4), time: NOW - 5_000, ingestTime: NOW, asset: '/person/13912345678' }));
    expect((await hunt('suggestions', '&field=asset')).body['values']).toEqual([
      { asset: 'residents', count: 2 },
      { asset: 'families', count: 1 },
    ]);
    const { facets } = (await hunt('facets', '&fields=asset')).body as { facets: [{ values: { asset: string }[] }] };
    expect(facets[0].values.map(({ asset }) => asset).join()).toContain('‹');
  });

  it.each([
    ['a field that there is not', 'histogram', where({ field: 'x', op: 'is', value: 'y' }), 'filter-field'],
    ['a column that there is not', 'rows', '&columns=colour', undefined],
    ['a field that can not be counted', 'pivot', '&rows=raw&columns=asset', undefined],
    ['a zone that there is not', 'histogram', '&zone=Asia/Atlantis', 'filter-zone'],
    ['a text of one character', 'rows', '&text=x', 'filter-short'],
    ['too many words', 'rows', `&text=${'word%20'.repeat(21)}`, 'filter-size'],
  ])('says what is wrong with %s', async (_, what, more, reason) => {
    const { status, body } = await hunt(what, more);
    expect([status, body['code'], body['reason']]).toEqual([400, 'WL_QUERY_INVALID', reason]);
  });

  it('answers a range of ten years, and says that a longer one is too long', async () => {
    const years = (n: number) => api.ask('GET', `/hunting/histogram?from=${NOW - n * 365.25 * 86_400_000}&to=${NOW}`);
    expect(await years(10)).toMatchObject({ status: 200, body: { width: 'month', total: 3 } });
    expect(await years(11)).toMatchObject({ status: 400, body: { reason: 'filter-range' } });
    expect(await api.ask('GET', `/hunting/rows?from=${NOW}&to=${NOW - 1}`)).toMatchObject({
      status: 400,
      body: { reason: 'filter-range' },
    });
  });

  it('is recorded with what was asked, and refused when it can not be', async () => {
    await hunt('rows', where({ field: 'asset', op: 'is', value: 'residents' }));
    expect(auditOf(api.parts.log).at(-1)).toMatchObject({
      action: 'hunt.query',
      outcome: 'success',
      rows: 2,
      asked: expect.stringContaining('residents') as string,
    });
    api.parts.log.append = async () => Promise.reject(new Error('no room'));
    expect(await hunt('rows')).toMatchObject({ status: 503, body: { code: 'WL_AUDIT_AWAY' } });
  });
});

const query = { name: '导出', kind: 'builder', query: 'where=x' };

describe('saved queries', () => {
  it('are made, changed and taken out, each recorded by its name', async () => {
    const made = await api.ask('POST', '/saved-queries', query);
    expect(made).toMatchObject({ status: 201, body: { version: 1, name: '导出', shared: false } });
    const url = `/api/v1/saved-queries/${String(made.body['id'])}`;
    const headers = { authorization: `Bearer ${api.parts.apiToken}` };
    const changed = await api.app.inject({
      method: 'PUT',
      url,
      headers,
      payload: { ...query, query: 'where=y', after: 1 },
    });
    expect(changed.json()).toMatchObject({ version: 2, query: 'where=y' });
    const again = await api.app.inject({ method: 'PUT', url, headers, payload: { ...query, after: 1 } });
    expect(again.json()).toMatchObject({ code: 'WL_CONFLICT', reason: 'saved-query-changed' });
    expect((await api.ask('GET', '/saved-queries')).body['queries']).toHaveLength(1);
    await api.app.inject({ method: 'DELETE', url, headers });
    expect((await api.ask('GET', '/saved-queries')).body['queries']).toEqual([]);
    const done = auditOf(api.parts.log).filter(({ phase, outcome }) => phase === 'done' && outcome === 'success');
    expect(done.map(({ action }) => action).filter((action) => action.startsWith('saved-'))).toEqual([
      'saved-query.create',
      'saved-query.change',
      'saved-query.remove',
    ]);
  });

  it('are not shared with a value of a person in them', async () => {
    const personal = { ...query, query: 'text=13912345678' };
    expect(await api.ask('POST', '/saved-queries', personal)).toMatchObject({ status: 201 });
    const shared = await api.ask('POST', '/saved-queries', { ...personal, shared: true });
    expect(shared).toMatchObject({ status: 400, body: { reason: 'saved-query-personal' } });
  });

  it.each([
    ['without a name', { ...query, name: ' ' }, /name/],
    ['of another kind', { ...query, kind: 'magic' }, /kind/],
    [
      'with a parameter twice',
      {
        ...query,
        parameters: [
          { name: 'p', type: 'text' },
          { name: 'p', type: 'text' },
        ],
      },
      /parameters/,
    ],
    [
      'with a parameter that is called as none can be',
      { ...query, parameters: [{ name: '1;', type: 'text' }] },
      /parameters\.0\.name/,
    ],
  ])('are refused %s', async (_, body, message) => {
    const { status, body: said } = await api.ask('POST', '/saved-queries', body);
    expect([status, said['code']]).toEqual([400, 'WL_BODY_INVALID']);
    expect(said['message']).toMatch(message);
  });
});
