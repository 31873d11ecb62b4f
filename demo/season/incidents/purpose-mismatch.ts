import { HOUR } from '../../calendar.ts';
import { accessed } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** A look-up states a case that it is not for: closed, or a colleague's. */
export const purposeMismatch: Plot = {
  name: 'purpose-mismatch',
  workdays: true,
  stage(scene, difficulty) {
    const { random, world, plan } = scene;
    const named = scene.take(
      world.cases,
      ({ officer }) => `person ${officer.login}`,
      ({ closed }) => closed < plan.day,
    );
    if (named === undefined) return undefined;
    const actor = named.officer;
    const foreign = world.cases.filter(
      ({ officer, opened, closed }) =>
        officer.department === actor.department &&
        officer.login !== actor.login &&
        opened < plan.day &&
        closed > plan.day,
    );
    const caseNumber = random.chance(0.5) || foreign.length === 0 ? named.number : random.pick(foreign).number;
    const { asset } = actor.habits[0]!;
    const look = (atMs: number): void =>
      scene.say(accessed({ atMs, actor, asset, rows: 1, caseNumber, dataSubjects: [random.hex(16)] }));
    if (difficulty === 'blatant')
      for (const at of scene.spread(scene.at(9, 12), random.int(10, 25), 5 * HOUR)) look(at);
    if (difficulty === 'careful') for (const at of scene.spread(scene.at(9, 14), random.int(1, 2), 2 * HOUR)) look(at);
    if (difficulty === 'slow') for (const day of scene.workdays(random.int(4, 6), 3)) look(scene.at(9, 16, day));
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '以他案或已结案件为由查询', en: "looks persons up under a closed or a colleague's case" },
    };
  },
};
