import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CoverageCounts, CoverageOverview } from '../../src/coverage/overview.ts';
import { OWN_SOURCE } from '../../src/event/own-source.ts';
import { cityDay, type Batch, type CityDay } from './city-day.ts';
import { Forwarder } from './forwarder.ts';
import { startBroker, type KafkaBroker } from './kafka-broker.ts';
import { ledgerBalances } from './ledger-balances.ts';
import {
  comparable,
  eventsWhenAll,
  findingsShown,
  health,
  ledger,
  sourcesShown,
  type ShownEvent,
  type ShownFinding,
} from './shown.ts';
import { eventually, freePorts, SEPARATE, startWanglou, type RunningWanglou } from './wanglou.ts';

const SEED = 7;
/** What the simulated day has incidents of. */
const ABOUT = [
  'brute-force',
  'bulk-read',
  'first-time-asset',
  'off-hours-access',
  'password-spray',
  'vendor-after-contract',
];
const EVERY_REPEATED = 25;
/** Requests without a valid token. */
const REFUSED = 1;
/** A finding shows its final count once nothing has been added to it for a minute. */
const SETTLED_AFTER_MS = 62_000;

/** One way to run it, and what was sent to it. */
interface Setup {
  wanglou: RunningWanglou;
  forwarder: Forwarder;
  /** What was sent although it had been acknowledged. */
  repeated: Batch[];
  settledAt: number;
}

interface Shown {
  events: ShownEvent[];
  findings: ShownFinding[];
  ledger: Record<string, number>;
}

const SETUPS = [
  'embedded, 1 partition',
  'embedded, 8 partitions',
  'Kafka, 1 partition',
  'Kafka, 8 partitions',
] as const;
const HANDED_OVER = 'Kafka, 8 partitions, handed over to a second detect in the middle';
const registryDir = mkdtempSync(join(tmpdir(), 'wanglou-registry-'));
const city: CityDay = cityDay(SEED);
const setups = new Map<string, Setup>();
const shown = new Map<string, Shown>();
let broker: KafkaBroker;
let second: ChildProcess | undefined;

beforeAll(async () => {
  console.log(`seed ${SEED}, day ${city.day}`);
  city.writeRegistry(registryDir);
  broker = await startBroker();
  for (const [n, name] of SETUPS.entries()) setups.set(name, await sendAll(await start(name, `setup${n}.`)));
  const handedOver = await start(HANDED_OVER, 'handed-over.');
  setups.set(HANDED_OVER, await sendAll(handedOver, () => handOver(handedOver)));
  const last: Batch = { ...city.batches[0]!, key: 'a minute later', lines: city.batches[0]!.lines.slice(0, 1) };
  for (const [name, setup] of setups) {
    await pause(Math.max(0, setup.settledAt - Date.now()));
    await setup.forwarder.send(last);
    shown.set(name, await whatIsShown(setup, name !== HANDED_OVER));
  }
}, 500_000);

afterAll(async () => {
  for (const { wanglou, forwarder } of setups.values()) {
    forwarder.stop();
    await wanglou.stop();
  }
  second?.kill('SIGKILL');
  await broker.stop();
  rmSync(registryDir, { recursive: true });
});

describe.each(SETUPS)('a day of the city, %s', (name) => {
  it('shows every acknowledged event once', () => {
    const { forwarder } = setups.get(name)!;
    const { events } = shown.get(name)!;
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    const times = new Map<string, number>();
    for (const { source, raw } of events) times.set(`${source}\n${raw}`, (times.get(`${source}\n${raw}`) ?? 0) + 1);
    expect(difference(times, forwarder.acknowledged)).toEqual([]);
  });

  it('balances its ledger with what was sent', async () => {
    const { forwarder, repeated, wanglou } = setups.get(name)!;
    const acknowledged = sumOf(forwarder.acknowledged.values());
    const twice = sumOf(repeated.map(({ lines }) => lines.length));
    expect(shown.get(name)!.ledger).toMatchObject({
      received: acknowledged + twice + REFUSED,
      refused: REFUSED,
      appended: acknowledged + twice,
      duplicates: twice,
      stored: acknowledged,
      evaluated: acknowledged,
      unparsed: 0,
    });
    expect(await health(wanglou)).toMatchObject({ ready: true, state: 'ok', problems: [] });
    expect(sumOf((await sourcesShown(wanglou)).values())).toBe(acknowledged + twice);
    const { sum: kept } = await ledgerBalances(wanglou);
    expect(kept).toMatchObject({ received: acknowledged + twice + REFUSED, appended: acknowledged + twice });
    expect(kept).toMatchObject({ repeated: twice, stored: acknowledged, parsed: acknowledged + twice, rebuilt: 0 });
    // The last line of all may be in a minute that is not over.
    const settled = await ledgerSettled(wanglou, setups.get(name)!.settledAt - SETTLED_AFTER_MS);
    expect(settled.unbalanced).toBe(0);
    expect([acknowledged - 1, acknowledged]).toContain(settled.stored);
  });

  it('has findings of every detector that the day is about, each once', () => {
    const { findings } = shown.get(name)!;
    expect(findings.map(({ detector }) => detector)).toEqual(expect.arrayContaining(ABOUT));
    expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
  });
});

