import { HOUR } from '../../calendar.ts';
import type { Plot } from '../scene.ts';

/** A vendor's neglect: interfaces that answer with errors, or ever later. */
export const serviceDegradation: Plot = {
  name: 'service-degradation',
  workdays: true,
  stage(scene, difficulty) {
    const { random } = scene;
    const system = scene.system(({ log }) => log === 'gateway');
    if (system === undefined) return undefined;
    const fail = (from: number, hours: number, errors: number, slower: number): void =>
      scene.affect({ kind: 'failing', system: system.id, from, to: from + hours * HOUR, errors, slower });
    if (difficulty === 'blatant') fail(scene.at(9, 11), random.between(2, 5), random.between(0.25, 0.8), 5);
    if (difficulty === 'careful') fail(scene.at(8.5, 9.5), random.between(5, 8), random.between(0.04, 0.1), 1.5);
    if (difficulty === 'slow') {
      const worse = random.between(0.5, 1);
      scene.workdays(7).forEach((day, n) => fail(scene.at(0, 0.1, day), 23.8, 0.002 * n, 1 + worse * (n + 1)));
    }
    return {
      department: system.department,
      system: system.id,
      why: { zh: '承建商运维的接口越来越差', en: "a vendor's interfaces fail or get slower" },
    };
  },
};
