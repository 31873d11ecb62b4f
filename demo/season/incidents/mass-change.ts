import { HOUR } from '../../calendar.ts';
import { accessed } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** Records are changed or deleted: all of a table, a part of it, or a little every day. */
export const massChange: Plot = {
  name: 'mass-change',
  workdays: true,
  stage(scene, difficulty) {
    const { random } = scene;
    const actor = scene.reader((_, { rows }) => rows < 2_000_000);
    if (actor === undefined) return undefined;
    const { asset } = actor.habits[0]!;
    const change = (atMs: number, rows: number): void =>
      scene.say(accessed({ atMs, actor, asset, rows: Math.ceil(rows), action: random.pick(['update', 'delete']) }));
    if (difficulty === 'blatant') {
      if (random.chance(0.3))
        scene.say(
          accessed({
            atMs: scene.at(9, 20),
            actor,
            asset,
            rows: 0,
            action: 'delete',
            message: `TRUNCATE TABLE ${asset.table}`,
          }),
        );
      else
        for (const at of scene.spread(scene.at(9, 18), 4, 1_200_000))
          change(at, asset.rows * random.between(0.05, 0.2));
    }
    const share = random.between(0.02, 0.06);
    if (difficulty === 'careful')
      for (const at of scene.spread(scene.at(9, 10), 30, 7 * HOUR)) change(at, (asset.rows * share) / 30);
    if (difficulty === 'slow')
      for (const day of scene.workdays(8))
        for (const at of scene.spread(scene.at(9, 10, day), 10, 7 * HOUR)) change(at, (asset.rows * share) / 80);
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '大量篡改或删除数据', en: 'changes or deletes much of a dataset' },
    };
  },
};
