import { describe, expect, it } from 'vitest';
import { IncidentStream } from '../../src/detection/incident-stream.ts';
import type { Detector } from '../../src/detection/detector.ts';
import type { Incident } from '../../src/finding/incident.ts';
import { appendAll, attack, manyAccounts, registry, startEngine, threeStrikes } from './engine-fixture.ts';
import { MemoryLog } from './memory-log.ts';

/** Of both stages: what the second says comes from all partitions. */
const DETECTORS = [
  { ...threeStrikes, name: 'bulk-read' },
  { ...manyAccounts, name: 'audit-disabled' },
] as unknown as readonly Detector[];

async function startStream(log: MemoryLog): Promise<IncidentStream> {
  const stream = new IncidentStream({
    log,
    registry: { current: () => registry },
    onFault: (error) => {
      throw error;
    },
  });
  await stream.start();
  return stream;
}

function incidentsIn(log: MemoryLog): Map<string, Incident> {
  const records = log.records('incidents', 0);
  const all = records.map(({ value }) => JSON.parse(Buffer.from(value).toString()) as Incident);
  return new Map(all.map((incident) => [`${incident.id} ${incident.revision}`, incident]));
}

async function judged(partitions: number): Promise<MemoryLog> {
  const log = new MemoryLog(partitions);
  const events = attack(300).map((event) => ({ ...event, system: 'gate' }));
  await appendAll(log, events);
  const { engine } = await startEngine(log, { detectors: DETECTORS });
  await log.idle();
  await engine.stop();
  return log;
}

async function undisturbed(partitions: number): Promise<Map<string, Incident>> {
  const log = await judged(partitions);
  const stream = await startStream(log);
  await log.idle();
  await stream.stop();
  return incidentsIn(log);
}

describe('incidents over the log', () => {
  it('are the same with one and with eight partitions', async () => {
    const [one, eight] = [await undisturbed(1), await undisturbed(8)];
    expect(one.size).toBeGreaterThan(3);
    expect(Object.fromEntries(eight)).toEqual(Object.fromEntries(one));
  });

  it.each(['append', 'put', 'commit'])('are the same when the program is killed around a %s', async (step) => {
    const expected = await undisturbed(1);
    const log = await judged(1);
    for (let kills = 0; kills < 4; kills++) {
      await startStream(log);
      let left = kills + 1;
      const dies = (name: string): void => {
        if (name === step && --left <= 0) throw new Error('killed');
      };
      const append = log.append.bind(log);
      if (step === 'append')
        log.append = async (records) => {
          const offsets = await append(records);
          dies('append');
          return offsets;
        };
      log.beforeStep = dies;
      await log.idle().catch(() => undefined);
      log.append = append;
      log.beforeStep = () => undefined;
      log.crash();
    }
    const stream = await startStream(log);
    await log.idle();
    await stream.stop();
    expect(Object.fromEntries(incidentsIn(log))).toEqual(Object.fromEntries(expected));
  });
});
