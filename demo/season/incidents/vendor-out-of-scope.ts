import { signedIn, onHost } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** An engineer looks around in a system that another vendor runs. */
export const vendorOutOfScope: Plot = {
  name: 'vendor-out-of-scope',
  workdays: true,
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const actor = scene.engineer();
    if (actor === undefined) return undefined;
    const system = random.pick(
      plan.platform.systems.filter(({ vendor, plane }) => vendor !== actor.vendor && plane === 'business'),
    );
    if (difficulty === 'blatant')
      scene.say(
        onHost(
          scene.at(9, 23),
          actor,
          system.hosts[1],
          ['/usr/bin/pg_dumpall -f /tmp/all.sql', '/usr/bin/find / -name *.key'],
          random,
        ),
      );
    if (difficulty === 'careful') scene.say(signedIn(scene.at(9, 17), actor, system.id));
    if (difficulty === 'slow')
      for (const day of scene.workdays(random.int(3, 5), 4))
        scene.say(signedIn(scene.at(9, 17, day), actor, system.id));
    return {
      department: system.department,
      actor: actor.id,
      why: { zh: '进入他人承建的系统', en: "enters a system that is another vendor's" },
    };
  },
};
