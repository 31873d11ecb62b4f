import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HoldDesk } from '../../src/evidence/hold-desk.ts';
import { auditOf, testApi, type TestApi } from './parts.ts';

const WISH = {
  name: '案件-7',
  from: '2026-01-01T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
  assets: ['people'],
  why: '检察院来函',
};

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
});
afterEach(() => api.stop());

const idOf = (body: Record<string, unknown>): string => (body['hold'] as { id: string }).id;

describe('legal holds at the API', () => {
  it('are placed with what they are about and why, listed, and released by the one person of a trial', async () => {
    const placed = await api.ask('POST', '/holds', WISH);
    expect(placed.body).toMatchObject({ hold: { name: '案件-7', state: 'open', assets: ['people'], actors: [], placedBy: 'api-token' }, isEnforced: true }); // prettier-ignore
    const released = await api.ask('POST', `/holds/${idOf(placed.body)}/release`, { why: '案件已结' });
    expect(released.body).toMatchObject({ hold: { state: 'released', releaseWhy: '案件已结' } });
    expect((await api.ask('GET', '/holds')).body['holds']).toMatchObject([{ state: 'released' }]);
    expect(auditOf(api.parts.log).map(({ action }) => action)).toContain('hold.place');
  });

  it('are refused with the field that is wrong', async () => {
    const wrong: [object, string][] = [
      [{ ...WISH, to: WISH.from }, 'to'],
      [{ ...WISH, why: 'x' }, 'why'],
      [{ ...WISH, incident: 'seven' }, 'incident'],
      [{ ...WISH, everything: true }, 'everything'],
    ];
    for (const [body, field] of wrong) {
      const answer = await api.ask('POST', '/holds', body);
      expect([answer.status, String(answer.body['message'])]).toEqual([400, expect.stringContaining(field)]);
    }
    const missing = await api.ask('POST', '/holds/00000000-0000-4000-8000-000000000009/release', { why: '案件已结' });
    expect(missing.status).toBe(404);
  });

  it('stay until a second person agrees, can be refused, and say so when the store does not obey yet', async () => {
    let isAway = true;
    const holds = new HoldDesk({
      ...{ table: api.parts.log.table('holds'), needsTwo: true, onProblem: () => undefined },
      enforce: async () => {
        if (isAway) throw new Error('the store is away');
        return [];
      },
    });
    const wish = { name: 'x', from: 0, to: 1, assets: [], actors: [], incident: '' };
    const { hold, isEnforced } = await holds.place(wish, 'why not', 'lina');
    expect(isEnforced).toBe(false);
    isAway = false;
    await holds.enforce();
    const states: string[] = [];
    states.push((await holds.askRelease(hold.id, 'it is over', 'lina')).hold.state);
    await expect(holds.decideRelease(hold.id, true, 'lina')).rejects.toThrow('can not decide it');
    states.push((await holds.decideRelease(hold.id, false, 'sun')).hold.state);
    states.push((await holds.askRelease(hold.id, 'it is over', 'sun')).hold.state);
    await expect(holds.askRelease(hold.id, 'again', 'sun')).rejects.toThrow('release-asked');
    states.push((await holds.decideRelease(hold.id, true, 'lina')).hold.state);
    expect(states).toEqual(['release-asked', 'open', 'release-asked', 'released']);
  });
});
