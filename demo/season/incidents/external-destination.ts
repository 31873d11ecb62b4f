import { accessed } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** Data leaves the government's networks: by mail, to a host outside, or down to a machine outside. */
export const externalDestination: Plot = {
  name: 'external-destination',
  workdays: true,
  stage(scene, difficulty) {
    const { random } = scene;
    const actor = scene.reader((_, { sharing }) => sharing !== 'unconditional');
    if (actor === undefined) return undefined;
    const { asset } = actor.habits[0]!;
    const home = { ...actor, address: `198.51.100.${random.int(2, 250)}` };
    const send = (atMs: number, rows: number): void => {
      const way = random.int(0, 2);
      if (way === 0)
        scene.say(
          accessed({ atMs, actor, asset, rows, action: 'export', recipient: `${actor.login}@mail.example.com` }),
        );
      if (way === 1)
        scene.say(
          accessed({ atMs, actor, asset, rows, action: 'share', recipient: `203.0.113.${random.int(2, 250)}` }),
        );
      if (way === 2) scene.say(accessed({ atMs, actor: home, asset, rows, action: 'download' }));
    };
    if (difficulty === 'blatant') send(scene.at(9, 20), random.int(5_000, 60_000));
    if (difficulty === 'careful')
      for (const at of scene.spread(scene.at(9, 13), random.int(2, 4), 14_400_000)) send(at, random.int(20, 150));
    if (difficulty === 'slow')
      for (const day of scene.workdays(random.int(5, 8), 3)) send(scene.at(9, 16, day), random.int(3, 30));
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '把数据传到政务网络之外', en: "sends data outside the government's networks" },
    };
  },
};
