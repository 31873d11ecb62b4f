import { afterAll, beforeAll, expect, it } from 'vitest';
import { PortRange } from '../fuzz/fuzz-ports.ts';
import { shown } from '../fuzz/fuzz.ts';
import { PORTS } from '../fuzz/ports.ts';

const SEED = 20_261_120;
/** A connection or request for each: these get fewer here, and as many as the others with `npm run fuzz`. */
const REQUESTS = new Set(['port-ingest', 'port-bulk', 'port-web', 'port-feed']);

let range: PortRange;

beforeAll(async () => {
  range = await PortRange.start();
});

it.each(Object.keys(PORTS))('damaged input harms nothing at %s', async (name) => {
  const outcome = await range.fuzz(name, { inputs: REQUESTS.has(name) ? 3_200 : 20_000, seed: SEED });
  if (outcome.ok) return;
  expect.fail(`${outcome.error}\ninput: ${shown(outcome.input)}\nagain: ${outcome.command}`);
});

it('a sender beside all that is heard to its last line, by the same programs', async () => {
  expect(await range.stop()).toBe('');
});

afterAll(() => range.stop());
