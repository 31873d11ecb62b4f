import { accessed } from '../acts.ts';
import { DEPARTMENTS } from '../../platform/departments.ts';
import { holdsOn } from '../grants.ts';
import type { Plot } from '../scene.ts';

/** A recipient passes on what it was given for itself. */
export const onwardSharing: Plot = {
  name: 'onward-sharing',
  workdays: true,
  stage(scene, difficulty) {
    const { random, plan, world } = scene;
    const days = difficulty === 'slow' ? scene.workdays(random.int(3, 6), 3) : [plan.day];
    const grant = scene.take(
      world.grants,
      ({ id }) => `grant ${id}`,
      (one) => one.users.length > 0 && holdsOn(one, days.at(-1)!),
    );
    if (grant === undefined) return undefined;
    const { asset } = grant;
    const actor = random.pick(grant.users);
    const held = new Set(world.grants.filter((one) => one.asset.id === asset.id).map(({ recipient }) => recipient));
    const thirds = random.sample(
      DEPARTMENTS.map(({ id }) => id).filter((id) => id !== asset.owner && !held.has(id)),
      difficulty === 'blatant' ? 3 : 1,
    );
    const rows = (): number =>
      ({ blatant: random.int(2_000, 20_000), careful: random.int(20, 200), slow: random.int(5, 40) })[difficulty];
    for (const day of days)
      for (const recipient of thirds)
        scene.say(
          accessed({
            atMs: scene.at(9, 17, day),
            actor,
            asset,
            rows: rows(),
            action: 'share',
            recipient,
            purpose: grant.purpose,
          }),
        );
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '把收到的数据转给第三方', en: 'passes on what the own department was given' },
    };
  },
};
