import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOfSeal, signSeal } from '../../src/evidence/seal.ts';
import { StoreCheck, type StoreCheckParts } from '../../src/evidence/store-check.ts';
import { strangerKey } from '../verifier/tampering.ts';
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

async function checked(more: Partial<StoreCheckParts> = {}): Promise<StoreCheck> {
  const { store, keys, log } = platform;
  const check = new StoreCheck({
    ...{ store, keys, log, sealsKeptDays: 2_000 },
    now: () => platform.now,
    onProblem: (problem) => problems.push(problem),
    share: 1,
    ...more,
  });
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
      { seal: 3, stream: 'events/0', in: 'sealed', place: '2/5' },
    ],
    [
      'a sealed record',
      () => (platform.store.kept.get('audit/1')!.record = '{}'),
      { seal: 2, stream: 'audit', in: 'sealed', place: '1' },
    ],
    ['a table', () => platform.store.shownOtherwise.add('2'), { seal: 3, stream: 'audit', in: 'table', place: '2' }],
    ['a seal', () => (platform.store.sealed[1]!.signed.sealed += ' '), { seal: 2, stream: '', in: 'chain' }],
    ['what is kept beside a seal', () => (platform.store.sealed[1]!.hash = 'ff'), { seal: 2, stream: '', in: 'chain' }],
    ['a seal that is gone', () => platform.store.sealed.splice(1, 1), { seal: 2, stream: '', in: 'chain' }],
    ['the first seals', () => platform.store.sealed.splice(0, 2), { seal: 2, stream: '', in: 'chain' }],
    [
      'the marks of a block',
      () => (platform.store.sealed[1]!.marks = [Buffer.alloc(4), Buffer.alloc(4)]),
      { seal: 2, stream: 'audit', in: 'chain' },
    ],
    [
      'the time of a sealed record',
      () => (platform.store.kept.get('audit/1')!.at -= 400 * 86_400_000),
      { seal: 2, stream: 'audit', in: 'sealed', place: '1' },
    ],
    [
      'a row of a table that nobody recorded',
      () => platform.store.forged.push({ stream: 'audit', id: 'forged', at: START }),
      { seal: 0, stream: 'audit', in: 'table', place: 'forged' },
    ],
    [
      'an event that nobody logged',
      () => platform.store.events.push({ ...platform.store.events[0]!, partition: 900 }),
      { seal: 0, stream: 'events/900', in: 'sealed', place: '0/0' },
    ],
    ['a view', () => platform.store.viewsChanged.push('events_once'), { seal: 0, stream: '', in: 'view', place: 'events_once' }], // prettier-ignore
  ])('says where it is not what was sealed: %s', async (_, change, where) => {
    change();
    const check = await checked();
    expect(check.state.differences[0]).toMatchObject(where);
    expect(problems).toEqual([expect.stringContaining(where.seal > 0 ? `seal ${where.seal}` : 'no seal')]);
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

  it('says where the log no longer has an entry as it was sealed', async () => {
    await platform.reports('incident a', 'incident b');
    await platform.sealer().seal();
    await platform.log.table('reports').put([['incident a', Buffer.from('{"id":"forged"}')]]);
    expect((await checked()).state.differences).toMatchObject([{ seal: 4, stream: 'reports', in: 'log', place: '0' }]);
    await platform.sealer().seal();
    const places = (await checked()).state.differences.map(({ seal, place }) => [seal, place]);
    expect(places).toEqual([
      [5, '2'],
      [4, '0'],
    ]);
  });

  it('finds that the newest seals are gone when it knows of later ones', async () => {
    const head = platform.store.sealed.at(-1)!.seal;
    platform.store.sealed.splice(1);
    const check = await checked({ head: () => head });
    expect(check.state.differences).toMatchObject([{ seal: 2, in: 'chain' }]);
  });

  it('takes no word of a forged seal for what has expired', async () => {
    const last = platform.store.sealed.at(-1)!;
    const note = { kind: 'expired', stream: 'events', before: START * 2, days: 400 } as const;
    const seal = { ...last.seal, number: 4, previous: last.hash, blocks: [], notes: [note] };
    const signed = signSeal(seal, strangerKey());
    platform.store.sealed.push({ signed, seal, hash: hashOfSeal(signed, 'sha256'), marks: [] });
    platform.store.events.splice(25, 1);
    expect((await checked()).state.differences).toMatchObject([
      { seal: 3, stream: 'events/0', place: '2/5' },
      { seal: 4, in: 'chain' },
    ]);
  });

  it('says that it failed when the store went away meanwhile', async () => {
    platform.store.lines = async () => Promise.reject(new Error('away'));
    platform.store.leaves = async () => Promise.reject(new Error('away'));
    const check = await checked();
    expect(check.state.state).toBe('failed');
    expect(problems).toEqual(['the store was not compared with its seals: Error: away']);
    expect(check.problem).toBe(problems[0]);
  });
});
