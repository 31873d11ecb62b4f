import { describe, expect, it } from 'vitest';
import { TableFollower } from '../../src/event-log/table-follower.ts';
import { MemoryLog } from '../detection/memory-log.ts';

describe('a follower of a table', () => {
  it('tells all entries at the start and whenever they have changed, and leaves out what it can not read', async () => {
    const table = new MemoryLog().table('suppressions');
    const told: unknown[][] = [];
    const problems: string[] = [];
    const follower = new TableFollower(table, {
      onEntries: (entries) => told.push([...entries]),
      onProblem: (problem) => problems.push(problem),
    });
    await table.put([['a', Buffer.from('{"n":1}')]]);
    await follower.start();
    await follower.look();
    await table.put([
      ['a', Buffer.from('{"n":2}')],
      ['b', Buffer.from('{')],
    ]);
    await follower.look();
    expect(told).toEqual([[{ n: 1 }], [{ n: 2 }]]);
    expect(problems).toHaveLength(1);
    await follower.stop();
  });
});
