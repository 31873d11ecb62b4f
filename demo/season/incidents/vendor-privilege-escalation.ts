import { administered } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** The rights of a vendor's accounts grow: its own doing, or a favour that is never taken back. */
export const vendorPrivilegeEscalation: Plot = {
  name: 'vendor-privilege-escalation',
  workdays: true,
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const actor = scene.engineer();
    if (actor === undefined) return undefined;
    const system = random.pick(plan.platform.systems.filter(({ vendor }) => vendor === actor.vendor));
    const colleague = random.pick(
      plan.platform.staff.filter((one) => one.vendor === actor.vendor && one !== actor),
    ).login;
    const admin = random.pick(
      plan.platform.officers.filter((one) => one.role === 'system-admin' && one.department === system.department),
    );
    const give = (atMs: number, by: typeof actor, target: string, privilege: string): void =>
      scene.say(administered({ atMs, actor: by, system: system.id, action: 'grant', target, privilege }));
    if (difficulty === 'blatant')
      give(scene.at(9, 23), actor, actor.login, random.pick(['dba', 'superuser', '系统管理员']));
    if (difficulty === 'careful') give(scene.at(9, 17), actor, colleague, '报表查看');
    if (difficulty === 'slow') {
      // Under the order of the day, by the department's administrator; nobody takes it back.
      give(scene.at(10, 16), admin, actor.login, 'dba');
      return {
        department: system.department,
        actor: '',
        system: system.id,
        to: plan.to + 86_400_000,
        why: {
          zh: '工单内授予的管理权限一直未收回',
          en: 'a right that was given for a work order is never taken back',
        },
      };
    }
    return {
      department: system.department,
      actor: actor.id,
      why: { zh: '承建商给自己人加权限', en: 'a vendor gives its own people rights' },
    };
  },
};
