import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passesFilter, type FindingFilter, type QueuedFinding } from '../../src/finding/finding-filter.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { lifeEventOf, stateOf, type LifeEvent } from '../../src/finding/lifecycle.ts';
import { lifeEventFor, type TriageCommand } from '../../src/finding/triage.ts';
import { storeClient, type StoreClient } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { QueueQueries } from '../../src/store/queue-queries.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { FINDINGS, INCIDENTS, LIVES } from '../../src/store/tables.ts';
import { incident } from '../feed/samples.ts';
import { aFinding } from '../store/a-finding.ts';
import { startStore, type StoreProcess } from './store-process.ts';

let store: StoreProcess;
let client: StoreClient;
let queue: QueueQueries;
/** By id. */
const findings = new Map<string, QueuedFinding>();
const lives = new Map<string, LifeEvent[]>();
const SETTLED = new Map();
const everyOther = incident([aFinding()]);

beforeAll(async () => {
  store = await startStore();
  const address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  client = storeClient(address);
  queue = new QueueQueries(client);
  const revisions = Array.from({ length: 120 }, (_, n) => live(n)).flat();
  await new TableWriter(client, FINDINGS).write(revisions);
  await new TableWriter(client, LIVES).write([...lives.values()].flat());
  const steps = [...findings.values()]
    .filter((_, n) => n % 2 === 0)
    .map(({ id }) => ({ ...everyOther.steps[0]!, finding: id }));
  await new TableWriter(client, INCIDENTS).write([{ ...everyOther, steps }]);
});
afterAll(async () => {
  await client.close();
  await store.stop();
});

const COMMANDS: readonly TriageCommand[] = [
  { act: 'acknowledged' },
  { act: 'assigned', assignee: 'lina' },
  { act: 'closed', disposition: 'benign', text: 'routine' },
  { act: 'note', text: 'called' },
  { act: 'reopened', text: 'too early' },
  { act: 'closed', disposition: 'false-positive', text: 'a drill' },
  { act: 'assigned', assignee: '' },
];

/** The n-th finding with a life of its own: signals and decisions in an order that n says. */
function live(n: number): Finding[] {
  const first = aFinding({
    id: randomUUID(),
    severity: (['low', 'medium', 'high', 'critical'] as const)[n % 4]!,
    vendor: n % 3 === 0 ? 'qiming' : '',
    actor: `actor-${n % 7}`,
    causedAt: 1_795_000_000_000 + ((n * 37) % 120) * 1_000,
    alert: n % 11 !== 0,
    ...(n % 11 === 0 ? { suppression: 's-1' } : {}),
  });
  const made = [first];
  const events = [lifeEventOf(first)];
  let raisedAt = first.causedAt;
  for (let step = 0, seed = n * 7 + 3; step < n % 9; step++, seed = (seed * 31 + 11) % 1_009) {
    const at = first.causedAt + (step + 1) * 100_000;
    if (seed % 4 === 0) {
      const alert = seed % 8 === 0 && first.suppression === undefined;
      const grown = { ...made.at(-1)!, revision: made.length + 1, alert, causedAt: at, severity: 'high' as const };
      made.push(grown);
      events.push(lifeEventOf(grown));
      if (alert) raisedAt = at;
    } else act(events, seed, at);
  }
  findings.set(first.id, { ...made.at(-1)!, raisedAt });
  lives.set(first.id, events);
  return made;
}

/** What does not fit the state is refused, and not done. */
function act(events: LifeEvent[], seed: number, at: number): void {
  const last = events.at(-1)!;
  const command: TriageCommand =
    seed % 5 === 0 ? { act: 'undone', undoes: last.id } : COMMANDS[seed % COMMANDS.length]!;
  try {
    events.push(lifeEventFor(command, events, { by: 'lina', at, id: randomUUID() }));
  } catch {
    return;
  }
}

/** What the filter passes, by the rules of the product rather than of the store. */
function expected(filter: FindingFilter): string[] {
  return [...findings.values()]
    .filter((one) => passesFilter(one, stateOf(lives.get(one.id)!), filter))
    .sort((a, b) => b.raisedAt - a.raisedAt)
    .map(({ id }) => id);
}

