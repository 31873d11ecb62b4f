import type { Line } from '../line.ts';
import { maintenance } from '../lines/json.ts';
import type { Actor } from '../platform/people.ts';
import { VENDORS } from '../platform/vendors.ts';
import { workOrderOf } from './access.ts';
import type { DayPlan } from './day-plan.ts';
import { hostSession, port } from './hosts.ts';
import { signInLine } from './sign-ins.ts';
import { workingMoment } from './rhythm.ts';

const OFFICE = { from: 540, to: 1020 };
const WORK = ['巡检', '补丁升级', '慢查询优化', '证书更新', '日志清理', '参数调整'];

/** Staff of vendors whose contract runs maintain their systems under a work order: bastion, host, done. */
export function vendorMaintenance(plan: DayPlan): Line[] {
  if (!plan.workday) return [];
  return plan.platform.staff
    .filter((actor) => isAssigned(plan, actor))
    .flatMap((actor) => {
      const random = plan.random('maintenance', actor.login);
      if (!random.chance(0.7)) return [];
      const contract = plan.platform.contracts.find(
        ({ vendor, from, to }) => vendor === actor.vendor && from <= plan.from && to >= plan.to,
      )!;
      const system = plan.platform.system(random.pick(contract.systems));
      const atMs = workingMoment(plan, random, OFFICE);
      const account = { account: actor.login, clientAddress: actor.address };
      const line = maintenance({
        ...account,
        atMs: atMs + 60_000,
        system: system.id,
        workOrder: workOrderOf(plan, actor),
        message: random.pick(WORK),
      });
      const connection = {
        atMs: atMs + 90_000,
        host: system.hosts[0],
        account: actor.login,
        address: actor.address,
        port: port(random),
      };
      return [
        signInLine({ ...account, atMs, system: 'emergency-ops', outcome: 'success' }),
        { atMs: atMs + 60_000, source: 'bastion', transport: 'ingest' as const, line, incident: '' },
        ...hostSession(connection, random),
      ];
    });
}

/** Whether the person is on the roster of a contract in force all through the day. */
export function isAssigned(plan: DayPlan, actor: Actor): boolean {
  return plan.platform.contracts.some((contract) =>
    contract.roster.some((entry) => entry.person === actor.person && entry.from <= plan.from && entry.to >= plan.to),
  );
}

/** Staff of a vendor in one of the states, in the order of its roster. */
export function staffOf(plan: DayPlan, state: (typeof VENDORS)[number]['state']): Actor[] {
  const ids = VENDORS.filter((one) => one.state === state).map((one) => one.id);
  return plan.platform.staff.filter((actor) => ids.includes(actor.vendor));
}
