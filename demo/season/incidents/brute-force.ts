import { HOUR, MINUTE } from '../../calendar.ts';
import { attemptLine, systemWith, type Door } from '../../incidents/attempts.ts';
import type { Plot } from '../scene.ts';

/** One account's password is guessed from one address: so many guesses as the list has, in the time that the guesser has. */
export const bruteForce: Plot = {
  name: 'brute-force',
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const victim = scene.officer();
    if (victim === undefined) return undefined;
    const door = random.pick<Door>(['ssh', 'portal', 'database']);
    const system = systemWith(plan, random, door);
    const address = `198.18.${random.int(0, 255)}.${random.int(2, 250)}`;
    const guess = (atMs: number): void =>
      scene.say(attemptLine(random, door, system, { atMs, account: victim.login, address, outcome: 'failure' }));
    if (difficulty === 'blatant')
      scene.spread(scene.at(0, 22), random.int(150, 400), random.int(6, 25) * MINUTE).forEach(guess);
    if (difficulty === 'careful')
      scene.spread(scene.at(8, 18), random.int(60, 140), random.between(0.8, 2.5) * HOUR).forEach(guess);
    if (difficulty === 'slow')
      for (const day of scene.workdays(random.int(5, 8)))
        scene.spread(scene.at(18, 19, day), random.int(15, 40), random.between(2, 4) * HOUR).forEach(guess);
    return {
      department: victim.department,
      actor: victim.id,
      why: { zh: '对一个账号猜测口令', en: 'guesses the password of an account' },
    };
  },
};
