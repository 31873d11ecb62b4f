import { describe, expect, it } from 'vitest';
import { historyOf, lifeEventOf, stateOf, type LifeEvent } from '../../src/finding/lifecycle.ts';
import { lifeEventFor, type TriageCommand } from '../../src/finding/triage.ts';
import { Grouping } from '../../src/finding/grouping.ts';
import { emptyEvent, type AssetLevel } from '../../src/event/event.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { signal } from '../detection/engine-fixture.ts';
import { aFinding } from '../store/a-finding.ts';

/** A finding's life: signals of one group as detection takes them, and what people do with it in between. */
class Life {
  events: LifeEvent[] = [];
  #clock = 1_000;
  #place = 0;
  readonly #grouping = new Grouping([
    { name: 'bulk', title: { zh: '', en: '' }, techniques: [], cites: [], knownGaps: [] },
  ]);

  signal(score: number, assetLevel: AssetLevel = 'general-1'): this {
    const found: Finding[] = [];
    const event = { ...emptyEvent(), time: ++this.#clock, ingestTime: this.#clock, assetLevel };
    const moment = { clock: this.#clock, day: '2026-11-20', partition: 0, place: this.#place++ };
    this.#grouping.take('bulk', signal({ score, actor: 'u-li' }), event, moment, found);
    this.events.push(...found.map(lifeEventOf));
    return this;
  }

  person(command: TriageCommand, by = 'lina'): this {
    this.events.push(lifeEventFor(command, this.events, { by, at: ++this.#clock, id: `act ${this.#clock}` }));
    return this;
  }

  close(): this {
    return this.person({ act: 'closed', disposition: 'benign', text: 'month-end export' });
  }

  get acts(): string[] {
    return historyOf(this.events).map(({ act }) => act);
  }

  get status(): string {
    return stateOf(this.events).status;
  }
}

describe('the life of a finding', () => {
  it('goes from raised over acknowledged to closed, and says who did it and why', () => {
    const life = new Life().signal(50).person({ act: 'acknowledged' }).person({ act: 'assigned', assignee: 'wang' });
    life.person({ act: 'note', text: 'called the bureau' }).close();
    expect(life.acts).toEqual(['raised', 'acknowledged', 'assigned', 'note', 'closed']);
    expect(stateOf(life.events)).toMatchObject({
      status: 'closed',
      assignee: 'wang',
      disposition: 'benign',
      reason: 'month-end export',
      notes: 1,
      changedBy: 'lina',
    });
  });

  it('stays closed when it fires again with a score of less than 15 more', () => {
    expect(new Life().signal(50).close().signal(64.9).signal(64).status).toBe('closed');
  });

  it('is reopened when its score rises by 15 after the closing', () => {
    const life = new Life().signal(50).close().signal(65);
    expect(life.acts).toEqual(['raised', 'closed', 'grew', 'reopened']);
    expect(stateOf(life.events)).toMatchObject({ status: 'reopened', disposition: 'benign', changedBy: 'wanglou' });
  });

  it('is reopened when it reaches a higher asset level after the closing', () => {
    expect(new Life().signal(50).close().signal(50, 'core').status).toBe('reopened');
    expect(new Life().signal(50, 'core').close().signal(50, 'general-1').status).toBe('closed');
  });

  it('can be closed again after it was reopened, and reopened again', () => {
    const life = new Life().signal(50).close().signal(65).close();
    expect(life.status).toBe('closed');
    expect(life.signal(80).status).toBe('reopened');
    expect(life.acts.filter((act) => act === 'reopened')).toHaveLength(2);
  });

  it('is reopened too when the growth was under way while a person closed it', () => {
    const life = new Life().signal(50).signal(65);
    const seenBefore = life.events.filter(({ revision }) => revision === 1);
    const closing = lifeEventFor({ act: 'closed', disposition: 'benign', text: 'routine' }, seenBefore, {
      by: 'lina',
      at: 9_000,
      id: 'closing',
    });
    expect(stateOf([...life.events, closing]).status).toBe('reopened');
  });

  it('is the same in whatever order, and however often, its entries arrive', () => {
    const { events } = new Life().signal(50).person({ act: 'acknowledged' }).close().signal(66).close().signal(90);
    const expected = stateOf(events);
    expect(stateOf([...events].reverse().concat(events))).toEqual(expected);
  });

  it('refuses what does not fit its state, and says how it stands', () => {
    const closed = new Life().signal(50).close();
    expect(() => closed.close()).toThrow(/is closed as benign already, since 1970.* by lina/);
    expect(() => closed.person({ act: 'acknowledged' })).toThrow('is closed already');
    expect(() => closed.person({ act: 'assigned', assignee: 'wang' })).toThrow('is closed');
    expect(() => new Life().signal(50).person({ act: 'reopened', text: 'x' })).toThrow('is new, not closed');
    expect(closed.person({ act: 'note', text: 'for the record' }).status).toBe('closed');
  });

  it('takes the first of two closings that were made at once', () => {
    const { events } = new Life().signal(50);
    const close = (by: string, at: number) =>
      lifeEventFor({ act: 'closed', disposition: 'benign', text: by }, events, { by, at, id: by });
    expect(stateOf([...events, close('second', 5_001), close('first', 5_000)])).toMatchObject({ reason: 'first' });
  });

  it('gives the entry of a revision the same id whenever it is made', () => {
    expect(lifeEventOf(aFinding())).toEqual(lifeEventOf(aFinding()));
    expect(lifeEventOf(aFinding()).id).not.toBe(lifeEventOf(aFinding({ revision: 2 })).id);
  });
});

describe('undoing', () => {
  /** How it stands, without who made the last change and when. */
  const standing = (life: Life) => ({ ...stateOf(life.events), changedAt: 0, changedBy: '' });
  const last = (life: Life): string => life.events.at(-1)!.id;
  const undo = (life: Life, by = 'lina', undoes = last(life)): Life => life.person({ act: 'undone', undoes }, by);

  it.each<[string, TriageCommand]>([
    ['an acknowledgement', { act: 'acknowledged' }],
    ['an assignment', { act: 'assigned', assignee: 'zhao' }],
    ['a note', { act: 'note', text: 'called' }],
    ['a closing', { act: 'closed', disposition: 'benign', text: 'routine' }],
  ])('%s brings back exactly what was before, and stays in the history with who did it', (_what, command) => {
    const life = new Life().signal(50).close().signal(66).person({ act: 'assigned', assignee: 'wang' });
    const before = standing(life);
    undo(life.person(command));
    expect(standing(life)).toEqual(before);
    expect(life.acts.slice(-2)).toEqual([command.act, 'undone']);
    expect(stateOf(life.events)).toMatchObject({ changedBy: 'lina' });
  });

  it('a reopening closes it again, with the disposition and reason of before', () => {
    const life = new Life().signal(50).close();
    const before = standing(life);
    undo(life.person({ act: 'reopened', text: 'too early' }));
    expect(standing(life)).toEqual(before);
  });

  it('is the same in whatever order the entries arrive', () => {
    const { events } = undo(new Life().signal(50).close()).person({ act: 'acknowledged' }).signal(90);
    expect(stateOf([...events].reverse())).toEqual(stateOf(events));
    expect(stateOf(events)).toMatchObject({ status: 'acknowledged', disposition: '' });
  });

  it('is not hindered by growth, and lets the finding be closed again', () => {
    const life = new Life().signal(50).close();
    const closing = last(life);
    undo(life.signal(51), 'lina', closing);
    expect(life.status).toBe('new');
    expect(life.close().status).toBe('closed');
  });

  it('is refused when somebody else, or detection, has acted since', () => {
    const life = new Life().signal(50).person({ act: 'acknowledged' });
    const mine = last(life);
    life.person({ act: 'assigned', assignee: 'wang' }, 'wang');
    expect(() => undo(life, 'lina', mine)).toThrow(/was assigned by wang since, at 1970/);
    const closed = new Life().signal(50).close();
    const closing = last(closed);
    expect(() => undo(closed.signal(90), 'lina', closing)).toThrow('was reopened by wanglou since');
  });

  it('is refused for what somebody else did, for an undoing, twice, and for what there is not', () => {
    const life = new Life().signal(50).close();
    const closing = last(life);
    expect(() => undo(life, 'wang')).toThrow('was closed by lina, not by wang');
    undo(life);
    expect(() => undo(life)).toThrow('is an undoing itself');
    expect(() => undo(life, 'lina', closing)).toThrow('was undone by lina since');
    expect(() => undo(life, 'lina', 'x')).toThrow('has no decision x');
  });
});
