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
  /** Keys or clicks (of a selector) that open what is closed at first. */
  open?: readonly ({ key: string } | { click: string })[];
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
    open: [{ click: '[data-event]' }],
  },
  { name: 'pivot', address: () => hunting({ span: '30d', view: 'pivot' }), loaded: '.pivot table' },
  { name: 'sql', address: () => '#/hunting/sql?sql=SELECT+1', loaded: '.schema details' },
  { name: 'saved-queries', address: () => '#/hunting/saved', loaded: 'main h2' },
  { name: 'exports', address: () => '#/exports', loaded: 'main h2' },
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
  { name: 'audit', address: () => '#/audit', loaded: 'tr[data-audit]', open: [{ click: 'tr[data-audit] button' }] },
  { name: 'tokens', address: () => '#/tokens', loaded: 'main form' },
  { name: 'access', address: () => '#/access', loaded: 'main .panel' },
  { name: 'wall', address: () => '#/wall', loaded: '[data-slide]' },
  { name: 'no-such-page', address: () => '#/no-such-page', loaded: 'main h2' },
];

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

/** Goes to the view within the page, and waits until it is there. */
export async function visit(page: Page, view: View, of: Subjects): Promise<void> {
  await page.goto(page.url().split('#')[0]! + view.address(of));
  await page.locator(view.loaded).first().waitFor();
}

export async function openAll(page: Page, view: View): Promise<void> {
  for (const step of view.open ?? []) {
    if ('key' in step) await page.keyboard.press(step.key);
    else await page.locator(step.click).first().click();
  }
}

/** Those of the platform at `url`, asked with its API token: the first finding and incident it has, and these. */
export async function subjectsOf(url: string, apiToken: string, known: Partial<Subjects>): Promise<Subjects> {
  const headers = { authorization: `Bearer ${apiToken}` };
  const first = async (list: 'findings' | 'incidents'): Promise<string> => {
    const answer = await (await fetch(`${url}/api/v1/${list}?limit=1`, { headers })).json();
    return (answer as Record<string, { id: string }[]>)[list]?.[0]?.id ?? '';
  };
  const [finding, incident, report] = await Promise.all([first('findings'), first('incidents'), aReport(url, headers)]);
  const none = { actor: '', asset: '', vendor: '', department: '', source: '', detector: '', report: '' };
  return { ...none, finding, incident, report, ...known };
}

/** Makes a report, and answers with its id once it is there; the store may just be starting. */
async function aReport(url: string, headers: Record<string, string>): Promise<string> {
  for (let tries = 0; tries < 30; tries++) {
    const made = await makeReport(url, headers);
    if (made !== undefined) return made;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error('no report can be made');
}

async function makeReport(url: string, headers: Record<string, string>): Promise<string | undefined> {
  const now = Date.now();
  const [from, to] = [now - 86_400_000, now - 1_000].map((at) => new Date(at).toISOString());
  const wish = { kind: 'sharing-ledger', subject: { kind: 'platform' }, from, to, timeZone: 'Asia/Shanghai' };
  const posted = {
    method: 'POST',
    body: JSON.stringify(wish),
    headers: { ...headers, 'content-type': 'application/json' },
  };
  const { id } = (await (await fetch(`${url}/api/v1/reports`, posted)).json()) as { id: string };
  for (;;) {
    const answer = await fetch(`${url}/api/v1/reports/${id}`, { headers });
    const { report, job } = (await answer.json()) as { report?: object | null; job?: { state: string } | null };
    if (report) return id;
    if (job?.state !== 'queued' && job?.state !== 'making') return undefined;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
