import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../demo/random.ts';
import { cityDay, type Batch } from './city-day.ts';
import { FeedReader } from './feed-reader.ts';
import { Forwarder } from './forwarder.ts';
import { startBroker, type KafkaBroker } from './kafka-broker.ts';
import { ledgerBalances } from './ledger-balances.ts';
import { ask, comparable, eventsWhenAll, findingsShown, type ShownEvent, type ShownFinding } from './shown.ts';
import { eventually, SEPARATE, startWanglou, type RunningWanglou } from './wanglou.ts';

const seed = Number(process.env['WANGLOU_TEST_SEED'] ?? randomInt(2 ** 31));
const BATCH_LINES = 60;
const SETTLED_AFTER_MS = 62_000;
/** From the last kill until a new event must be visible. */
const ALIVE_WITHIN_MS = 30_000;

/** One instance, its forwarder with the record of what was acknowledged, and a page that follows the feed. */
interface Trial {
  wanglou: RunningWanglou;
  forwarder: Forwarder;
  page: FeedReader;
  /** Kills that met a running program. */
  kills: Record<string, number>;
  /** When every finding has its final count. */
  settledAt: number;
}

interface Outcome {
  events: ShownEvent[];
  /** The same as they are stored: what people see is masked. */
  lines: { source: string; raw: string }[];
  findings: ShownFinding[];
  /** What the page shows at the same moment. */
  onPage: ShownFinding[];
  stored: Record<string, number>;
}

const registryDir = mkdtempSync(join(tmpdir(), 'wanglou-registry-'));
const city = cityDay(seed);
const batches = [city.hosts, ...city.batches].flatMap(inPieces);
const AFTERWARDS = oneLine('after the last kill');
const SETTLING = oneLine('when all is settled');
const trials = new Map<string, Trial>();
const outcomes = new Map<string, Outcome>();
let broker: KafkaBroker;

beforeAll(async () => {
  console.log(`WANGLOU_TEST_SEED=${seed}, day ${city.day}, ${batches.length} batches`);
  city.writeRegistry(registryDir);
  broker = await startBroker();
  const undisturbed = await begin('undisturbed', {});
  await sendAll(undisturbed, batches, new Random(seed, 'undisturbed'));
  undisturbed.settledAt = Date.now() + SETTLED_AFTER_MS;
  await sendWhileKilling(await begin('embedded', {}), 'embedded', 30);
  const kafka = { WANGLOU_KAFKA_BROKERS: broker.brokers, WANGLOU_PARTITIONS: '4' };
  await sendWhileKilling(await begin('Kafka', kafka, SEPARATE), 'Kafka', 6, broker);
  for (const [name, trial] of trials) outcomes.set(name, await outcomeOf(trial));
}, 900_000);

afterAll(async () => {
  for (const { wanglou, forwarder, page } of trials.values()) {
    forwarder.stop();
    await page.stop();
    await wanglou.stop();
  }
  await broker.stop();
  rmSync(registryDir, { recursive: true });
});

describe.each(['embedded', 'Kafka'])('programs killed at random moments, %s', (name) => {
  it('loses no acknowledged event and shows none twice', () => {
    const { forwarder } = trials.get(name)!;
    const { events, lines, stored } = outcomes.get(name)!;
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(stored).toEqual({ events: events.length, ids: events.length });
    const times = new Map<string, number>();
    for (const { source, raw } of lines) times.set(`${source}\n${raw}`, (times.get(`${source}\n${raw}`) ?? 0) + 1);
    const wrong = [...new Set([...times.keys(), ...forwarder.acknowledged.keys()])].filter(
      (line) => times.get(line) !== forwarder.acknowledged.get(line),
    );
    expect(wrong).toEqual([]);
  });

  it('leaves a coverage ledger that balances, and agrees with what the forwarder was told', async () => {
    const { forwarder, wanglou } = trials.get(name)!;
    const told = new Map<string, number>();
    for (const [line, times] of forwarder.acknowledged) {
      const source = line.slice(0, line.indexOf('\n'));
      told.set(source, (told.get(source) ?? 0) + times);
    }
    const { sum, sources } = await ledgerBalances(wanglou);
    expect(new Map([...sources].map(([source, { stored }]) => [source, stored]))).toEqual(told);
    console.log(`${name}: ${sum.appended} appended, ${sum.rebuilt} rebuilt from the log, ${sum.givenUp} given up`);
  });

  it('finds what an undisturbed run finds, word by word', () => {
    const [expected, found] = ['undisturbed', name].map((each) => comparable(outcomes.get(each)!.findings));
    expect([...found!.keys()].sort()).toEqual([...expected!.keys()].sort());
    for (const [id, finding] of expected!) expect(found!.get(id)).toEqual(finding);
  });

  it('shows every finding once, in the API and on a page that comes back', () => {
    const { page } = trials.get(name)!;
    const { findings, onPage } = outcomes.get(name)!;
    expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
    expect(revisionsOf(onPage)).toEqual(revisionsOf(findings));
    expect(page.faults).toEqual([]);
    expect(page.connections).toBeGreaterThan(1);
  });
});

