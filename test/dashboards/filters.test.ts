import { describe, expect, it } from 'vitest';
import {
  filterFor,
  filtersOf,
  ignoredIn,
  isFiltered,
  NO_FILTERS,
  passes,
  queryOf,
  requestOf,
} from '../../dashboards/src/findings/filters.ts';
import { finding } from '../feed/samples.ts';

const one = { ...finding('a'), raisedAt: 0 };

describe('filters in the address', () => {
  it('come back as they were', () => {
    const filters = {
      ...NO_FILTERS,
      severities: ['critical', 'high'] as const,
      detector: 'bulk-read',
      text: '李 & 王',
    };
    expect(queryOf(filters)).toBe('severity=critical,high&detector=bulk-read&q=%E6%9D%8E+%26+%E7%8E%8B');
    expect(filtersOf(new URLSearchParams(queryOf(filters)))).toEqual(filters);
  });

  it('name an incident, and say that suppressed findings are shown', () => {
    const filters = { ...NO_FILTERS, incident: 'i-1', suppressed: true };
    expect(queryOf(filters)).toBe('incident=i-1&suppressed=shown');
    expect(filtersOf(new URLSearchParams(queryOf(filters)))).toEqual(filters);
  });

  it('are not there when nothing is filtered', () => {
    expect(queryOf(NO_FILTERS)).toBe('');
    expect(isFiltered(filtersOf(new URLSearchParams()))).toBe(false);
  });

  it('are left out when they make no sense', () => {
    expect(filtersOf(new URLSearchParams('severity=loud,low,&x=1&suppressed=maybe'))).toEqual({
      ...NO_FILTERS,
      severities: ['low'],
    });
  });
});

describe('filters of the queue', () => {
  const all =
    'severity=high&status=new,closed&disposition=benign&assignee=@me&vendor=@any&actor=li&time=7d&suppressed=shown&group=vendor';

  it('come back as they were, whatever they name', () => {
    expect(queryOf(filtersOf(new URLSearchParams(all)))).toBe(all);
  });

  it('are asked of the server with the account and the time of who looks', () => {
    const filter = filterFor(filtersOf(new URLSearchParams(all)), { account: 'lina', now: 700_000_000 });
    expect(requestOf(filter)).toBe(
      'vendor=%40any&actor=li&severity=high&status=new%2Cclosed&disposition=benign&assignee=lina&from=95200000',
    );
  });

  it('leave suppressed findings out unless they are asked for, and an incident that is none', () => {
    const filters = filtersOf(new URLSearchParams('incident=i-1'));
    expect(filterFor(filters, { account: '', now: 0 })).toEqual({ suppressed: 'no' });
  });

  it('say which of their parts make no sense', () => {
    const query = 'severity=loud,low&x=1&suppressed=maybe&from=then&incident=7&q=any&open=y&group=colour&time=24h';
    expect(ignoredIn(new URLSearchParams(query)).map(({ name, value }) => `${name}=${value}`)).toEqual([
      ...['severity=loud', 'x=1', 'suppressed=maybe', 'from=then', 'incident=7', 'group=colour'],
    ]);
    expect(ignoredIn(new URLSearchParams(all))).toEqual([]);
  });
});

describe('a finding passes', () => {
  it('when its severity is among the chosen', () => {
    expect(passes(one, { ...NO_FILTERS, severities: ['high', 'low'] })).toBe(true);
    expect(passes(one, { ...NO_FILTERS, severities: ['low'] })).toBe(false);
  });

  it('when its detector is the chosen one', () => {
    expect(passes(one, { ...NO_FILTERS, detector: 'bulk-read' })).toBe(true);
    expect(passes(one, { ...NO_FILTERS, detector: 'bulk' })).toBe(false);
  });

  it.each(['li.wei', 'LI.WEI', '52,310 行', '192.0.2.14 resident', '  ', '批量读取', 'bulk read'])(
    'with the text "%s"',
    (text) => {
      expect(passes(one, { ...NO_FILTERS, text })).toBe(true);
    },
  );

  it.each(['wang', 'li.wei 198.51.100.1'])('but not with the text "%s"', (text) => {
    expect(passes(one, { ...NO_FILTERS, text })).toBe(false);
  });
});
