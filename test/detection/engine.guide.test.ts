/**
 * The detection engine in chapters that run. Read from top to bottom; each test is one idea, smaller than the real thing.
 */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineDetector } from '../../src/detection/detector.ts';
import { Enrichment } from '../../src/detection/enrichment.ts';
import { localDay } from '../../src/detection/local-day.ts';
import { attack, dataSecurityLaw } from '../../src/detection/references.ts';
import { signalAt } from '../../src/detection/signal.ts';
import { actor } from '../../src/detection/subjects.ts';
import { encodeBatch } from '../../src/event/batch.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { appendAll, attack as strikes, heartbeatAt, revisions, startEngine, threeStrikes } from './engine-fixture.ts';
import { eventAt, judge } from './judge.ts';
import { MemoryLog } from './memory-log.ts';

const failure = (iso: string, account = 'li', clientAddress = '192.0.2.7') =>
  eventAt(iso, { account, clientAddress, host: 'gate', action: 'sign-in', outcome: 'failure' });

describe('1. A detector sees the events of one subject, in order', () => {
  it('steps once per event, keeps plain data in between, and says something or nothing', () => {
    const { signals } = judge(threeStrikes, [
      failure('2026-11-20T09:00'),
      failure('2026-11-20T09:01'),
      failure('2026-11-20T09:02', 'somebody else'), // another subject: another state
      failure('2026-11-20T09:03'), // the third of li: a signal
    ]);
    expect(signals).toHaveLength(1);
    expect(signals[0]).toMatchObject({ observed: 3 });
  });
});

describe('2. Before it is judged, an event learns what the registry knows', () => {
  it('as of the time of the event, not of today', () => {
    const registry = registryFrom({
      departments: [
        { id: 'tax', name: '税务局' },
        { id: 'audit', name: '审计局' },
      ],
      accounts: [
        { id: 'u-li', login: 'li', department: 'tax', validTo: '2026-06-30' },
        { id: 'u-li', login: 'li', department: 'audit', validFrom: '2026-07-01' },
      ],
    });
    const departmentAt = (iso: string) => {
      const event = failure(iso);
      new Enrichment().enrich(event, registry);
      return event.department;
    };
    expect([departmentAt('2026-06-30T23:59'), departmentAt('2026-07-01T00:00')]).toEqual(['tax', 'audit']);
  });
});

describe('3. Signals become findings', () => {
  it('one finding for all signals of a group; it is told again when its count doubles', () => {
    const events = Array.from({ length: 10 }, (_, n) => failure(`2026-11-20T09:0${n}`));
    const { signals, findings } = judge(threeStrikes, events);
    expect(signals).toHaveLength(8);
    expect(new Set(findings.map(({ id }) => id)).size).toBe(1);
    expect(findings.filter(({ alert }) => alert)).toHaveLength(1);
    expect(findings.map(({ count }) => count)).toContain(8);
  });
});

describe('4. Two stages', () => {
  it('judges in one order over all partitions, so that their number makes no difference', async () => {
    const found = async (partitions: number) => {
      const log = new MemoryLog(partitions);
      await appendAll(log, strikes(100));
      const { engine } = await startEngine(log);
      await log.idle();
      await engine.stop();
      return [...revisions(log).values()];
    };
    expect(await found(4)).toEqual(await found(1));
  });

  it('which means waiting for partitions that are behind: heartbeats tell that a quiet one is not', async () => {
    const log = new MemoryLog(2);
    const { engine } = await startEngine(log);
    const event = failure('2026-11-20T09:00');
    await log.append([{ topic: 'events', partition: 0, value: encodeBatch([event]).bytes }]);
    await log.idle();
    expect(engine.status()).toMatchObject({ handedOver: 1, evaluated: 0, held: 1 });
    const beat = heartbeatAt(event.ingestTime + 100);
    await log.append([{ topic: 'events', partition: 1, value: encodeBatch([beat]).bytes }]);
    await log.idle();
    expect(engine.status()).toMatchObject({ evaluated: 1, held: 0, heartbeats: 1 });
    await engine.stop();
  });
});

describe('5. A crash changes nothing', () => {
  it('what was judged after the last checkpoint is read again, and comes to the same findings', async () => {
    const events = strikes(90);
    const log = new MemoryLog(1);
    await appendAll(log, events.slice(0, 60));
    const first = await startEngine(log);
    await log.idle();
    await first.engine.checkpoint();
    await appendAll(log, events.slice(60));
    await log.idle(); // judged, its findings are out, but no checkpoint holds it …
    log.crash(); // … and the program is gone

    const second = await startEngine(log);
    await log.idle();
    await second.engine.stop();
    expect(second.engine.status().evaluated).toBe(30);

    const sent = log.records('findings', 0).map(({ value }) => Buffer.from(value).toString());
    expect(sent.length).toBeGreaterThan(new Set(sent).size); // some came twice …
    expect(revisions(log).size).toBe(new Set(sent).size); // … with the same id, revision and content
  });
});

describe('6. The order of a checkpoint', () => {
  it('is findings, store, groups, states, baselines, cuts, offsets: nothing is committed before what it rests on', async () => {
    const log = new MemoryLog(1);
    await appendAll(log, strikes(30));
    const { engine, sink } = await startEngine(log);
    await log.idle();
    const steps: string[] = [];
    log.beforeStep = (step) => steps.push(step);
    sink.beforeDurable = () => steps.push('store');
    await engine.checkpoint();
    expect(steps).toEqual(['store', 'put', 'put', 'put', 'put', 'commit']);
    await engine.stop();
  });
});

describe('7. A detector of your own', () => {
  /** In detectors/refused-often.ts this is the whole file, after the imports. */
  const refusedOften = defineDetector({
    name: 'refused-often',
    version: 1,
    title: { zh: '访问屡遭拒绝', en: 'Refused again and again' },
    what: { zh: '同一账号一天内多次被拒绝访问数据。', en: 'An account is refused access to data many times a day.' },
    watches: (event) => event.asset !== '' && event.outcome === 'failure',
    techniques: [attack('T1078')],
    cites: [dataSecurityLaw('27')],
    knownGaps: [{ zh: '换账号再试的发现不了。', en: 'Trying again under another account is not found.' }],
    settings: z.strictObject({ refusalsAtLeast: z.number().min(1).default(8).describe('Refusals in one day.') }),
    subject: actor,
    start: () => ({ day: 0, refusals: 0 }),
    step(state, event, { settings: { refusalsAtLeast: threshold }, registry }) {
      const day = localDay(event.time, event.department, registry);
      const observed = day === state.day ? state.refusals + 1 : 1;
      Object.assign(state, { day, refusals: observed });
      if (observed < threshold) return [];
      const zh = `${event.actor} 当日第 ${observed} 次被拒绝访问数据（阈值 ${threshold} 次）。`;
      const en = `${event.actor} was refused access to data ${observed} times on this day (threshold ${threshold}).`;
      return [signalAt(event, { score: 50, observed, threshold, unit: 'refusals', explanation: { zh, en } })];
    },
    forgetAfterMs: 86_400_000,
  });

  it('is the parts of the contract in their order: what it is, what it watches, what it remembers, what it says', () => {
    const refused = (minute: number) =>
      eventAt(`2026-11-20T09:${10 + minute}`, { actor: 'li', asset: 'population', outcome: 'failure' });
    const { findings } = judge(
      refusedOften,
      Array.from({ length: 8 }, (_, n) => refused(n)),
    );
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: 'medium', actor: 'li', asset: 'population', observed: 8 });
    expect(findings[0]!.explanation.zh).toContain('第 8 次');
  });
});
