import { HOUR, MINUTE } from '../../calendar.ts';
import { administered } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** An administrator hands out rights: to many at once, or for as long as it takes to use them. */
export const privilegeBurst: Plot = {
  name: 'privilege-burst',
  workdays: true,
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const actor = scene.officer(({ role }) => role === 'system-admin');
    if (actor === undefined) return undefined;
    const system = random.pick(plan.platform.systems.filter(({ department }) => department === actor.department)).id;
    const change = (atMs: number, action: 'grant' | 'revoke', target: string): void =>
      scene.say(administered({ atMs, actor, system, action, target, privilege: '数据查询' }));
    const accomplices = random.sample(plan.platform.officers, 30).map(({ login }) => login);
    if (difficulty === 'blatant')
      scene
        .spread(scene.at(9, 17), random.int(15, 30), 40 * MINUTE)
        .forEach((at, n) => change(at, 'grant', accomplices[n]!));
    if (difficulty === 'careful') {
      if (random.chance(0.5))
        scene
          .spread(scene.at(9, 15), random.int(5, 9), random.between(0.7, 2) * HOUR)
          .forEach((at, n) => change(at, 'grant', accomplices[n]!));
      else {
        const atMs = scene.at(9, 15);
        change(atMs, 'grant', accomplices[0]!);
        change(atMs + random.int(15, 100) * MINUTE, 'revoke', accomplices[0]!);
      }
    }
    if (difficulty === 'slow')
      for (const day of scene.workdays(random.int(4, 6), 2)) {
        const atMs = scene.at(9, 14, day);
        change(atMs, 'grant', accomplices[0]!);
        change(atMs + random.int(20, 180) * MINUTE, 'revoke', accomplices[0]!);
      }
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '短时间内发放或借用权限', en: 'hands out rights, or lends them for a short time' },
    };
  },
};
