import { HOUR, MINUTE } from '../../calendar.ts';
import { accessed } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** A script of somebody's walks through the records, one after the other: so many persons, in the time that there is. */
export const enumeration: Plot = {
  name: 'enumeration',
  workdays: true,
  stage(scene, difficulty) {
    const { random } = scene;
    const actor = scene.reader((_, { personalInformation }) => personalInformation !== 'none');
    if (actor === undefined) return undefined;
    const { asset } = actor.habits[0]!;
    let key = random.int(100_000, 900_000);
    const walk = (first: number, count: number, spanMs: number, longestStep: number): void => {
      for (const atMs of scene.spread(first, count, spanMs)) {
        key += random.int(1, longestStep);
        scene.say(accessed({ atMs, actor, asset, rows: 1, query: `id=${key}`, dataSubjects: [random.hex(16)] }));
      }
    };
    if (difficulty === 'blatant') walk(scene.at(9, 17), random.int(500, 900), random.int(10, 20) * MINUTE, 1);
    if (difficulty === 'careful') walk(scene.at(9, 15), random.int(250, 400), random.int(25, 45) * MINUTE, 4);
    if (difficulty === 'slow')
      for (const day of scene.workdays(random.int(4, 6)))
        walk(scene.at(9, 9.5, day), random.int(120, 200), 7 * HOUR, 4);
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '用脚本逐条遍历个人记录', en: 'a script walks through the records of persons' },
    };
  },
};
