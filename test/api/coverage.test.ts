import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CoverageGap } from '../../src/coverage/gaps.ts';
import type { CoverageOverview } from '../../src/coverage/overview.ts';
import { lineOf } from './fake-coverage-store.ts';
import { auditOf, testApi, type TestApi } from './parts.ts';

const MINUTE = 60_000;
const AT = Date.parse('2026-11-20T01:00:00Z');
const SPAN = `from=${AT}&to=${AT + 10 * MINUTE}`;
const EVEN = { received: 0, appended: 0, parsed: 0, stored: 0, evaluated: 0 };

let api: TestApi;
beforeEach(async () => {
  api = await testApi({ now: () => AT + 20 * MINUTE });
  const { coverageStore } = api.parts;
  coverageStore.settledTo = AT + 8 * MINUTE;
  coverageStore.epochList = [
    { epoch: 'e', instance: '', startedAt: AT + MINUTE, statedAt: AT + 20 * MINUTE, ended: false },
  ];
});
afterEach(() => api.stop());

async function overview(query: string): Promise<CoverageOverview> {
  const { status, body } = await api.ask('GET', `/coverage?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as unknown as CoverageOverview;
}

describe('the coverage ledger over REST', () => {
  it('says of each source and minute whether it was covered', async () => {
    await api.ask('POST', '/registry/sources', { id: 'portal', silenceLimitMinutes: 2 });
    api.parts.coverageStore.lineList = [
      lineOf('portal', AT + MINUTE),
      lineOf('portal', AT + 2 * MINUTE, { late: 6 }),
      lineOf('portal', AT + 3 * MINUTE, { stored: 7, off: { ...EVEN, stored: -3 } }),
    ];
    const { sources, total } = await overview(SPAN);
    expect(sources.map(({ id, cells }) => [id, cells.map(({ state }) => state)])).toEqual([
      ['portal', ['nobody', 'ok', 'late', 'uneven', 'missing', 'missing', 'missing', 'missing', 'waiting', 'waiting']],
    ]);
    expect(total).toMatchObject({ received: 30, stored: 27, minutes: 3, unbalanced: 1, off: { stored: -3 } });
  });

  it('lists the lines of one source, the latest first, and says nothing of others', async () => {
    api.parts.coverageStore.lineList = [
      lineOf('a', AT + MINUTE),
      lineOf('b', AT + MINUTE),
      lineOf('a', AT + 2 * MINUTE),
    ];
    const { sources, lines } = await overview(`${SPAN}&source=a`);
    expect(sources.map(({ id }) => id)).toEqual(['a']);
    expect(lines.map(({ at }) => at)).toEqual([AT + 2 * MINUTE, AT + MINUTE]);
  });

  it('adds minutes up to hours', async () => {
    api.parts.coverageStore.lineList = [lineOf('a', AT - MINUTE), lineOf('a', AT + MINUTE)];
    const { sources } = await overview(`from=${AT - 60 * MINUTE}&to=${AT + 60 * MINUTE}&step=hour`);
    expect(sources[0]!.cells.map(({ stored }) => stored)).toEqual([10, 10]);
  });

  it('refuses a span of too many steps, and says what to do', async () => {
    const { status, body } = await api.ask('GET', `/coverage?from=0&to=${AT}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'WL_QUERY_INVALID', remedy: 'Ask for a shorter span, or for longer steps.' });
    expect((await api.ask('GET', '/coverage?step=second')).body).toMatchObject({ code: 'WL_QUERY_INVALID' });
  });
});

