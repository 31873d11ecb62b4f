import { watchEffect, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import type { FeedFinding } from '../../src/feed/protocol.ts';
import type { Address } from './address.ts';
import { known } from './i18n.ts';
import { SECTIONS, type Page } from './pages.ts';
import { SUBJECT_KINDS } from './profiles/subject.ts';

/** Names the browser's tab: the page, and how many critical findings are open. Nothing of it comes from log content. */
export function useTitle(page: Ref<Page>, address: Ref<Address>, findings: Ref<readonly FeedFinding[]>): void {
  const { t } = useI18n();
  watchEffect(() => {
    const critical = findings.value.filter(
      ({ severity, life }) => severity === 'critical' && life?.status !== 'closed',
    );
    const count = critical.length > 0 ? t('frame.criticalOpen', { count: critical.length }) : '';
    document.title = `${nameOf(page.value, address.value)}${count} · ${t('app.name')}`;
  });

  function nameOf({ section }: Page, { page: name }: Address): string {
    if (SUBJECT_KINDS.some((kind) => kind === name)) return known('profile.kind', name);
    if (name === 'exports') return t('exports.title');
    return SECTIONS.includes(section) ? t(`nav.${section || 'home'}`) : t('frame.noPage');
  }
}
