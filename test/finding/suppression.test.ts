import { describe, expect, it } from 'vitest';
import { emptyEvent } from '../../src/event/event.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { Grouping } from '../../src/finding/grouping.ts';
import {
  suppressionFor,
  suppressionRequest,
  SuppressionBook,
  type Suppression,
  type SuppressionScope,
} from '../../src/finding/suppression.ts';
import { signal } from '../detection/engine-fixture.ts';

const TITLE = { zh: '', en: '' };
const DAY = 86_400_000;

function suppression(scope: SuppressionScope, changes: Partial<Suppression> = {}): Suppression {
  const made = { id: 's', by: 'lina', at: 0, from: 100 };
  return { ...suppressionFor({ scope, reason: 'month-end export', days: 1 }, made), ...changes };
}

/** Revisions of signals of one actor at these clocks. */
function revisions(all: Suppression[], signals: [clock: number, score: number][], detector = 'bulk-read'): Finding[] {
  const book = new SuppressionBook();
  book.replace(all);
  const facts = { name: detector, title: TITLE, techniques: [], cites: [], knownGaps: [] };
  const grouping = new Grouping([facts], book.suppressing);
  const found: Finding[] = [];
  for (const [place, [clock, score]] of signals.entries()) {
    const event = { ...emptyEvent(), time: clock, ingestTime: clock, actor: 'u-li', department: 'aid' };
    const said = signal({ score, actor: 'u-li', asset: 'families' });
    grouping.take(detector, said, event, { clock, day: '2026-11-20', partition: 0, place }, found);
    grouping.tick(clock, found);
  }
  return found;
}

const told = (found: Finding[]) => found.map(({ revision, alert, suppression: id }) => [revision, alert, id ?? '']);

describe('a suppression', () => {
  it('keeps findings of its scope, with its id, but tells nobody', () => {
    expect(told(revisions([suppression({ actor: 'u-li' })], [[200, 50]]))).toEqual([[1, false, 's']]);
    expect(told(revisions([suppression({ detector: 'bulk-read', department: 'aid' })], [[200, 50]]))).toEqual([
      [1, false, 's'],
    ]);
  });

  it.each<SuppressionScope>([
    { actor: 'u-wang' },
    { actor: 'u-li', asset: 'other' },
    { detector: 'other', actor: 'u-li' },
  ])('does nothing to findings outside of its scope: %j', (scope) => {
    expect(told(revisions([suppression(scope)], [[200, 50]]))).toEqual([[1, true, '']]);
  });

  it.each(['log-tampering', 'audit-disabled', 'audit-trail-gap', 'watching-the-watchers'])(
    'never hides %s, whatever its scope',
    (detector) => {
      expect(told(revisions([suppression({ actor: 'u-li' })], [[200, 50]], detector))).toEqual([[1, true, '']]);
    },
  );

  it('holds from its first to before its last moment of ingest time', () => {
    const at = (clock: number) => revisions([suppression({ actor: 'u-li' })], [[clock, 50]])[0]!.alert;
    expect([99, 100, 100 + DAY - 1, 100 + DAY].map(at)).toEqual([true, false, false, true]);
    const ended = revisions([suppression({ actor: 'u-li' }, { endedAt: 300 })], [[300, 50]]);
    expect(ended[0]!.alert).toBe(true);
  });

  it('lets people be told of what goes on after its end', () => {
    const found = revisions([suppression({ actor: 'u-li' }, { endedAt: 300 })], [[200, 50], [201, 50], [300, 50], [301, 50]]); // prettier-ignore
    expect(told(found)).toEqual([
      [1, false, 's'],
      [2, false, 's'],
      [3, true, ''],
    ]);
  });

  it('counts what it hides as rarely as anything else', () => {
    const found = revisions(
      [suppression({ actor: 'u-li' })],
      Array.from({ length: 20 }, (_, n) => [200 + n, 50 + n]),
    );
    expect(found.map(({ revision }) => revision)).toEqual([1, 2, 4, 8, 16]);
  });

  it('is the earliest when several fit, in whatever order they were read', () => {
    const both = [suppression({ actor: 'u-li' }), suppression({ asset: 'families' }, { id: 'r', from: 50 })];
    expect(revisions(both, [[200, 50]])[0]!.suppression).toBe('r');
    expect(revisions(both.reverse(), [[200, 50]])[0]!.suppression).toBe('r');
  });
});

describe('what a suppression must state', () => {
  const problemOf = (scope: object, rest: object = {}): string =>
    suppressionRequest.safeParse({ scope, reason: 'x', days: 30, ...rest }).error?.issues[0]?.message ?? '';

  it('is whom it is about, not just a detector', () => {
    expect(problemOf({ detector: 'bulk-read' })).toContain('names nobody');
    expect(problemOf({ detector: 'bulk-read', vendor: 'v-1' })).toBe('');
  });

  it('is no detector that guards the record', () => {
    expect(problemOf({ detector: 'log-tampering', vendor: 'v-1' })).toContain('never suppressed');
  });

  it('is a reason and an end within a year', () => {
    expect(problemOf({ actor: 'a' }, { reason: ' ' })).toContain('say why');
    expect(problemOf({ actor: 'a' }, { days: undefined })).not.toBe('');
    expect(problemOf({ actor: 'a' }, { days: 365.1 })).toContain('365 days');
    expect(problemOf({ actor: 'a' }, { days: 365 })).toBe('');
  });
});
