import { HOUR, MINUTE } from '../../calendar.ts';
import { attemptLine, systemWith, type Door } from '../../incidents/attempts.ts';
import type { Plot } from '../scene.ts';

/** One password is tried on as many accounts as the address book has, in the time that there is. */
export const passwordSpray: Plot = {
  name: 'password-spray',
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const door = random.pick<Door>(['ssh', 'portal', 'database']);
    const system = systemWith(plan, random, door);
    const network = `198.18.${random.int(0, 255)}`;
    const addresses = random.pick([1, 1, 6]);
    const accounts = { blatant: random.int(60, 150), careful: random.int(30, 60), slow: random.int(60, 120) }[
      difficulty
    ];
    const victims = random.sample(plan.platform.officers, accounts).map(({ login }) => login);
    const moments = {
      blatant: () => scene.spread(scene.at(0, 22), accounts, random.int(8, 25) * MINUTE),
      careful: () => scene.spread(scene.at(8, 18), accounts, random.between(0.7, 1.5) * HOUR),
      slow: () =>
        scene.workdays(6).flatMap((day) => scene.spread(scene.at(9, 10, day), Math.ceil(accounts / 6), 7 * HOUR)),
    }[difficulty]();
    victims.forEach((account, n) => {
      const address = `${network}.${10 + (n % addresses)}`;
      scene.say(attemptLine(random, door, system, { atMs: moments[n]!, account, address, outcome: 'failure' }));
    });
    return { why: { zh: '同一口令逐个账号尝试', en: 'tries one password on many accounts' } };
  },
};
