import { eventually, type RunningWanglou } from './wanglou.ts';

/** What people see of an event. */
export interface ShownEvent extends Record<string, unknown> {
  id: string;
  source: string;
  raw: string;
}

/** What people see of a finding. */
export interface ShownFinding extends Record<string, unknown> {
  id: string;
  revision: number;
  detector: string;
  eventIds: string[];
}

/** Where to ask, and with which tokens. */
export interface Of {
  ports: { web: number; store: number };
  token: RunningWanglou['token'];
}

/** Detectors that judge by when events arrived: what they find is another thing in each run. */
const JUDGE_ARRIVAL: readonly string[] = ['clock-skew', 'source-lag', 'source-silence'];

const DAY_MS = 86_400_000;
const ANSWER_MAX_MS = 30_000;

/** Everything that the API shows, page by page. */
export async function eventsShown(of: Of): Promise<ShownEvent[]> {
  const to = Date.now() + DAY_MS;
  return pages<ShownEvent>(of, `/api/v1/events?from=${to - 60 * DAY_MS}&to=${to}&limit=1000`, 'events');
}

/** The same once there are as many; after half a minute, what there is. */
export async function eventsWhenAll(of: Of, count: number): Promise<ShownEvent[]> {
  const stored = () => ask(of, 'SELECT uniqExact(id) AS ids FROM events');
  await eventually(stored, ([row]) => Number(row!['ids']) >= count).catch(() => undefined);
  return eventsShown(of);
}

export function findingsShown(of: Of): Promise<ShownFinding[]> {
  return pages<ShownFinding>(of, '/api/v1/findings?limit=500', 'findings');
}

/**
 * Findings by id, without what cannot be the same in two runs: what came of the time of arrival, and the ingest times
 * `causedAt` and `raisedAt`.
 */
export function comparable(findings: readonly ShownFinding[]): Map<string, object> {
  return new Map(
    findings
      .filter(({ detector }) => !JUDGE_ARRIVAL.includes(detector))
      .map(({ causedAt: _, raisedAt: __, ...finding }) => [finding.id, finding]),
  );
}

async function pages<T>(of: Of, path: string, list: string): Promise<T[]> {
  const all: T[] = [];
  let cursor = '';
  do {
    const at = cursor === '' ? path : `${path}&cursor=${encodeURIComponent(cursor)}`;
    const page = JSON.parse(await get(of, at)) as Record<string, unknown> & { next: string };
    all.push(...(page[list] as T[]));
    cursor = page.next;
  } while (cursor !== '');
  return all;
}

/** Events of each source, as the page lists them. */
export async function sourcesShown(of: Of): Promise<Map<string, number>> {
  const { sources } = JSON.parse(await get(of, '/api/v1/sources')) as { sources: { source: string; events: number }[] };
  return new Map(sources.map(({ source, events }) => [source, events]));
}

/** The counters of the ledger, as `/metrics` gives them. */
export async function ledger(of: Of): Promise<Record<string, number>> {
  const text = await get(of, '/metrics');
  return Object.fromEntries(
    [...text.matchAll(/^wanglou_events_total\{step="(\w+)"\} (\S+)$/gm)].map(([, step, value]) => [
      step!,
      Number(value),
    ]),
  );
}

export async function health(of: Of): Promise<{ ready: boolean; state: string; problems: string[] }> {
  return JSON.parse(await get(of, '/health', [200, 503])) as never;
}

/** Asks the store itself, as any ClickHouse client does. */
export async function ask(of: Of, query: string): Promise<Record<string, number>[]> {
  const response = await fetch(`http://127.0.0.1:${of.ports.store}/?database=wanglou`, {
    method: 'POST',
    signal: AbortSignal.timeout(ANSWER_MAX_MS),
    headers: { 'X-ClickHouse-User': 'default', 'X-ClickHouse-Key': of.token('store') },
    body: `${query} FORMAT JSON`,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return (JSON.parse(text) as { data: Record<string, number>[] }).data;
}

async function get(of: Of, path: string, statuses: readonly number[] = [200]): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${of.ports.web}${path}`, {
    signal: AbortSignal.timeout(ANSWER_MAX_MS),
    headers: { authorization: `Bearer ${of.token('api')}` },
  });
  const text = await response.text();
  if (!statuses.includes(response.status)) throw new Error(`${path} answered ${response.status}: ${text}`);
  return text;
}
