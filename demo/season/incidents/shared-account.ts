import { HOUR, MINUTE } from '../../calendar.ts';
import { signedIn } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** A vendor's team works under one account. */
export const sharedAccount: Plot = {
  name: 'shared-account',
  workdays: true,
  stage(scene, difficulty) {
    const { random } = scene;
    const actor = scene.engineer();
    if (actor === undefined) return undefined;
    const seats = [actor, { ...actor, address: `10.250.${random.int(0, 9)}.${random.int(2, 250)}` }];
    const names = ['李工', '王工', '张工', '赵工', '孙工'];
    const days = difficulty === 'slow' ? scene.workdays(random.int(4, 6), 2) : [scene.plan.day];
    const people = { blatant: 5, careful: 2, slow: 2 }[difficulty];
    const spanMs = { blatant: 5 * HOUR, careful: random.int(30, 80) * MINUTE, slow: random.int(15, 40) * MINUTE }[
      difficulty
    ];
    for (const day of days)
      scene
        .spread(scene.at(9, 12, day), { blatant: 24, careful: 10, slow: 6 }[difficulty], spanMs)
        .forEach((atMs, n) => {
          const seat = seats[n % 2]!;
          scene.say(
            signedIn(atMs, seat, 'emergency-ops', {
              device: `pc-${n % 2}-${actor.login}`,
              ...(difficulty === 'blatant' ? { bastionUser: names[n % people]! } : {}),
            }),
          );
        });
    return { actor: actor.id, why: { zh: '多人共用一个运维账号', en: 'several engineers work under one account' } };
  },
};
