import { z } from 'zod';
import { defineDetector } from '../../src/detection/detector.ts';
import { attack } from '../../src/detection/references.ts';
import { actor } from '../../src/detection/subjects.ts';

const HOUR_MS = 3_600_000;

export const manyExports = defineDetector({
  name: 'many-exports',
  version: 1,
  title: { zh: '频繁导出', en: 'Many exports' },
  what: { zh: '同一行为人一小时内多次导出。', en: 'One actor exports many times within an hour.' },
  watches: (event) => event.action === 'export' && event.outcome !== 'failure',
  techniques: [attack('T1213')],
  cites: [],
  knownGaps: [],
  settings: z.object({ exportsAtLeast: z.number().int().positive().default(20).describe('Exports within an hour.') }),
  subject: actor,
  start: () => ({ times: [] as number[] }),
  step(state, { time, id, actor, asset, clientAddress }, { settings: { exportsAtLeast: threshold } }) {
    state.times = [...state.times, time].filter((one) => one > time - HOUR_MS).slice(-threshold);
    if (state.times.length < threshold) return [];
    const numbers = { observed: threshold, expected: 0, threshold, unit: 'events', windowMs: HOUR_MS, sampleSize: 0 };
    const explanation = {
      zh: `${actor} 一小时内导出 ${threshold} 次。`,
      en: `${actor} exported ${threshold} times in an hour.`,
    };
    return [{ score: 50, actor, asset, clientAddress, ...numbers, baseline: 'none', explanation, eventIds: [id] }];
  },
  forgetAfterMs: HOUR_MS,
});
