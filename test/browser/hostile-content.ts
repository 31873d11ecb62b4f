import type { Page, WebSocketRoute } from 'playwright-core';

/** What an attacker writes into a field: markup, templates, terminal sequences, marks that turn and hide text, and no space. */
const MARKUP = `<img src=x onerror="window.canary=1"><script>window.canary=2</script><svg/onload=window.canary=3>`;
const TEMPLATES = `{{ constructor.constructor('window.canary=4')() }}{actor}@:app.name|`;
const MARKS = '\u001b[31;5m\u0000\u202e\u2067\u200b\ufeff\u2069\u2029שלום';
const SHORT = MARKUP + TEMPLATES + MARKS;
const LONG = SHORT + 'x'.repeat(10_000);
/** As many of all texts are short as are not. */
const EVERY = 7;

/** Fields that carry text from outside also when what they have looks like a word of the program's own. */
const FREE =
  /^(zh|en|name|names|title|explanation|actor|asset|vendor|department|system|source|person|personName|account|login|clientAddress|address|device|raw|reason|message|purpose|recipient|note|by|assignee|listening|program|owner|unit|role|hosts|fields|contacts|linkedBy|approver)$/;
/** Fields that are never text. */
const FIXED = /^(id|epoch|timeZone|type|state|status|severity|kind|correlation|link|detector|ids|eventIds|groupKey)$/;
/** Dates, numbers and words of the program's own. */
const OWN = /^([\d:TZ.+-]*|[a-z][a-z0-9-]*|[0-9a-f-]{36})$/;

/** Everything that the page is told from now on, by the API and by the feed, is hostile in every field of text. */
export async function poison(page: Page): Promise<void> {
  let texts = 0;
  const hostile = (): string => (texts++ % EVERY === 0 ? LONG : SHORT);
  const poisoned = (value: unknown, field: string): unknown => {
    if (typeof value === 'string')
      return !FIXED.test(field) && (FREE.test(field) || !OWN.test(value)) ? hostile() : value;
    if (Array.isArray(value)) {
      const items: unknown[] = value.map((item) => poisoned(item, field));
      return field === 'problems' ? [...items, hostile()] : items;
    }
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).map(([name, inner]) => [name, poisoned(inner, name)] as const);
    const isCollector = 'listening' in value;
    return { ...Object.fromEntries(fields), ...(isCollector ? { problem: hostile() } : {}) };
  };
  await page.route('**/api/v1/**', async (route) => {
    // A poisoned name in an address may be longer than the server reads, or the page is closed meanwhile.
    const response = await route.fetch().catch(() => undefined);
    if (response === undefined) return route.abort().catch(() => undefined);
    const json: unknown = await response.json().catch(() => undefined);
    return route.fulfill(json === undefined ? { response } : { response, json: poisoned(json, '') });
  });
  await page.routeWebSocket('**/feed*', (socket: WebSocketRoute) => {
    const server = socket.connectToServer();
    server.onMessage((message) => socket.send(JSON.stringify(poisoned(JSON.parse(String(message)), ''))));
  });
}

/** Notes what the page's policy had to stop. */
export async function watchPolicy(page: Page): Promise<void> {
  await page.addInitScript(`
    window.stopped = [];
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      stopped.push(violatedDirective + ' ' + blockedURI));`);
}

export interface Damage {
  canary: unknown;
  stopped: string[];
  /** Elements that the page itself never makes: its only frame is that of a report, in which nothing runs. */
  strange: string[];
  /** Characters that act, in what is shown. */
  acting: string[];
  /** How much wider than the window the page is, px. */
  wider: number;
  /** Elements that reach out of the window and are not in something that scrolls or cuts. */
  beyond: string[];
  bar: { top: number; height: number } | undefined;
  direction: string;
}

export const UNHARMED: Damage = {
  canary: undefined,
  stopped: [],
  strange: [],
  acting: [],
  wider: 0,
  beyond: [],
  bar: { top: 0, height: 48 },
  direction: 'ltr',
};

/** What the hostile content has done to the page. */
export async function damageOf(page: Page): Promise<Damage> {
  return page.evaluate<Damage>(`(() => {
    const all = [...document.body.querySelectorAll('*')];
    const nameOf = (one) => one.tagName.toLowerCase() + '.' + one.getAttribute('class');
    const isCut = (one) => {
      for (let at = one.parentElement; at !== null; at = at.parentElement)
        if (getComputedStyle(at).overflowX !== 'visible') return true;
      return false;
    };
    const bar = document.querySelector('.page > header')?.getBoundingClientRect();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const acting = new Set();
    while (walker.nextNode())
      for (const one of walker.currentNode.data.match(/[\\u0000-\\u0008\\u001b\\u200b\\u202a-\\u202e\\u2029\\u2066\\u2067\\ufeff]/g) ?? [])
        acting.add(one.codePointAt(0).toString(16) + ' in ' + nameOf(walker.currentNode.parentElement));
    return {
      canary: window.canary,
      stopped: window.stopped,
      strange: all.filter((one) => one.matches('img, script:not([src]), object, iframe:not([sandbox=""][src^="/api/v1/reports/"])')).map(nameOf),
      acting: [...acting],
      wider: document.documentElement.scrollWidth - innerWidth,
      beyond: [...new Set(all.filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !isCut(one)).map(nameOf))],
      bar: bar && { top: bar.top, height: bar.height },
      direction: getComputedStyle(document.body).direction,
    };
  })()`);
}
