import { accessLine } from '../../activity/access.ts';
import { DUTY_DEPARTMENT } from '../../registry.ts';
import type { Plot } from '../scene.ts';

/** Somebody uses weighty data when nobody is there to see it. */
export const offHoursAccess: Plot = {
  name: 'off-hours-access',
  stage(scene, difficulty) {
    const { random, plan } = scene;
    // Where the roster has everybody on duty nobody is out of hours.
    const onDuty = plan.workday ? '' : DUTY_DEPARTMENT;
    const actor = scene.reader(
      ({ department }, { level }) => department !== onDuty && (level === 'core' || level === 'important'),
    );
    if (actor === undefined) return undefined;
    const { asset } = actor.habits[0]!;
    const use = (atMs: number, rows: number): void =>
      scene.say(accessLine(plan.platform, { atMs, actor, asset, rows, workOrder: '', incident: '' }));
    if (difficulty === 'blatant')
      for (const at of scene.spread(scene.at(1, 4), 8, 3_600_000)) use(at, random.int(20, 200));
    if (difficulty === 'careful')
      for (const at of scene.spread(scene.at(19.5, 21.5), random.int(1, 3), 3_600_000)) use(at, random.int(1, 12));
    if (difficulty === 'slow')
      for (const day of scene.workdays(random.int(4, 7), 3)) use(scene.at(18.5, 21.5, day), random.int(1, 6));
    return {
      department: actor.department,
      actor: actor.id,
      why: { zh: '无人在场时使用重要数据', en: 'uses weighty data when nobody is there' },
    };
  },
};
