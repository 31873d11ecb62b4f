import { HOUR } from '../../calendar.ts';
import type { Plot } from '../scene.ts';

/** Lines are taken out of a log, or put in. */
export const logTampering: Plot = {
  name: 'log-tampering',
  workdays: true,
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const streams = [
      { source: 'identity', host: 'idp-01' },
      ...plan.platform.systems
        .filter(({ log }) => log === 'json')
        .map(({ hosts }) => ({ source: 'applications', host: hosts[0] })),
    ];
    const stream = scene.take(
      streams,
      ({ host }) => `log ${host}`,
      () => true,
    );
    if (stream === undefined) return undefined;
    const cut = (from: number, hours: number, most: number): void =>
      scene.affect({ kind: 'cut', ...stream, from, to: from + hours * HOUR, most });
    const forge = (from: number): void => scene.affect({ kind: 'forge', ...stream, from, to: from + 2 * HOUR });
    if (difficulty === 'blatant') cut(scene.at(9, 11), random.between(2, 4), Infinity);
    if (difficulty === 'careful') {
      if (random.chance(0.7)) cut(scene.at(9, 14), 2, random.int(1, 3));
      else forge(scene.at(9, 14));
    }
    if (difficulty === 'slow') for (const day of scene.workdays(random.int(4, 7), 2)) cut(scene.at(9, 14, day), 2, 1);
    return { ...stream, why: { zh: '日志行被删去或插入', en: 'lines were taken out of a log or put in' } };
  },
};
