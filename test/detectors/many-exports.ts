import { z } from 'zod';
import { defineDetector } from '../../src/detection/detector.ts';
import { attack } from '../../src/detection/references.ts';
import { signalAt } from '../../src/detection/signal.ts';
import { actor } from '../../src/detection/subjects.ts';

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
  step(state, event, { settings: { exportsAtLeast: n } }) {
    state.times = [...state.times, event.time].filter((time) => time > event.time - 3_600_000).slice(-n);
    if (state.times.length < n) return [];
    const explanation = { zh: `${event.actor} 一小时内导出 ${n} 次。`, en: `${event.actor} exported ${n} times.` };
    return [signalAt(event, { score: 50, observed: n, threshold: n, unit: 'events', explanation })];
  },
  forgetAfterMs: 3_600_000,
});