describe('gaps of the coverage ledger over REST', () => {
  const gapsNow = async (): Promise<CoverageGap[]> =>
    (await api.ask('GET', `/coverage/gaps?${SPAN}`)).body['gaps'] as CoverageGap[];

  it('are ranges of offsets: minutes and sources that follow each other are one', async () => {
    api.parts.coverageStore.lineList = [
      lineOf('a', AT, { off: { ...EVEN, stored: -3 } }),
      lineOf('b', AT + MINUTE, { off: { ...EVEN, stored: -1 }, ranges: [{ partition: 0, from: 110, to: 130 }] }),
      lineOf('a', AT + 5 * MINUTE, { missed: { silent: 2 }, off: { ...EVEN, evaluated: -2 } }),
      lineOf('a', AT + 6 * MINUTE, { off: { ...EVEN, appended: -1 } }),
    ];
    expect(await gapsNow()).toMatchObject([
      { kind: 'appended', canReplay: false, events: -1 },
      { kind: 'evaluated', detector: 'silent', canReplay: true, events: -2 },
      { kind: 'stored', partition: 0, from: 100, to: 130, sources: ['a', 'b'], events: -4, canReplay: true },
    ]);
  });

  it('name records that can not be read, and offsets that nobody has accounted for', async () => {
    const times = { since: AT, until: AT + MINUTE, judges: [] };
    api.parts.coverageStore.segments = [
      { partition: 0, from: 0, to: 10, ...times, unread: [{ from: 4, to: 5, kind: 'undecodable' }] },
      { partition: 0, from: 12, to: 20, ...times, unread: [] },
      { partition: 1, from: 30, to: 40, ...times, unread: [] },
    ];
    expect((await gapsNow()).map(({ kind, partition, from, to }) => [kind, partition, from, to]).sort()).toEqual([
      ['unaccounted', 0, 10, 12],
      ['unread', 0, 4, 5],
    ]);
  });

  it('are replayed one at a time, on the record, and the list says how far that is', async () => {
    api.parts.coverageStore.lineList = [
      lineOf('a', AT + 12 * MINUTE, { off: { ...EVEN, stored: -3 } }),
      lineOf('a', AT + 14 * MINUTE, { off: { ...EVEN, appended: -3 }, ranges: [{ partition: 0, from: 7, to: 8 }] }),
    ];
    const { body } = await api.ask('GET', `/coverage/gaps?from=${AT}&to=${AT + 20 * MINUTE}`);
    const [lost, missing] = body['gaps'] as CoverageGap[];
    const begun = await api.ask('POST', '/coverage/replays', { gap: missing!.id });
    expect(begun).toMatchObject({ status: 202, body: { state: 'running', gap: missing!.id, from: 100, to: 110 } });
    expect(auditOf(api.parts.log).map(({ action, outcome }) => [action, outcome])).toContainEqual([
      'coverage.replay',
      'success',
    ]);
    expect(await api.ask('POST', '/coverage/replays', { gap: missing!.id })).toMatchObject({
      status: 409,
      body: { code: 'WL_CONFLICT', remedy: 'Wait until it is done.' },
    });
    const { coverageStore } = api.parts;
    coverageStore.endReplay({ stored: 3, evaluated: 0, findings: 0, unreadable: 0 });
    await expect
      .poll(() => coverageStore.written.at(-1))
      .toMatchObject({ state: 'done', stored: 3, askedBy: 'api-token' });
    coverageStore.replayed = [{ ...coverageStore.written[0]!, at: AT + 18 * MINUTE }];
    const { body: after } = await api.ask('GET', `/coverage/gaps?from=${AT}&to=${AT + 20 * MINUTE}`);
    expect((after['gaps'] as { replay: object }[])[1]!.replay).toMatchObject({
      ...{ state: 'failed', reason: 'the program that ran it has ended' },
    });
    expect(coverageStore.checkedAgain).toEqual([[AT + 12 * MINUTE, AT + 13 * MINUTE]]);
    expect(await api.ask('POST', '/coverage/replays', { gap: lost!.id })).toMatchObject({
      status: 409,
      body: { code: 'WL_CONFLICT', message: expect.stringContaining('can not be replayed') as string },
    });
    expect(await api.ask('POST', '/coverage/replays', { gap: 'f'.repeat(24) })).toMatchObject({
      status: 404,
      body: { code: 'WL_NOT_FOUND' },
    });
  });
});

it('what each version of a detector has judged of the minutes that are settled is told over REST', async () => {
  expect((await api.ask('GET', `/coverage/detectors?${SPAN}`)).body).toMatchObject({
    judged: [{ detector: 'brute-force', version: 2, judged: 417, unjudged: 10 }],
  });
  expect(api.parts.coverageStore.judgedSpans).toEqual([[AT, AT + 8 * MINUTE]]);
});

describe('how the coverage ledger stands', () => {
  it('is in the metrics: by how much, of which source and step', async () => {
    api.parts.coverageStore.uneven = [{ source: 'a', off: { ...EVEN, stored: -3 } }];
    const headers = { authorization: `Bearer ${api.parts.apiToken}` };
    const { body } = await api.app.inject({ url: '/metrics', headers });
    expect(body).toContain('wanglou_coverage_difference{source="a",step="stored"} 3');
    expect(body).toContain(`wanglou_coverage_settled_seconds ${(AT + 8 * MINUTE) / 1_000}`);
  });
});
