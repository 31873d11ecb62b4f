import { expect, it } from 'vitest';
import { signalAt } from '../../src/detection/signal.ts';
import { emptyEvent } from '../../src/event/event.ts';

const said = { score: 50, observed: 1.5, threshold: 1, unit: 'rows', explanation: { zh: '望', en: 'watch' } };

it('a signal states its window in whole milliseconds, as the store keeps it', () => {
  const signal = signalAt(emptyEvent(), { ...said, windowMs: 960_000.918, sampleSize: 3.2 });
  expect(signal).toMatchObject({ windowMs: 960_001, sampleSize: 3, observed: 1.5 });
});
