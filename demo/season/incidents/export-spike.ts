import { HOUR } from '../../calendar.ts';
import { accessed } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** Somebody makes files of the data to take along: many at once, some over the day, or one every day. */
export const exportSpike: Plot = {
  name: 'export-spike',
  workdays: true,
  stage(scene, difficulty) {
    const { random } = scene;
    const actor = scene.reader();
    if (actor === undefined) return undefined;
    const { asset } = actor.habits[0]!;
    const take = (atMs: number, rows: number): void =>
      scene.say(
        accessed({ atMs, actor, asset, rows: Math.min(asset.rows, rows), action: random.pick(['export', 'download']) }),
      );
    if (difficulty === 'blatant')
      for (const at of scene.spread(scene.at(13, 15), random.int(6, 12), 2 * HOUR)) take(at, random.int(5_000, 40_000));
    if (difficulty === 'careful')
      for (const at of scene.spread(scene.at(9, 10), random.int(4, 7), 7 * HOUR)) take(at, random.int(500, 3_000));
    if (difficulty === 'slow')
      for (const day of scene.workdays(random.int(7, 10))) take(scene.at(10, 16, day), random.int(200, 800));
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '把数据导成文件准备带走', en: 'makes files of the data to take along' },
    };
  },
};
