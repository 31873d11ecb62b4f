import { describe, expect, it } from 'vitest';
import { diffusionOutsideBoundary } from '../../detectors/diffusion-outside-boundary.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { grant, sharingTown } from './granted.ts';
import { access, says } from './town.ts';

const AT = '2026-06-10T10:00';
const share = (iso: string, recipient: string, fields: Partial<Event> = {}) =>
  access(iso, { action: 'share', recipient, rows: 50, ...fields });
const minor = { asset: 'minor', assetLevel: 'general-2' as const };
const signals = (events: Event[], ...grants: ReturnType<typeof grant>[]) =>
  judge(diffusionOutsideBoundary, events, { registry: sharingTown(grants) }).signals;

describe('diffusion-outside-boundary', () => {
  conforms(diffusionOutsideBoundary, {
    events: () => [share(AT, 'transport')],
    options: () => ({ registry: sharingTown([grant()]) }),
  });

  it('finds important data at a department that has no grant, at once', () => {
    const [found] = signals([share(AT, 'transport')], grant());
    expect(found).toMatchObject({ score: 88, observed: 1, asset: 'recipients' });
    expect(says(found, { zh: '交通局', en: 'Transport Bureau' }, '50')).toBe(true);
  });

  it('stays quiet inside the boundary: owner, recipients of grants and their sections and systems, whom these may pass it on to', () => {
    expect(signals([share(AT, 'civil'), share(AT, 'relief'), share(AT, 'aid')])).toEqual([]);
    expect(signals([share(AT, 'culture'), share(AT, 'tickets')], grant())).toEqual([]);
    expect(signals([share(AT, 'museum')], grant())).toEqual([]);
    expect(signals([share(AT, 'culture')], grant({ recipient: 'museum' }))).toHaveLength(1);
    expect(signals([share(AT, 'transport')], grant({ onwardTo: ['transport'] }))).toEqual([]);
    expect(signals([share(AT, 'museum')], grant({ recipient: 'transport', onwardTo: ['culture'] }))).toEqual([]);
  });

  it('looks grants up as of the event’s time', () => {
    expect(signals([share('2026-11-20T10:00', 'culture')], grant())).toHaveLength(1);
    const revoked = grant({ revokedAt: '2026-06-11' });
    expect(signals([share(AT, 'culture')], revoked)).toEqual([]);
    expect(signals([share('2026-06-12T10:00', 'culture')], revoked)).toHaveLength(1);
  });

  it('finds general data when three recipients outside are new within seven days', () => {
    const to = (...days: string[]) => days.map((day, n) => share(`2026-06-${day}T10:00`, `partner-${n}`, minor));
    expect(signals(to('10', '11'))).toEqual([]);
    expect(signals(to('10', '11', '16'))).toMatchObject([{ observed: 3, threshold: 3 }]);
    expect(signals(to('10', '11', '17'))).toEqual([]);
    expect(signals([...to('10', '11'), share('2026-06-12T10:00', 'partner-1', minor)])).toEqual([]);
  });

  it('tells how far from its owner the data has come', () => {
    const found = signals([
      share(AT, 'transport'),
      share('2026-06-11T10:00', 'partner', { department: 'transport', actor: 'driver' }),
    ]);
    expect(says(found[1], { zh: '2 步', en: '2 steps' })).toBe(true);
  });

  it('leaves free data, refusals, unknown assets and reads without a recipient out', () => {
    for (const fields of [
      { asset: 'open', assetLevel: 'general-1' as const },
      { outcome: 'failure' as const },
      { asset: 'elsewhere' },
      { action: 'read' },
    ])
      expect(signals([share(AT, 'transport', fields)])).toEqual([]);
    expect(signals([share(AT, '')])).toEqual([]);
  });
});