async function begin(name: string, settings: Record<string, string>, programs?: typeof SEPARATE): Promise<Trial> {
  // Checkpoints come often, so that kills meet them.
  const all = { WANGLOU_REGISTRY_DIR: registryDir, WANGLOU_CHECKPOINT_MS: '20', ...settings };
  const wanglou = await startWanglou(all, programs);
  const forwarder = new Forwarder({ ports: wanglou.ports, token: wanglou.token('ingest') });
  const page = new FeedReader(wanglou.ports.web, () => wanglou.token('api'));
  page.start();
  const trial = { wanglou, forwarder, page, kills: {}, settledAt: 0 };
  trials.set(name, trial);
  return trial;
}

/** Each cycle sends its share of the batches, and kills at a random moment while it does. */
async function sendWhileKilling(trial: Trial, name: string, cycles: number, broker?: KafkaBroker): Promise<void> {
  const [killing, sending] = [new Random(seed, name, 'killing'), new Random(seed, name, 'sending')];
  let lastKillAt = 0;
  for (let cycle = 0; cycle < cycles; cycle++) {
    const share = batches.slice((cycle * batches.length) / cycles, ((cycle + 1) * batches.length) / cycles);
    const sent = sendAll(trial, share, sending);
    await pause(killing.between(0, 1_000));
    if (cycle % 3 === 2) trial.page.breakOff();
    await killSome(trial, killing, broker);
    lastKillAt = Date.now();
    await sent;
    await pause(killing.between(0, 3_000));
  }
  console.log(`${name}: kills ${JSON.stringify(trial.kills)}, requests without success ${trial.forwarder.failures}`);
  await untilNewEventIsShown(trial, lastKillAt + ALIVE_WITHIN_MS - Date.now());
  trial.settledAt = Date.now() + SETTLED_AFTER_MS;
}

/** Some batches come again although they were acknowledged. */
async function sendAll({ forwarder }: Trial, share: readonly Batch[], random: Random): Promise<void> {
  for (const batch of share) {
    await forwarder.send(batch);
    if (random.chance(0.02)) await forwarder.post(batch);
  }
}

/** One program, sometimes two or all at once, or the broker; only of those that run. */
async function killSome({ wanglou, kills }: Trial, random: Random, broker?: KafkaBroker): Promise<void> {
  const note = (name: string): void => void (kills[name] = (kills[name] ?? 0) + 1);
  if (broker && random.chance(0.2)) {
    note('broker');
    return broker.restart();
  }
  const running = await eventually(
    async () => Object.keys(wanglou.pids()).filter((name) => wanglou.isRunning(name)),
    ({ length }) => length > 0,
  );
  const count = random.chance(0.1) ? running.length : random.chance(0.15) ? 2 : 1;
  for (const name of random.sample(running, count)) {
    wanglou.kill(name);
    note(name);
  }
}

async function untilNewEventIsShown({ wanglou, forwarder }: Trial, withinMs: number): Promise<void> {
  await forwarder.send(AFTERWARDS);
  await eventually(
    async () =>
      ask(wanglou, `SELECT count() AS found FROM events_once WHERE raw = '${AFTERWARDS.lines[0]!}'`).catch(() => []),
    ([row]) => row?.['found'] === 1,
    withinMs,
  );
}

/** What is shown once every finding has its final count. */
async function outcomeOf({ wanglou, forwarder, page, settledAt }: Trial): Promise<Outcome> {
  await pause(Math.max(0, settledAt - Date.now()));
  await forwarder.send(SETTLING);
  const sent = [...forwarder.acknowledged.values()].reduce((sum, times) => sum + times, 0);
  const events = await eventsWhenAll(wanglou, sent);
  await pause(3_000); // the last event is judged a moment later
  let findings: ShownFinding[] = [];
  let onPage: ShownFinding[] = [];
  await eventually(
    async () => {
      [findings, onPage] = [await findingsShown(wanglou), page.findings];
      return isDeepStrictEqual(revisionsOf(findings), revisionsOf(onPage));
    },
    Boolean,
    90_000,
  ).catch(() => undefined);
  const [stored] = await ask(wanglou, 'SELECT count() AS events, uniqExact(id) AS ids FROM events FINAL');
  const lines = (await ask(wanglou, 'SELECT source, raw FROM events FINAL')) as unknown as Outcome['lines'];
  return { events, lines, findings, onPage, stored: stored! };
}

function revisionsOf(findings: readonly ShownFinding[]): string[] {
  return findings.map(({ id, revision }) => `${id} ${revision}`).sort();
}

function oneLine(text: string): Batch {
  return { ...city.batches[0]!, way: 'key', key: text, lines: [text] };
}

function inPieces(batch: Batch): Batch[] {
  return Array.from({ length: Math.ceil(batch.lines.length / BATCH_LINES) }, (_, n) => ({
    ...batch,
    key: `${batch.key}/${n}`,
    lines: batch.lines.slice(n * BATCH_LINES, (n + 1) * BATCH_LINES),
  }));
}
