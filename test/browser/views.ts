import type { Page } from 'playwright-core';

/** Whose pages are opened: ids in the registry and in the store of the platform behind the page. */
export interface Subjects {
  finding: string;
  incident: string;
  actor: string;
  asset: string;
  vendor: string;
  department: string;
  source: string;
  detector: string;
  report: string;
}

/** A page as people come to it: the screenshots, axe, and the tests of hostile content and of faults go through all of them. */
export interface View {
  name: string;
  address: (of: Subjects) => string;
  /** There once it is loaded. */
  loaded: string;
  /** Keys or clicks (of a selector) that open what is closed at first, and what is to be seen then. */
  open?: readonly ({ key: string } | { click: string } | { see: string })[];
}

/** Every page of dashboards/src/pages.ts, which test/dashboards/views.test.ts holds; a page more is a line more. */
export const VIEWS: readonly View[] = [
  { name: 'home', address: () => '#/', loaded: 'li[data-finding]' },
  { name: 'findings', address: () => '#/findings', loaded: 'li[data-finding]', open: [{ key: 'j' }, { key: 'Enter' }] },
  { name: 'finding', address: ({ finding }) => at('finding', finding), loaded: 'main h2' },
  { name: 'incident', address: ({ incident }) => at('incident', incident), loaded: 'main h2' },
  {
    name: 'hunting',
    address: () => hunting({ span: '30d' }),
    loaded: '[data-event]',
    open: [{ click: '[data-event]' }, { see: 'aside.event dl' }, { click: '.column-menu summary' }],
  },
  {
    name: 'pivot',
    address: () => hunting({ span: '30d', view: 'pivot', asOf: '2099-01-02T03:04' }),
    loaded: '.pivot table',
    open: [
      { click: '.conditions .add' },
      { click: '.panel-head .right > button:last-child' },
      { click: '.range summary' },
    ],
  },
  {
    name: 'sql',
    address: ({ asset }) =>
      `#/hunting/sql?${new URLSearchParams({ sql: LIST_OF_USES, 'p.asset': asset, 'p.least': '0' }).toString()}`,
    loaded: '.schema details',
    open: [{ click: '.schema summary' }, { click: 'form .line .primary' }, { see: '[data-rows]' }],
  },
  {
    name: 'saved-queries',
    address: () => '#/hunting/saved',
    loaded: 'main h2',
    open: [{ click: '[data-saved] [aria-expanded]' }],
  },
  { name: 'exports', address: () => '#/exports', loaded: '[data-export]' },
  { name: 'sources', address: () => '#/sources', loaded: '[data-source]' },
  { name: 'source', address: ({ source }) => at('sources', source), loaded: 'main h2' },
  {
    name: 'coverage',
    address: ({ source }) => `#/coverage?source=${encodeURIComponent(source)}`,
    loaded: '[data-equation]',
    open: [{ click: 'main summary' }],
  },
  { name: 'vendors', address: () => '#/vendors', loaded: 'main a' },
  { name: 'actor', address: ({ actor }) => at('actor', actor), loaded: 'main .columns' },
  { name: 'asset', address: ({ asset }) => at('asset', asset), loaded: 'main .columns' },
  { name: 'vendor', address: ({ vendor }) => at('vendor', vendor), loaded: 'main .columns' },
  { name: 'department', address: ({ department }) => at('department', department), loaded: 'main .columns' },
  { name: 'registry', address: ({ asset }) => `#/registry/assets?entry=${asset}`, loaded: '.entry dl' },
  { name: 'unresolved', address: () => '#/registry/unresolved', loaded: 'main' },
  { name: 'import', address: () => '#/registry/import', loaded: 'main form' },
  { name: 'detectors', address: () => '#/detectors', loaded: 'tr[data-detector]' },
  { name: 'detector', address: ({ detector }) => at('detectors', detector), loaded: 'main h2' },
  { name: 'backtests', address: () => '#/detectors/backtests', loaded: 'main' },
  { name: 'suppressions', address: () => '#/detectors/suppressions', loaded: 'main' },
  { name: 'reports', address: () => '#/reports?new=five-questions', loaded: 'main form' },
  { name: 'report', address: ({ report }) => at('reports', report), loaded: 'main h2' },
  {
    name: 'audit',
    address: () => '#/audit',
    loaded: 'tr[data-audit]',
    open: [
      { click: 'tr[data-audit] button' },
      { click: '.evidence .place' },
      { click: '.export-menu summary' },
      { see: '.export-menu [data-rows]' },
    ],
  },
  { name: 'tokens', address: () => '#/tokens', loaded: 'main form' },
  { name: 'access', address: () => '#/access', loaded: 'main .panel' },
  { name: 'wall', address: () => '#/wall', loaded: '[data-slide]' },
  { name: 'no-such-page', address: () => '#/no-such-page', loaded: 'main h2' },
];

const LIST_OF_USES = `SELECT time, actor, action, asset, rows, purpose, raw
FROM events
WHERE asset = {asset:String} AND rows > {least:UInt32}
ORDER BY time DESC`;

/** But for what is done here: the names of that in the events look like keys of texts that are missing. */
function hunting(asked: Record<string, string>): string {
  const where = JSON.stringify([{ field: 'source', op: 'is-not', value: 'wanglou' }]);
  return `#/hunting?${new URLSearchParams({ ...asked, where }).toString()}`;
}

function at(page: string, id: string): string {
  return `#/${page}/${encodeURIComponent(id)}`;
}

export interface Look {
  language: 'zh' | 'en';
  theme: 'light' | 'dark';
}

/** Looks at the page in another way from now on: loads it anew, so that also the first frame is in that language. */
export async function lookAs(page: Page, { language, theme }: Look): Promise<void> {
  await page.evaluate(
    ([words, colours]) => {
      localStorage.setItem('wanglou.language', words!);
      localStorage.setItem('wanglou.theme', colours!);
    },
    [language, theme],
  );
  await page.reload();
}

/** Goes to the view within the page, and waits until it is there. What another view of the same page has opened is closed. */
export async function visit(page: Page, view: View, of: Subjects): Promise<void> {
  const [before, address] = [page.url(), view.address(of)];
  await page.goto(before.split('#')[0]! + address);
  if (before.split('#')[1]?.split('?')[0] === address.slice(1).split('?')[0]) await page.reload();
  await page.locator(view.loaded).first().waitFor();
}

export async function openAll(page: Page, view: View): Promise<void> {
  for (const step of view.open ?? []) {
    if ('key' in step) await page.keyboard.press(step.key);
    else if ('click' in step) await page.locator(step.click).first().click();
    else await page.locator(step.see).first().waitFor();
  }
}

/** Those of the platform at `url`, asked with its API token: the first finding and incident it has, and these. */
export async function subjectsOf(url: string, apiToken: string, known: Partial<Subjects>): Promise<Subjects> {
  const headers = { authorization: `Bearer ${apiToken}` };
  const first = async (list: 'findings' | 'incidents'): Promise<string> => {
    const answer = await (await fetch(`${url}/api/v1/${list}?limit=1`, { headers })).json();
    return (answer as Record<string, { id: string }[]>)[list]?.[0]?.id ?? '';
  };
  const [finding, incident] = await Promise.all([first('findings'), first('incidents')]);
  const none = { actor: '', asset: '', vendor: '', department: '', source: '', detector: '', report: '' };
  return { ...none, finding, incident, ...known };
}
