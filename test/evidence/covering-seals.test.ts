import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CoveringSeals, type CoveringBlock, type StreamPlace } from '../../src/evidence/covering-seals.ts';
import { hashOfSeal, signSeal, type Seal } from '../../src/evidence/seal.ts';

const key = generateKeyPairSync('ed25519').privateKey;
const sealOf = (number: number): Seal => ({
  ...{ wanglou: 'seal-1', chain: 'c', number, previous: '', time: number, digest: 'sha256', key: 'k', program: '' },
  ...{ access: 'full', ends: {}, blocks: [], notes: [] },
});

/** A hundred blocks of ten places in each of two streams, from place 50 on, and what was asked of them. */
class FakeSeals {
  readonly asked: StreamPlace[][] = [];
  readonly blocks: CoveringBlock[] = ['events/0', 'events/1'].flatMap((stream) =>
    Array.from({ length: 100 }, (_, n) => ({ stream, from: 50 + 10 * n, to: 60 + 10 * n, seal: n + 1 })),
  );
  blocksAt = async (places: readonly StreamPlace[]) => {
    this.asked.push([...places]);
    return this.blocks.filter(({ stream, from, to }) =>
      places.some((one) => one.stream === stream && from <= one.place && one.place < to),
    );
  };
  sealedTo = async (streams: readonly string[]) =>
    streams.filter((stream) => stream.startsWith('events/')).map((stream) => ({ stream, to: 1_050 }));
  sealsNumbered = async (numbers: readonly number[]) => numbers.map((number) => signSeal(sealOf(number), key));
}

describe('the seals that cover places', () => {
  it('are those of their blocks, and none where nothing is sealed', async () => {
    const store = new FakeSeals();
    const covering = new CoveringSeals(store);
    const at = (stream: string, place: number): StreamPlace => ({ stream, place });
    const found = await covering.of([at('events/0', 50), at('events/1', 79), at('events/0', 49), at('events/0', 1_050), at('audit', 3)]); // prettier-ignore
    expect(found.map((seal) => seal?.number)).toEqual([1, 3, undefined, undefined, undefined]);
    const { chain, hash, time } = found[1]!;
    expect([chain, hash, time]).toEqual(['c', hashOfSeal(signSeal(sealOf(3), key), 'sha256'), 3]);
  });

  it('are asked for once for all places of a block that are read together, and never where nothing is sealed', async () => {
    const store = new FakeSeals();
    const covering = new CoveringSeals(store);
    const numbers: (number | undefined)[] = [];
    for (let place = 50; place < 1_100; place++) {
      const stream = 'events/0';
      numbers.push((await covering.of([{ stream, place }]))[0]?.number);
    }
    expect(numbers).toEqual(Array.from({ length: 1_050 }, (_, n) => (n < 1_000 ? Math.floor(n / 10) + 1 : undefined)));
    expect(store.asked).toHaveLength(100);
  });
});
