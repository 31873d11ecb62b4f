import { HOUR, MINUTE } from '../../calendar.ts';
import { accessed } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** Somebody tries which datasets open. */
export const denialProbing: Plot = {
  name: 'denial-probing',
  workdays: true,
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const actor = scene.officer();
    if (actor === undefined) return undefined;
    const doors = random.sample(
      plan.platform.assets.filter(({ owner }) => owner !== actor.department),
      { blatant: 40, careful: 20, slow: 24 }[difficulty],
    );
    const moments = {
      blatant: () => scene.spread(scene.at(9, 17), doors.length, random.int(8, 20) * MINUTE),
      careful: () => scene.spread(scene.at(9, 13), doors.length, random.between(0.5, 2.5) * HOUR),
      slow: () => scene.workdays(8).flatMap((day) => scene.spread(scene.at(9, 15, day), 3, HOUR)),
    }[difficulty]();
    doors.forEach((asset, n) => scene.say(accessed({ atMs: moments[n]!, actor, asset, rows: 0, outcome: 'failure' })));
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '逐个试探能打开哪些数据', en: 'tries one dataset after the other' },
    };
  },
};
