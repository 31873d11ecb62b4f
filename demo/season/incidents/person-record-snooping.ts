import { HOUR } from '../../calendar.ts';
import { accessed } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** Somebody looks a person up out of curiosity: a neighbour, a former partner, somebody under protection. */
export const personRecordSnooping: Plot = {
  name: 'person-record-snooping',
  workdays: true,
  stage(scene, difficulty) {
    const { random, world } = scene;
    const actor = scene.reader((_, { personalInformation }) => personalInformation !== 'none');
    if (actor === undefined) return undefined;
    const { asset } = actor.habits[0]!;
    const isWatched = random.chance(0.25);
    const subject = isWatched ? random.pick(world.watched) : random.hex(16);
    const look = (atMs: number): void => scene.say(accessed({ atMs, actor, asset, rows: 1, dataSubjects: [subject] }));
    if (difficulty === 'blatant') for (const at of scene.spread(scene.at(9, 12), random.int(6, 12), 5 * HOUR)) look(at);
    if (difficulty === 'careful') for (const day of scene.workdays(random.int(2, 4))) look(scene.at(9, 17, day));
    if (difficulty === 'slow') for (const day of scene.workdays(random.int(5, 7), 3)) look(scene.at(9, 16, day));
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '出于私心查询个人', en: 'looks a person up out of curiosity' },
    };
  },
};
