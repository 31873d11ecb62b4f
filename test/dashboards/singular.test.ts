import { createI18n } from 'vue-i18n';
import { describe, expect, it } from 'vitest';
import { withSingulars } from '../../dashboards/src/messages/singular.ts';

const en = { found: '{count} findings of {source} in {days} days', nested: { usual: '{ratio} times the usual' } };
const { t } = createI18n({ legacy: false, locale: 'en', messages: { en: withSingulars(en) } }).global;

describe('an English message that counts', () => {
  it('says of one thing that it is one', () => {
    expect(t('found', { count: '1', source: 'hr', days: '30' })).toBe('1 finding of hr in 30 days');
    expect(t('found', { count: '21', source: 'hr', days: 1 })).toBe('21 findings of hr in 1 day');
  });

  it('leaves what it is given as it is, whatever that looks like', () => {
    const source = 'table 1 rows {count} findings';
    expect(t('found', { count: '1', source, days: '2' })).toBe(`1 finding of ${source} in 2 days`);
    expect(t('nested.usual', { ratio: '1' })).toBe('1 times the usual');
  });
});
