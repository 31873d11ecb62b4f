import { isAssigned } from '../../activity/maintenance.ts';
import { accessed, onHost, signedIn } from '../acts.ts';
import type { Plot } from '../scene.ts';

/** Somebody of a vendor comes back after the contract, or the own assignment, is over. */
export const vendorAfterContract: Plot = {
  name: 'vendor-after-contract',
  stage(scene, difficulty) {
    const { random, plan, world } = scene;
    const actor = scene.take(
      plan.platform.staff,
      ({ login }) => `person ${login}`,
      (one) => !isAssigned(plan, one),
    );
    if (actor === undefined) return undefined;
    const contract = world.platform.contracts.findLast(({ vendor }) => vendor === actor.vendor)!;
    const system = plan.platform.system(random.pick(contract.systems));
    const asset = plan.platform.assets.find((one) => one.system === system.id)!;
    if (difficulty === 'blatant') {
      const atMs = scene.at(0, 23);
      scene.say(
        signedIn(atMs, actor, system.id),
        accessed({ atMs: atMs + 60_000, actor, asset, rows: random.int(200, 5_000) }),
      );
    }
    if (difficulty === 'careful') scene.say(onHost(scene.at(9, 17), actor, system.hosts[0], [], random));
    if (difficulty === 'slow')
      for (const day of scene.workdays(random.int(3, 6), 4))
        scene.say(signedIn(scene.at(9, 17, day), actor, system.id));
    return {
      department: system.department,
      actor: actor.id,
      why: { zh: '合同或派驻结束后仍回来操作', en: 'comes back after the contract or assignment is over' },
    };
  },
};
