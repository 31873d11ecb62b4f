import { afterEach, expect, it, vi } from 'vitest';
import { forecast } from '../../../src/posture/forecast/forecast.ts';
import { Forecaster } from '../../../src/posture/forecast/forecaster.ts';
import { seriesOf } from './a-series.ts';

vi.setConfig({ testTimeout: 60_000 });
const forecaster = new Forecaster();
afterEach(() => forecaster.stop());

const series = seriesOf(Array.from({ length: 60 }, (_, n) => 10 + (n % 7) * 5 + (n % 3)));

it('computes in its thread what is computed here', async () => {
  expect(await forecaster.forecast(series, 40)).toEqual(forecast(series, 40));
});

it('refuses nonsense before the thread sees it', async () => {
  await expect(forecaster.forecast({ ...series, values: [-1] })).rejects.toMatchObject({ code: 'WL_QUERY_INVALID' });
});

it('refuses who would wait too long, gives up what waits when it stops, and starts again when it is asked', async () => {
  const waiting = Array.from({ length: 61 }, () => forecaster.forecast(series));
  const ended = Promise.allSettled(waiting);
  await expect(waiting[60]).rejects.toMatchObject({ code: 'WL_TOO_MANY' });
  await forecaster.stop();
  expect((await ended).slice(-2)[0]).toMatchObject({ status: 'rejected', reason: new Error('the program stops') });
  expect((await forecaster.forecast(series)).points).toHaveLength(7);
});
