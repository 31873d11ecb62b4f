import { maintained, onHost } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** An engineer works on the own systems when nobody has ordered it. */
export const vendorOutsideWindow: Plot = {
  name: 'vendor-outside-window',
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const actor = scene.engineer();
    if (actor === undefined) return undefined;
    const system = random.pick(plan.platform.systems.filter(({ vendor }) => vendor === actor.vendor));
    if (difficulty === 'blatant') {
      scene.say(
        onHost(
          scene.at(1, 4),
          actor,
          system.hosts[1],
          ['/usr/bin/systemctl restart postgresql', '/usr/bin/vi /etc/postgresql/pg_hba.conf'],
          random,
        ),
      );
      scene.say(maintained(scene.at(4, 5), actor, system.id, '参数调整'));
    }
    if (difficulty === 'careful') scene.say(maintained(scene.at(19, 22), actor, system.id, '参数调整'));
    if (difficulty === 'slow')
      for (const day of scene.workdays(random.int(3, 5), 4))
        scene.say(maintained(scene.at(18.8, 21, day), actor, system.id, '日志清理'));
    return {
      department: system.department,
      actor: actor.id,
      why: { zh: '工单时段之外私自运维', en: 'works on systems when nobody has ordered it' },
    };
  },
};
