import { HOUR } from '../../calendar.ts';
import { accessed } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** An engineer reads what the system is for, rather than what keeps it running. */
export const vendorReadsBusinessData: Plot = {
  name: 'vendor-reads-business-data',
  workdays: true,
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const actor = scene.engineer();
    if (actor === undefined) return undefined;
    const own = new Set(
      plan.platform.systems
        .filter(({ vendor, plane }) => vendor === actor.vendor && plane === 'business')
        .map(({ id }) => id),
    );
    const ordered = new Set(actor.habits.map(({ asset }) => asset.id));
    const asset = random.pick(plan.platform.assets.filter(({ id, system }) => own.has(system) && !ordered.has(id)));
    const days = difficulty === 'slow' ? scene.workdays(random.int(5, 8), 2) : [plan.day];
    for (const day of days) {
      const rows = { blatant: random.int(300, 5_000), careful: random.int(5, 40), slow: random.int(2, 15) }[difficulty];
      const workOrder = `WO-${day.replaceAll('-', '')}-${actor.login}`;
      for (const atMs of scene.spread(scene.at(9, 14, day), difficulty === 'blatant' ? 4 : 2, 2 * HOUR))
        scene.say(accessed({ atMs, actor, asset, rows, ...(difficulty === 'blatant' ? {} : { workOrder }) }));
    }
    return {
      department: asset.owner,
      actor: actor.id,
      why: { zh: '运维人员读取工单之外的业务数据', en: 'reads business data that no work order names' },
    };
  },
};
