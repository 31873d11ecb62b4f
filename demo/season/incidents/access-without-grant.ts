import { accessed } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** Somebody gets at another department's data for which nobody gave leave. */
export const accessWithoutGrant: Plot = {
  name: 'access-without-grant',
  workdays: true,
  stage(scene, difficulty) {
    const { random, world } = scene;
    const actor = scene.reader();
    if (actor === undefined) return undefined;
    const held = new Set(
      world.grants.filter(({ recipient }) => recipient === actor.department).map(({ asset }) => asset.id),
    );
    const asset = random.pick(
      world.platform.assets.filter(
        (one) =>
          one.owner !== actor.department &&
          one.sharing !== 'unconditional' &&
          !held.has(one.id) &&
          (difficulty !== 'blatant' || one.sharing === 'not-shared'),
      ),
    );
    const use = (atMs: number, rows: number): void => scene.say(accessed({ atMs, actor, asset, rows }));
    if (difficulty === 'blatant')
      for (const at of scene.spread(scene.at(9, 14), 6, 7_200_000)) use(at, random.int(300, 3_000));
    if (difficulty === 'careful')
      for (const at of scene.spread(scene.at(9, 15), random.int(1, 3), 5_400_000)) use(at, random.int(1, 8));
    if (difficulty === 'slow')
      for (const day of scene.workdays(random.int(4, 7), 3)) use(scene.at(9, 16, day), random.int(1, 5));
    return {
      department: asset.owner,
      actor: actor.id,
      why: { zh: '未经授权使用他部门数据', en: "uses another department's data without leave" },
    };
  },
};
