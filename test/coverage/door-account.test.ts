import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DoorAccount } from '../../src/coverage/door-account.ts';
import { MINUTE_MS, sumOf, type DoorMinute, type DoorStatement } from '../../src/coverage/record.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';

const BEGIN = Date.parse('2026-11-20T01:00:00Z');
const WHO = { epoch: 'e1', instance: '' };

function eventOf(source: string, ingestTime: number): Event {
  return Object.assign(emptyEvent(), { source, ingestTime });
}

/** What the store makes of statements that may be lost or come again: of each minute the one with the highest number. */
function folded(statements: readonly DoorStatement[]): Map<string, DoorMinute> {
  const rows = new Map<string, DoorMinute & { number: number }>();
  for (const { number, minutes } of statements)
    for (const row of minutes) {
      const key = `${row.source} ${row.minute}`;
      if (number > (rows.get(key)?.number ?? 0)) rows.set(key, { ...row, number });
    }
  return new Map([...rows].map(([key, { number: _, ...row }]) => [key, row]));
}

const act = fc.oneof(
  { weight: 5, arbitrary: fc.record({ act: fc.constant('take' as const), source: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('refuse' as const), source: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('append' as const), source: fc.constant(0) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('state' as const), source: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('wait' as const), source: fc.nat(40) }) },
);

describe('the account of a door', () => {
  it('comes out the same however statements are lost, repeated and late', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
        const account = new DoorAccount(WHO);
        const [truth, stated] = [new Map<string, DoorMinute>(), [] as DoorStatement[]];
        let [now, waiting] = [BEGIN, [] as Event[]];
        const rowOf = (source: string, at: number): DoorMinute => {
          const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
          const key = `${source} ${minute}`;
          const row = truth.get(key) ?? { source, minute, received: 0, refused: {}, lost: 0, appended: 0 };
          truth.set(key, row);
          return row;
        };
        const append = (): void => {
          account.appended(waiting);
          for (const { source, ingestTime } of waiting) rowOf(source, ingestTime).appended++;
          waiting = [];
        };
        for (const { act: what, source } of acts) {
          const name = `s${source}`;
          if (what === 'take') {
            const row = account.row(name, now);
            row.received++;
            row.isNews = true;
            rowOf(name, now).received++;
            waiting.push(eventOf(name, now));
          } else if (what === 'refuse') {
            account.refused(name, 'too large', 1, now);
            const row = rowOf(name, now);
            row.received++;
            row.refused['too large'] = (row.refused['too large'] ?? 0) + 1;
          } else if (what === 'append') append();
          else if (what === 'wait') now += source * 1_000;
          else {
            const statement = account.statement(now, false);
            if (source === 0) continue; // lost on its way
            stated.push(statement);
            if (source === 1) stated.push(statement);
            account.stated(statement);
          }
        }
        append();
        stated.push(account.statement(now, true));
        expect([...folded(stated)].sort()).toEqual([...truth].sort());
      }),
      { numRuns: 300 },
    );
  });

  it('lets a minute go only when nothing of it waits', () => {
    const account = new DoorAccount(WHO);
    account.row('portal', BEGIN).received += 2;
    account.appended([eventOf('portal', BEGIN)]);
    account.stated(account.statement(BEGIN + 2 * MINUTE_MS, false));
    account.appended([eventOf('portal', BEGIN + 1)]);
    const { minutes } = account.statement(BEGIN + 3 * MINUTE_MS, false);
    expect(minutes).toMatchObject([{ received: 2, appended: 2 }]);
  });

  it('takes what could not be appended back as refused', () => {
    const account = new DoorAccount(WHO);
    account.row('portal', BEGIN).received++;
    account.withdrawn(eventOf('portal', BEGIN), 'cannot be encoded');
    const { minutes } = account.statement(BEGIN, false);
    expect(minutes).toMatchObject([{ received: 1, refused: { 'cannot be encoded': 1 }, appended: 0 }]);
  });

  it('counts sources beyond the bound together, and loses none', () => {
    const account = new DoorAccount(WHO, 2);
    for (let n = 0; n < 10; n++) account.row(`udp/192.0.2.${n}`, BEGIN).received++;
    account.appended(Array.from({ length: 10 }, (_, n) => eventOf(`udp/192.0.2.${n}`, BEGIN)));
    const { minutes } = account.statement(BEGIN, false);
    expect(minutes.map(({ source }) => source)).toEqual(['udp/192.0.2.0', 'udp/192.0.2.1', 'other']);
    expect(sumOf(Object.fromEntries(minutes.map((row) => [row.source, row.appended])))).toBe(10);
  });
});
