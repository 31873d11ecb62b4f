import { HOUR, MINUTE } from '../../calendar.ts';
import type { Plot } from '../scene.ts';

const BUSY = ['web-portal', 'applications', 'gateway', 'monitoring', 'databases'];

/** A forwarder holds lines back, or loses a part of them. */
export const sourceLag: Plot = {
  name: 'source-lag',
  workdays: true,
  stage(scene, difficulty) {
    const { random } = scene;
    const source = scene.take(
      BUSY,
      (one) => `source ${one}`,
      () => true,
    );
    if (source === undefined) return undefined;
    const late = (from: number, hours: number, share: number, ms: number): void =>
      scene.affect({ kind: 'delay', source, from, to: from + hours * HOUR, share, ms });
    const lost = (from: number, hours: number, share: number): void =>
      scene.affect({ kind: 'mute', source, from, to: from + hours * HOUR, share });
    const isLost = random.chance(0.5);
    if (difficulty === 'blatant') {
      if (isLost) lost(scene.at(9, 12), 3, 0.95);
      else late(scene.at(9, 12), 3, 1, random.int(30, 120) * MINUTE);
    }
    if (difficulty === 'careful') {
      if (isLost) lost(scene.at(9, 11), random.between(2, 4), random.between(0.55, 0.75));
      else late(scene.at(9, 14), 2, random.between(0.15, 0.5), random.int(13, 40) * MINUTE);
    }
    if (difficulty === 'slow')
      for (const day of scene.workdays(4)) {
        if (isLost) lost(scene.at(8, 8.5, day), 9, random.between(0.3, 0.5));
        else late(scene.at(8, 8.5, day), 9, random.between(0.04, 0.15), random.int(12, 40) * MINUTE);
      }
    return { source, why: { zh: '日志被延迟或丢失一部分', en: 'a part of a log comes late, or never' } };
  },
};
