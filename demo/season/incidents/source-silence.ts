import { HOUR } from '../../calendar.ts';
import type { Plot } from '../scene.ts';

const STEADY = [
  'web-portal',
  'applications',
  'gateway',
  'monitoring',
  'databases',
  'audit',
  'identity',
  'database-files',
];

/** A log stops for as long as somebody needs. */
export const sourceSilence: Plot = {
  name: 'source-silence',
  workdays: true,
  stage(scene, difficulty) {
    const { random } = scene;
    const source = scene.take(
      STEADY,
      (one) => `source ${one}`,
      () => true,
    );
    if (source === undefined) return undefined;
    const silent = (from: number, hours: number): void =>
      scene.affect({ kind: 'mute', source, from, to: from + hours * HOUR, share: 1 });
    if (difficulty === 'blatant') silent(scene.at(9, 12), random.between(2, 5));
    if (difficulty === 'careful') silent(scene.at(9.5, 15.5), random.between(0.4, 0.9));
    if (difficulty === 'slow')
      for (const day of scene.workdays(5)) silent(scene.at(9.5, 15.5, day), random.between(0.2, 0.4));
    return { source, why: { zh: '日志在需要的时候停了', en: 'a log stops for as long as somebody needs' } };
  },
};