const FILTERS: readonly FindingFilter[] = [
  {},
  { severity: ['critical', 'low'] },
  { status: ['new'] },
  { status: ['acknowledged'] },
  { status: ['closed'] },
  { status: ['reopened'] },
  { status: ['new', 'reopened'], severity: ['high'] },
  { disposition: ['benign'] },
  { status: ['closed'], disposition: ['false-positive'] },
  { assignee: 'lina' },
  { assignee: '@none' },
  { assignee: '@any', status: ['closed'] },
  { vendor: '@any' },
  { vendor: '@none', actor: 'actor-3' },
  { suppressed: 'no' },
  { suppressed: 'only' },
  { from: 1_795_000_030_000, to: 1_795_000_300_000 },
  { from: 1_795_000_100_000, status: ['new'] },
  { text: 'QIMING 读取' },
  { text: "'usual' actor-2" },
  { text: '100%' },
];

describe('the queue in the real store', () => {
  it.each(FILTERS.map((filter) => [JSON.stringify(filter), filter] as const))(
    'by %s is what it should be',
    async (_, filter) => {
      const ids = await queue.ids(filter, { limit: 1_000, unsettled: SETTLED });
      expect([...ids].sort()).toEqual(expected(filter).sort());
      const raised = ids.map((id) => findings.get(id)!.raisedAt);
      expect(raised).toEqual([...raised].sort((a, b) => b - a));
      expect((await queue.counts(filter, SETTLED)).total).toBe(ids.length);
    },
  );

  it('has findings in every state, so that these tests say something', () => {
    for (const status of ['new', 'acknowledged', 'closed', 'reopened'] as const)
      expect(expected({ status: [status] }).length).toBeGreaterThan(3);
    expect([...lives.values()].flat().filter(({ act: what }) => what === 'undone').length).toBeGreaterThan(5);
  });

  it('comes in pages that meet without a gap, each finding whole and in its latest revision', async () => {
    const seen: QueuedFinding[] = [];
    for (let cursor: string | undefined; cursor !== '';) {
      const page = await queue.page({}, { limit: 50, unsettled: SETTLED, ...(cursor && { cursor }) });
      seen.push(...page.findings);
      cursor = page.next;
    }
    expect(seen.map(({ id }) => id)).toEqual(await queue.ids({}, { limit: 1_000, unsettled: SETTLED }));
    for (const one of seen) expect(one).toEqual(findings.get(one.id));
  });

  it('counts by severity and by status what the other filters leave', async () => {
    const { bySeverity, byStatus } = await queue.counts({ severity: ['low'], status: ['closed'] }, SETTLED);
    for (const severity of ['low', 'high'] as const)
      expect(bySeverity[severity]).toBe(expected({ severity: [severity], status: ['closed'] }).length);
    expect(byStatus.new).toBe(expected({ severity: ['low'], status: ['new'] }).length);
  });

  it('groups by a field and by incident, the worst first', async () => {
    const byVendor = await queue.groups({ suppressed: 'no' }, 'vendor', SETTLED);
    expect(byVendor.map(({ key, findings: count }) => [key, count])).toEqual([
      ['qiming', expected({ vendor: 'qiming', suppressed: 'no' }).length],
      ['', expected({ vendor: '@none', suppressed: 'no' }).length],
    ]);
    const [byDetector] = await queue.groups({}, 'detector', SETTLED);
    expect(byDetector).toMatchObject({
      key: 'bulk-read',
      title: { zh: '批量读取' },
      findings: 120,
      severity: 'critical',
    });
    const byIncident = await queue.groups({}, 'incident', SETTLED);
    expect(byIncident.map(({ key, findings: count }) => [key, count]).sort()).toEqual([
      ['', 60],
      [everyOther.id, 60],
    ]);
    expect(await queue.ids({ incident: everyOther.id }, { limit: 99, unsettled: SETTLED })).toHaveLength(60);
    expect(await queue.ids({ incident: '@none' }, { limit: 99, unsettled: SETTLED })).toHaveLength(60);
  });

  it('believes what was decided a moment ago rather than what it has', async () => {
    const [id] = expected({ status: ['new'], assignee: '@none' });
    const closed = stateOf([
      ...lives.get(id!)!,
      lifeEventFor(COMMANDS[2]!, lives.get(id!)!, { by: 'lina', at: 9e12, id: 'x' }),
    ]);
    const unsettled = new Map([[id!, closed]]);
    expect(await queue.ids({ status: ['closed'] }, { limit: 999, unsettled })).toContain(id);
    expect(await queue.ids({ status: ['new'] }, { limit: 999, unsettled })).not.toContain(id);
    expect((await queue.counts({}, unsettled)).byStatus.closed).toBe(expected({ status: ['closed'] }).length + 1);
  });
});
