import { HOUR } from '../../calendar.ts';
import { accessLine } from '../../activity/access.ts';
import type { Plot } from '../scene.ts';

/** Somebody takes some records more than the work needs, every day for weeks. */
export const slowDrip: Plot = {
  name: 'slow-drip',
  workdays: true,
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const actor = scene.reader();
    if (actor === undefined) return undefined;
    const { asset } = actor.habits[0]!;
    const wanted = {
      blatant: random.int(9_000, 15_000),
      careful: random.int(4_000, 7_000),
      slow: random.int(3_000, 6_000),
    }[difficulty];
    const days = scene.workdays({ blatant: 10, careful: 12, slow: 18 }[difficulty]);
    for (const day of days)
      for (const atMs of scene.spread(scene.at(9, 10, day), 5, 6 * HOUR)) {
        const rows = Math.ceil((wanted / days.length / 5) * random.between(0.6, 1.4));
        scene.say(accessLine(plan.platform, { atMs, actor, asset, rows, workOrder: '', incident: '' }));
      }
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '连续多日每天多取一些', en: 'takes some records more than needed, day after day' },
    };
  },
};
