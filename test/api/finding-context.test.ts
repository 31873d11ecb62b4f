import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lifeEventFor } from '../../src/finding/triage.ts';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import { finding, incident } from '../feed/samples.ts';
import { testApi, type TestApi } from './parts.ts';

const DAY_MS = 86_400_000;
const one = finding('one');
let api: TestApi;
beforeEach(async () => {
  api = await testApi();
  api.parts.store.findings = [one];
});
afterEach(() => api.stop());

const look = (what: string, id = one.id) => api.ask('GET', `/findings/${id}/context/${what}`);

describe('what is looked at beside a finding', () => {
  it('is the measured quantity of each of the 28 days before, in the window of the detector', async () => {
    api.parts.contextStore.days = [
      { day: '2027-01-10', value: 400 },
      { day: '2027-01-11', value: 600 },
      { day: '2027-01-15', value: 52_310 },
    ];
    const { body } = await look('picture');
    expect(body).toMatchObject({ kind: 'measure', windowMs: 3_600_000, median: 500, activeDays: 2 });
    const days = body['days'] as { day: string; value: number }[];
    expect([days.length, days[0]!.day, days.at(-1)]).toMatchObject([
      29,
      '2026-12-18',
      { day: '2027-01-15', value: 52_310 },
    ]);
    expect(api.parts.contextStore.asked[0]).toMatchObject([{ actor: one.actor, asset: one.asset }, 'rows', {}]);
  });

  it('is the time line of what was allowed where no quantity decides, and events a day where none can be summed up', async () => {
    const others = [
      finding('grantless', { detector: 'access-without-grant', unit: 'grants', baseline: 'none' }),
      finding('speedy', { detector: 'impossible-travel', unit: 'km/h', baseline: 'none' }),
      finding('months', { detector: 'export-spike', unit: 'exports', windowMs: 91 * DAY_MS }),
    ];
    api.parts.store.findings = others;
    const kinds = await Promise.all(others.map(async ({ id }) => (await look('picture', id)).body['kind']));
    expect(kinds).toEqual(['validity', 'activity', 'activity']);
  });

  it('is the actor’s day, those lanes first that have the events of the finding', async () => {
    const cell = { kind: 'asset' as const, step: 38, rows: 5, failures: 0 };
    api.parts.contextStore.found = [
      { ...cell, id: 'busy', events: 90, marked: 0 },
      { ...cell, id: one.asset, events: 2, marked: 1 },
      ...Array.from({ length: 14 }, (_, n) => ({ ...cell, id: `other-${n}`, events: 3, marked: 0 })),
    ];
    const { body } = await look('day');
    expect((body['lanes'] as { id: string }[]).slice(0, 2).map(({ id }) => id)).toEqual([one.asset, 'busy']);
    expect(body).toMatchObject({ events: 134, otherLanes: 4, subject: { kind: 'actor', id: one.actor } });
    expect((body['cells'] as { lane: number; events: number }[])[0]).toMatchObject({ lane: -1, events: 12 });
  });

  it('tells nothing about a day of nobody', async () => {
    const nobody = finding('nobody', { actor: '', asset: '', clientAddress: '', source: '', system: '' });
    api.parts.store.findings = [nobody];
    expect((await look('day', nobody.id)).body).toMatchObject({ events: 0, lanes: [] });
    expect((await look('picture', nobody.id)).body).toMatchObject({ activeDays: 0 });
  });

  it('is who it is about, the incidents that it is part of, and that nobody knows the asset', async () => {
    api.parts.store.incidents = [incident([one])];
    expect((await look('parties')).body).toMatchObject({
      ...{ right: 'unknown', grants: [], actor: { id: one.actor, known: false } },
      incidents: [{ id: incident([one]).id }],
    });
  });

  it('is how similar findings were closed, and by whom', async () => {
    const before = ['a', 'b', 'c'].map((name) => finding(name, { causedAt: one.causedAt - DAY_MS }));
    api.parts.store.findings = [one, ...before, finding('d', { actor: 'else', asset: 'else' })];
    api.parts.store.lives = before.slice(0, 2).flatMap((each) => {
      const raised = lifeEventOf(each);
      const command = { act: 'closed', disposition: 'benign', text: '月度任务' } as const;
      return [raised, lifeEventFor(command, [raised], { by: 'wu', at: each.causedAt + 5, id: each.id })];
    });
    expect((await look('similar')).body).toMatchObject({
      ...{ total: 3, open: 1, days: 90 },
      closed: [{ disposition: 'benign', count: 2, by: ['wu'] }],
    });
  });

  it('does not exist for an unknown finding, and each part fails by itself', async () => {
    expect((await look('day', '00000000-0000-5000-8000-00000000ffff')).status).toBe(404);
    expect((await look('weather')).body).toMatchObject({ code: 'WL_QUERY_INVALID' });
    api.parts.contextStore.fault = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    expect((await look('picture')).body).toMatchObject({ code: 'WL_STORE_AWAY' });
    expect((await look('similar')).status).toBe(200);
  });
});
