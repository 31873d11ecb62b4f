import { HOUR } from '../../calendar.ts';
import { signedIn } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** Somebody else signs in with an officer's password from a far branch while the officer is at the desk. */
export const impossibleTravel: Plot = {
  name: 'impossible-travel',
  workdays: true,
  stage(scene, difficulty) {
    const { random } = scene;
    const actor = scene.reader();
    if (actor === undefined) return undefined;
    const system = actor.habits[0]!.asset.system;
    const far = { ...actor, address: `10.${random.pick([80, 81])}.1.${random.int(2, 250)}` };
    const days = difficulty === 'slow' ? scene.workdays(random.int(3, 5), 4) : [scene.plan.day];
    for (const day of days) {
      const atMs = scene.at(9, 14, day);
      const laterMs =
        { blatant: random.between(0.1, 0.5), careful: random.between(0.7, 2), slow: random.between(0.5, 2) }[
          difficulty
        ] * HOUR;
      scene.say(signedIn(atMs, actor, system), signedIn(atMs + laterMs, far, system));
    }
    return {
      department: actor.department,
      actor: actor.id,
      why: {
        zh: '他人在外地冒用账号登录',
        en: 'somebody far away signs in with the account of one who is at the desk',
      },
    };
  },
};
