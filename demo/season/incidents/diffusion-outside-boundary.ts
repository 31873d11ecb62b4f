import { accessed } from '../acts.ts';
import { DEPARTMENTS } from '../../platform/departments.ts';
import type { Plot } from '../scene.ts';

/** Data is handed to departments that nobody has allowed to have it. */
export const diffusionOutsideBoundary: Plot = {
  name: 'diffusion-outside-boundary',
  workdays: true,
  stage(scene, difficulty) {
    const { random, world } = scene;
    const asset = scene.dataset(({ sharing }) => sharing !== 'unconditional');
    if (asset === undefined) return undefined;
    const actor = scene.officer(({ department }) => department === asset.owner);
    if (actor === undefined) return undefined;
    const held = new Set(world.grants.filter((grant) => grant.asset.id === asset.id).map(({ recipient }) => recipient));
    const others = random.sample(
      DEPARTMENTS.filter(({ id }) => id !== asset.owner && !held.has(id)).map(({ id }) => id),
      { blatant: 5, careful: 1, slow: 4 }[difficulty],
    );
    const rows = (): number =>
      ({ blatant: random.int(2_000, 20_000), careful: random.int(20, 300), slow: random.int(10, 80) })[difficulty];
    const days = difficulty === 'slow' ? scene.workdays(others.length, 3) : others.map(() => scene.plan.day);
    others.forEach((recipient, n) =>
      scene.say(accessed({ atMs: scene.at(9, 17, days[n]), actor, asset, rows: rows(), action: 'share', recipient })),
    );
    return {
      department: asset.owner,
      actor: actor.id,
      why: { zh: '把数据交给未获授权的部门', en: 'hands data to departments that hold no grant' },
    };
  },
};