it.each([...SETUPS.slice(1), HANDED_OVER])(`finds the same with ${SETUPS[0]} and with %s, word by word`, (name) => {
  const [expected, found] = [SETUPS[0], name].map((each) => byText(shown.get(each)!));
  expect([...found!.keys()].sort()).toEqual([...expected!.keys()].sort());
  for (const [id, finding] of expected!) expect(found!.get(id)).toEqual(finding);
});

async function start(name: string, topicPrefix: string): Promise<RunningWanglou> {
  const [log, partitions] = name.split(', ') as [string, string];
  const settings = { WANGLOU_REGISTRY_DIR: registryDir, WANGLOU_PARTITIONS: partitions.split(' ')[0]! };
  if (log === 'embedded') return startWanglou(settings);
  const kafka = { WANGLOU_KAFKA_BROKERS: broker.brokers, WANGLOU_KAFKA_TOPIC_PREFIX: topicPrefix };
  return startWanglou({ ...settings, ...kafka }, SEPARATE);
}

/** Sends everything in the same order: nothing goes out before what came before it is there. */
async function sendAll(wanglou: RunningWanglou, inTheMiddle?: () => Promise<void>): Promise<Setup> {
  const forwarder = new Forwarder({ ports: wanglou.ports, token: wanglou.token('ingest') });
  await forwarder.writeSyslog(city.hosts);
  await eventually(
    () => ledger(wanglou),
    ({ received }) => received === city.hosts.lines.length,
  );
  const repeated: Batch[] = [];
  for (const [n, batch] of city.batches.entries()) {
    if (n === Math.floor(city.batches.length / 2)) await inTheMiddle?.();
    await forwarder.send(batch);
    if (n % EVERY_REPEATED !== 0) continue;
    expect((await forwarder.post(batch)).status).toBe(200);
    repeated.push(batch);
  }
  const stranger = await forwarder.post(city.batches[0]!, 'wlk_nobody');
  expect(stranger.status).toBe(401);
  return { wanglou, forwarder, repeated, settledAt: Date.now() + SETTLED_AFTER_MS };
}

/** A second `detect` stands by; the first one ends, and stands by when it has started again. */
async function handOver(wanglou: RunningWanglou): Promise<void> {
  const [port] = await freePorts(1);
  const env = { ...wanglou.environment, WANGLOU_DETECT_PORT: String(port) };
  second = spawn(process.execPath, [resolve('src/main.ts'), 'detect'], { env, stdio: 'ignore' });
  const isReady = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  await eventually(isReady, (ready) => ready);
  process.kill(wanglou.pids()['detect']!, 'SIGTERM');
}

/** @param isOne whether one `detect` has judged everything, so that the counters since its start are those of all. */
async function whatIsShown({ wanglou, forwarder }: Setup, isOne: boolean): Promise<Shown> {
  const sent = sumOf(forwarder.acknowledged.values());
  const events = await eventsWhenAll(wanglou, sent);
  const isBalanced = ({ stored, evaluated }: Record<string, number>): boolean => stored === sent && evaluated === sent;
  if (isOne) await eventually(() => ledger(wanglou), isBalanced).catch(() => undefined);
  return { events, findings: await settledFindings(wanglou), ledger: await ledger(wanglou) };
}

/** What the API says of settled minutes, once everything that came before `until` is in them. */
async function ledgerSettled(wanglou: RunningWanglou, until: number): Promise<{ stored: number; unbalanced: number }> {
  const to = Date.now();
  const url = `http://127.0.0.1:${wanglou.ports.web}/api/v1/coverage?step=hour&from=${to - 86_400_000}&to=${to}`;
  const headers = { authorization: `Bearer ${wanglou.token('api')}` };
  const shown = await eventually(
    async () => (await (await fetch(url, { headers })).json()) as CoverageOverview,
    ({ settledTo, sources }) => settledTo > until && sources.length > 0,
    120_000,
  );
  const sent = shown.sources.filter(({ id }) => id !== OWN_SOURCE);
  const sumOfAll = (of: (source: CoverageCounts) => number): number => sumOf(sent.map(of));
  return {
    stored: sumOfAll(({ stored }) => stored),
    unbalanced: sumOfAll(({ unbalanced }) => unbalanced),
  };
}

/** The last revisions are on their way to the store until nothing changes any more. */
async function settledFindings(wanglou: RunningWanglou): Promise<ShownFinding[]> {
  let before = '';
  for (let equal = 0, tries = 0; equal < 5 && tries < 60; tries++) {
    const now = JSON.stringify(await findingsShown(wanglou));
    equal = now === before ? equal + 1 : 0;
    before = now;
    await pause(1_000);
  }
  return JSON.parse(before) as ShownFinding[];
}

function sumOf(counts: Iterable<number>): number {
  return [...counts].reduce((sum, count) => sum + count, 0);
}

/** What is more or less often in one than in the other. */
function difference(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): string[] {
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].filter((name) => one.get(name) !== other.get(name));
}

/** The events of syslog lines, which have no id of their sender, get another one in each run and are told by their text. */
function byText({ events, findings }: Shown): Map<string, object> {
  const rawOf = new Map(events.filter(({ source }) => source === city.hosts.source).map(({ id, raw }) => [id, raw]));
  const told = findings.map((finding) => ({
    ...finding,
    eventIds: finding.eventIds.map((id) => rawOf.get(id) ?? id),
  }));
  return comparable(told);
}
