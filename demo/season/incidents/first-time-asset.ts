import { HOUR } from '../../calendar.ts';
import { accessLine } from '../../activity/access.ts';
import type { Plot } from '../scene.ts';

/** Somebody looks into datasets of the own department that are none of the own work. */
export const firstTimeAsset: Plot = {
  name: 'first-time-asset',
  workdays: true,
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const actor = scene.reader();
    if (actor === undefined) return undefined;
    const usual = new Set(actor.habits.map(({ asset }) => asset.id));
    const foreign = plan.platform.assets.filter(
      ({ id, owner, sharing }) =>
        owner === actor.department && sharing !== 'unconditional' && !usual.has(id) && scene.isNew(actor, id),
    );
    const weighty = foreign.filter(({ level }) => level === 'core' || level === 'important');
    const chosen =
      difficulty === 'careful' ? random.sample(weighty, 1) : random.sample(foreign, difficulty === 'blatant' ? 6 : 4);
    if (chosen.length === 0) return undefined;
    const days = difficulty === 'slow' ? scene.workdays(chosen.length, 3) : chosen.map(() => plan.day);
    chosen.forEach((asset, n) => {
      const rows = { blatant: random.int(100, 800), careful: random.int(3, 30), slow: random.int(5, 60) }[difficulty];
      for (const atMs of scene.spread(scene.at(9, 13, days[n]), difficulty === 'careful' ? 1 : 3, 3 * HOUR))
        scene.say(accessLine(plan.platform, { atMs, actor, asset, rows, workOrder: '', incident: '' }));
      scene.seen(actor, asset.id);
    });
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '翻看与本职无关的数据', en: 'looks into datasets that are none of the own work' },
    };
  },
};
