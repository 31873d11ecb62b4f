import { accessed, signedIn } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** Somebody uses an account that its owner has not used for a long time. */
export const dormantAccount: Plot = {
  name: 'dormant-account',
  workdays: true,
  stage(scene, difficulty) {
    const { random, world } = scene;
    const account = scene.take(
      world.platform.officers,
      ({ login }) => `person ${login}`,
      (one) => world.leaves.get(one.login)?.kind === 'forgotten' && one.habits.length > 0 && scene.isNew(one, 'awake'),
    );
    if (account === undefined) return undefined;
    scene.seen(account, 'awake');
    const asset = account.habits[0]!.asset;
    const from = difficulty === 'blatant' ? { ...account, address: `192.0.2.${random.int(2, 250)}` } : account;
    const days = difficulty === 'slow' ? scene.workdays(random.int(3, 5), 4) : [scene.plan.day];
    for (const day of days) {
      const atMs = difficulty === 'blatant' ? scene.at(1, 5, day) : scene.at(9, 17, day);
      scene.say(signedIn(atMs, from, asset.system));
      if (difficulty === 'blatant' || (difficulty === 'slow' && day !== days[0]))
        scene.say(
          accessed({
            atMs: atMs + 90_000,
            actor: from,
            asset,
            rows: random.int(1, difficulty === 'blatant' ? 900 : 6),
          }),
        );
    }
    return {
      department: account.department,
      actor: account.id,
      why: { zh: '久未使用的账号被启用', en: 'an account that nobody used for long acts again' },
    };
  },
};
