import { startOfDay } from '../../calendar.ts';
import { accessed } from '../acts.ts';
import { holdsOn } from '../grants.ts';
import type { Plot } from '../scene.ts';

/** Somebody goes on with what was allowed until the grant ended. */
export const accessOutsideValidity: Plot = {
  name: 'access-outside-validity',
  workdays: true,
  stage(scene, difficulty) {
    const { grants } = scene.world;
    const day = scene.plan.day;
    const endOf = ({ to, revoked }: (typeof grants)[number]): string => (to === '' ? revoked : to);
    const over = (grant: (typeof grants)[number]): boolean =>
      endOf(grant) !== '' && endOf(grant) < day && !holdsOn(grant, day);
    const overFor = (grant: (typeof grants)[number]): number => scene.plan.from - startOfDay(endOf(grant));
    const ended = scene.take(
      grants,
      ({ id }) => `grant ${id}`,
      (grant) => over(grant) && grant.users.length > 0 && overFor(grant) > 86_400_000,
    );
    if (ended === undefined) return undefined;
    const actor = scene.random.pick(ended.users);
    const use = (atMs: number, rows: number): void =>
      scene.say(
        accessed({ atMs, actor, asset: ended.asset, rows, purpose: ended.purpose, fields: ended.fields.slice(0, 3) }),
      );
    if (difficulty === 'blatant')
      for (const at of scene.spread(scene.at(9, 11), 8, 14_400_000)) use(at, ended.usualRows * 6);
    if (difficulty === 'careful')
      for (const at of scene.spread(scene.at(9, 15), scene.random.int(1, 2), 3_600_000)) use(at, ended.usualRows);
    if (difficulty === 'slow')
      for (const one of scene.workdays(scene.random.int(4, 6), 3))
        use(scene.at(9, 16, one), Math.ceil(ended.usualRows / 2));
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '授权已结束仍继续使用数据', en: 'goes on using data after the grant has ended' },
    };
  },
};
