import { HOUR } from '../../calendar.ts';
import { accessLine } from '../../activity/access.ts';
import type { Plot } from '../scene.ts';

/** Somebody collects from all the datasets of the own department, a little of each that together is much. */
export const bulkReadVsPeers: Plot = {
  name: 'bulk-read-vs-peers',
  workdays: true,
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const actor = scene.reader();
    if (actor === undefined) return undefined;
    const own = plan.platform.assets.filter(
      ({ owner, system }) => owner === actor.department && plan.platform.system(system).log !== 'gateway',
    );
    const wanted = {
      blatant: random.int(30_000, 90_000),
      careful: random.int(4_000, 12_000),
      slow: random.int(10_000, 25_000),
    }[difficulty];
    const days = scene.workdays(difficulty === 'slow' ? random.int(6, 10) : 1);
    const chosen = random.sample(own, random.int(4, 7));
    const each = wanted / days.length / chosen.length / 3;
    for (const day of days)
      for (const asset of chosen)
        for (const atMs of scene.spread(scene.at(9, 10, day), 3, 6 * HOUR))
          scene.say(
            accessLine(plan.platform, {
              atMs,
              actor,
              asset,
              rows: Math.ceil(each * random.between(0.7, 1.3)),
              workOrder: '',
              incident: '',
            }),
          );
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '从多个数据集收集远多于同事', en: 'collects from many datasets, far more than colleagues do' },
    };
  },
};
