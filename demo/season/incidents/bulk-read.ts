import { HOUR } from '../../calendar.ts';
import { accessLine } from '../../activity/access.ts';
import type { Plot } from '../scene.ts';

/** Somebody takes a part of the dataset that the own work is done with: so many records, in the time that there is. */
export const bulkRead: Plot = {
  name: 'bulk-read',
  workdays: true,
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const actor = scene.reader();
    if (actor === undefined) return undefined;
    const { asset } = actor.habits[0]!;
    const wanted = Math.min(
      asset.rows * 0.6,
      { blatant: random.int(30_000, 120_000), careful: random.int(5_000, 20_000), slow: random.int(8_000, 25_000) }[
        difficulty
      ],
    );
    const days = scene.workdays(difficulty === 'slow' ? random.int(6, 10) : 1);
    const pieces = { blatant: random.int(1, 6), careful: random.int(25, 45), slow: random.int(12, 20) }[difficulty];
    for (const day of days)
      for (const atMs of scene.spread(scene.at(9, 9.4, day), pieces, (difficulty === 'blatant' ? 1 : 7.5) * HOUR)) {
        const rows = Math.ceil((wanted / days.length / pieces) * random.between(0.7, 1.3));
        scene.say(accessLine(plan.platform, { atMs, actor, asset, rows, workOrder: '', incident: '' }));
      }
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '大量取走本职数据', en: 'takes a large part of the dataset of the own work' },
    };
  },
};
