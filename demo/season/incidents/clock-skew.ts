import { HOUR } from '../../calendar.ts';
import { WEB_HOSTS } from '../life/streams.ts';
import type { Plot } from '../scene.ts';

/** A host's clock is set wrong, or runs away from the others. */
export const clockSkew: Plot = {
  name: 'clock-skew',
  workdays: true,
  stage(scene, difficulty) {
    const { random } = scene;
    const web = scene.take(
      WEB_HOSTS,
      ({ host }) => `host ${host}`,
      () => true,
    );
    if (web === undefined) return undefined;
    const sign = random.pick([1, -1]);
    const wrong = (from: number, hours: number, aheadMs: number): void =>
      scene.affect({ kind: 'clock', host: web.host, from, to: from + hours * HOUR, aheadMs: sign * aheadMs });
    if (difficulty === 'blatant') wrong(scene.at(9, 12), random.between(2, 4), random.between(1, 12) * HOUR);
    if (difficulty === 'careful') wrong(scene.at(9, 13), random.between(2, 4), random.int(90, 240) * 1_000);
    if (difficulty === 'slow') {
      const perDay = random.int(12, 30) * 1_000;
      scene.workdays(8).forEach((day, n) => wrong(scene.at(8.5, 8.6, day), 9, (n + 1) * perDay));
    }
    return {
      host: web.host,
      source: web.source,
      why: { zh: '主机时钟被改或走偏', en: "a host's clock was set wrong or drifts away" },
    };
  },
};
