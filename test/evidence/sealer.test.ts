import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOfSeal, readSeal, signSeal, type Seal } from '../../src/evidence/seal.ts';
import { verifyExport } from '../../src/verifier/verify.ts';
import { SealedPlatform, START } from './sealed-platform.ts';

let platform: SealedPlatform;

beforeEach(async () => {
  platform = new SealedPlatform();
  await platform.start();
});
afterEach(() => platform.stop());

const seals = (): Seal[] => platform.store.sealed.map(({ seal }) => seal);

describe('the sealer', () => {
  it('seals what is stored and recorded, each record once, and says what it sealed', async () => {
    await platform.events(300);
    await platform.audit('one', 'two');
    await platform.reports('incident-1 a');
    await platform.sealer().seal();
    await platform.events(20);
    await platform.audit('three');
    await platform.reports('incident-1 b');
    platform.now += 60_000;
    await platform.sealer().seal();
    expect(seals().map(({ number, access, ends }) => ({ number, access, ends }))).toEqual([
      {
        ...{ number: 1, access: 'trial' },
        ends: { audit: { to: 2, records: 2 }, reports: { to: 1, records: 1 }, 'events/0': { to: 1, records: 300 } },
      },
      {
        ...{ number: 2, access: 'trial' },
        ends: { audit: { to: 3, records: 3 }, reports: { to: 2, records: 2 }, 'events/0': { to: 2, records: 320 } },
      },
    ]);
    expect(seals()[0]!.blocks.find(({ stream }) => stream === 'events/0')).toMatchObject({
      ...{ from: 0, to: 1, first: '0/0', last: '0/299', records: 300, times: [START, START] },
    });
    const verified = await verifyExport({ folder: await platform.export(), key: platform.publicKey });
    expect(verified).toMatchObject({ result: 'intact', records: 325, blocks: 6, problems: [] });
  });

  it('makes a seal of nothing too, each with the digest of the one before it', async () => {
    const sealer = platform.sealer();
    for (let n = 0; n < 3; n++) await sealer.seal();
    const signed = platform.store.sealed.map((one) => one.signed);
    expect(seals().map(({ previous }) => previous)).toEqual([
      '',
      hashOfSeal(signed[0]!, 'sha256'),
      hashOfSeal(signed[1]!, 'sha256'),
    ]);
    expect(seals().map(({ blocks }) => blocks)).toEqual([[], [], []]);
  });

  it('cuts many records into blocks, and leaves what is too much for one seal for the next', async () => {
    platform.limits = { block: 100, seal: 1_000 };
    for (let batch = 0; batch < 30; batch++) await platform.events(40);
    await platform.audit(...Array.from({ length: 250 }, (_, n) => `record ${n}`));
    const sealer = platform.sealer();
    expect(await sealer.seal()).toBe(true);
    expect(await sealer.seal()).toBe(false);
    const sizes = seals().flatMap(({ blocks }) => blocks.map(({ records }) => records));
    expect(Math.max(...sizes)).toBe(100);
    expect(seals().at(-1)!.ends).toMatchObject({
      'events/0': { to: 30, records: 1_200 },
      audit: { to: 250, records: 250 },
    });
    const verified = await verifyExport({ folder: await platform.export(), key: platform.publicKey });
    expect(verified).toMatchObject({ result: 'intact', records: 1_450 });
  });

  it('seals with SM3 where that is asked for', async () => {
    platform.digest = 'sm3';
    await platform.events(30);
    await platform.audit('一');
    await platform.sealer().seal();
    expect(seals()[0]!.digest).toBe('sm3');
    const folder = await platform.export();
    expect((await verifyExport({ folder, key: platform.publicKey })).result).toBe('intact');
    platform.store.events[3]!.fields[5] = 'else';
    const changed = await verifyExport({ folder: await platform.export(), key: platform.publicKey });
    expect(changed.problems).toMatchObject([{ kind: 'record-changed', record: 3 }]);
  });

  it.each(['keepRecords', 'leaves', 'keepSeal', 'rowsByOffset'])(
    'goes on where the chain stands when it ended before %s',
    async (step) => {
      await platform.events(10);
      await platform.audit('one');
      await platform.sealer().seal();
      for (let round = 0; round < 3; round++) {
        await platform.events(10);
        await platform.audit(`in round ${round}`);
        await platform.reports(`incident ${round}`);
        platform.store.before = (name) => {
          if (name === step) throw new Error('killed');
        };
        await expect(platform.sealer().seal()).rejects.toThrow('killed');
        platform.store.before = () => undefined;
      }
      await platform.sealer().seal();
      expect(seals().map(({ number }) => number)).toEqual(seals().map((_, n) => n + 1));
      expect(seals().at(-1)!.ends).toMatchObject({
        'events/0': { to: 4, records: 40 },
        audit: { to: 4, records: 4 },
        reports: { to: 3, records: 3 },
      });
      const verified = await verifyExport({ folder: await platform.export(), key: platform.publicKey });
      expect(verified).toMatchObject({ result: 'intact', records: 47 });
    },
  );

  it('makes no fork when two seal at the same time: the one that the log has first counts', async () => {
    await platform.events(10);
    const [one, other] = [platform.sealer(), platform.sealer()];
    await one.seal();
    await other.seal();
    await platform.events(10);
    await Promise.all([one.seal(), other.seal()]);
    await one.seal();
    await other.seal();
    const numbers = seals().map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, n) => n + 1));
    expect(seals().at(-1)!.ends['events/0']).toEqual({ to: 2, records: 20 });
    const verified = await verifyExport({ folder: await platform.export(), key: platform.publicKey });
    expect(verified).toMatchObject({ result: 'intact', records: 20 });
  });

  it('stores again what the store has lost of the chain, instead of sealing it anew', async () => {
    const sealer = platform.sealer();
    for (let n = 0; n < 4; n++) {
      await platform.audit(`${n}`);
      await sealer.seal();
    }
    const before = platform.store.sealed.map(({ signed }) => signed);
    platform.store.sealed.splice(2);
    await platform.sealer().seal();
    expect(platform.store.sealed.map(({ signed }) => signed).slice(0, 4)).toEqual(before);
  });

  it('takes no part of the chain from a record of the topic that does not continue it', async () => {
    await platform.sealer().seal();
    const stray = signSeal({ ...seals()[0]!, number: 2, previous: 'ff' }, platform.key);
    const value = Buffer.from(JSON.stringify({ ...stray, marks: [] }));
    await platform.log.append([{ topic: 'seals', partition: 0, value }]);
    await platform.sealer().seal();
    expect(seals().map(({ number, previous }) => [number, previous])).toEqual([
      [1, ''],
      [2, hashOfSeal(platform.store.sealed[0]!.signed, 'sha256')],
    ]);
  });

  it('puts the seals into exports as they were signed', async () => {
    await platform.audit('one');
    await platform.sealer().seal();
    const lines = readFileSync(join(await platform.export(), 'seals.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => readSeal(JSON.parse(line) as { sealed: string; signature: string }))).toEqual(seals());
  });
});
