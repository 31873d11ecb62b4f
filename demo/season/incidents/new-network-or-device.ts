import { signedIn } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** An engineer of a vendor, or an administrator, comes from where nobody has agreed to. */
export const newNetworkOrDevice: Plot = {
  name: 'new-network-or-device',
  workdays: true,
  stage(scene, difficulty) {
    const { random } = scene;
    const actor = random.chance(0.7) ? scene.engineer() : scene.officer(({ privileged }) => privileged);
    if (actor === undefined) return undefined;
    const address =
      difficulty === 'blatant'
        ? `203.0.113.${random.int(2, 250)}`
        : `100.${random.int(64, 127)}.${random.int(0, 255)}.${random.int(2, 250)}`;
    const days = difficulty === 'slow' ? scene.workdays(random.int(3, 5), 4) : [scene.plan.day];
    for (const day of days)
      scene.say(
        signedIn(
          difficulty === 'blatant' ? scene.at(0, 6, day) : scene.at(9, 16, day),
          { ...actor, address },
          'emergency-ops',
        ),
      );
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '从未经同意的网络登录', en: 'signs in from a network that nobody has agreed to' },
    };
  },
};
