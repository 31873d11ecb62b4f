import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyExport } from '../../src/verifier/verify.ts';
import { prepareExports, tryTampering, type Prepared } from './tampered-exports.ts';
import { TAMPERINGS, writeFiles } from './tampering.ts';

/** `npm run bench -- tampering` tries 10,000. */
const TRIES = 400;

let prepared: Prepared;
beforeAll(async () => {
  prepared = await prepareExports();
}, 30_000);
afterAll(() => prepared.remove());

describe('the verifier', () => {
  it('finds nothing wrong with an export as it was made', async () => {
    const { folder, files, publicKey: key, outside } = prepared;
    writeFiles(folder, files);
    expect(await verifyExport({ folder, key, outside })).toMatchObject({
      result: 'intact',
      outside: 7,
      isKeyGiven: true,
    });
  });

  it.each(Object.keys(TAMPERINGS))(
    'notices and locates: %s',
    async (kind) => {
      const kinds = Object.keys(TAMPERINGS);
      const missed: unknown[] = [];
      for (let seed = kinds.indexOf(kind); seed < TRIES; seed += kinds.length) {
        const { tampering, report, detected, located } = await tryTampering(seed, prepared);
        const { finds, seal, record } = tampering;
        if (!detected || !located) missed.push({ seed, finds, seal, record, found: report.problems.slice(0, 5) });
      }
      expect(missed).toEqual([]);
    },
    30_000,
  );
});
