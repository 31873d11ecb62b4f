import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreCheck } from '../../src/evidence/store-check.ts';
import { SealedPlatform, START } from './sealed-platform.ts';

let platform: SealedPlatform;
let problems: string[];

beforeEach(async () => {
  platform = new SealedPlatform();
  problems = [];
  await platform.start();
  const sealer = platform.sealer();
  for (let n = 0; n < 3; n++) {
    await platform.events(10);
    await platform.audit(`${n}`);
    await sealer.seal();
  }
});
afterEach(() => platform.stop());

async function checked(): Promise<StoreCheck> {
  const { store, key } = platform;
  const check = new StoreCheck({ store, key, onProblem: (problem) => problems.push(problem), share: 1 });
  await check.run();
  return check;
}

describe('the comparison of the store with its seals', () => {
  it('finds nothing where nothing was changed', async () => {
    const check = await checked();
    expect(check.state).toMatchObject({ state: 'done', records: 33, seals: { checked: 3, total: 3 }, count: 0 });
    expect([check.problem, problems]).toEqual(['', []]);
  });

  it.each([
    [
      'an event',
      () => (platform.store.events[14]!.fields[9] = 'else'),
      { seal: 2, stream: 'events/0', in: 'sealed', place: '1/4' },
    ],
    [
      'a missing event',
      () => platform.store.events.splice(25, 1),
      { seal: 3, stream: 'events/0', in: 'sealed', place: '2/6' },
    ],
    [
      'a sealed record',
      () => (platform.store.kept.get('audit/1')!.record = '{}'),
      { seal: 2, stream: 'audit', in: 'sealed', place: '1' },
    ],
    ['a table', () => platform.store.shownOtherwise.add('2'), { seal: 3, stream: 'audit', in: 'table', place: '2' }],
    ['a seal', () => (platform.store.sealed[1]!.signed.sealed += ' '), { seal: 2, stream: '', in: 'chain' }],
  ])('says where it is not what was sealed: %s', async (_, change, where) => {
    change();
    const check = await checked();
    expect(check.state.differences[0]).toMatchObject(where);
    expect(problems).toEqual([expect.stringContaining(`seal ${where.seal}`)]);
    expect(check.problem).toBe(problems[0]);
  });

  it.each([
    ['what has expired for expired', {}, []],
    ['nothing for expired that is under a legal hold', { kept: [[START, START + 1]] as [number, number][] }, [1, 2, 3]],
  ])('takes %s', async (_, kept, missing) => {
    platform.notes.push({ kind: 'expired', stream: 'events', before: START + 1, days: 400, ...kept });
    await platform.sealer().seal();
    platform.store.events = [];
    const { differences } = (await checked()).state;
    expect(differences.map(({ seal, stream }) => [seal, stream])).toEqual(missing.map((seal) => [seal, 'events/0']));
  });

  it('says that it failed when the store went away meanwhile', async () => {
    platform.store.lines = async () => Promise.reject(new Error('away'));
    platform.store.leaves = async () => Promise.reject(new Error('away'));
    expect((await checked()).state.state).toBe('failed');
    expect(problems).toEqual(['the store was not compared with its seals: Error: away']);
  });
});
