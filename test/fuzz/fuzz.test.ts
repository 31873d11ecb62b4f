import { describe, expect, it } from 'vitest';
import { fuzz, shown } from './fuzz.ts';
import { TARGETS } from './targets/index.ts';

/** Inputs for each reader that takes as long as most; the slow ones get fewer, `npm run fuzz` gives all of them more. */
const INPUTS = 20_000;
const SEED = 20_261_120;
/** Machines that run tests are busy: only what never ends is a fault here. */
const MAX_MS = 5_000;

describe.concurrent('damaged input', { timeout: 600_000 }, () => {
  it.each(Object.keys(TARGETS))('harms nothing in %s', async (name) => {
    const { weight = 1 } = await TARGETS[name]!();
    const outcome = await fuzz(name, { inputs: INPUTS / weight, seed: SEED, maxMs: MAX_MS });
    if (outcome.ok) return;
    expect.fail(`${outcome.error}\ninput: ${shown(outcome.input)}\nagain: ${outcome.command}`);
  });
});
