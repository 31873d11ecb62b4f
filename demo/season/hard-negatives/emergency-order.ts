import { isAssigned } from '../../activity/maintenance.ts';
import { DayPlan } from '../../activity/day-plan.ts';
import { addDays, startOfDay, HOUR } from '../../calendar.ts';
import type { Line } from '../../line.ts';
import type { RegistryInput } from '../../../src/registry/schema.ts';
import type { Actor } from '../../platform/people.ts';
import { Random } from '../../random.ts';
import { accessed, maintained, onHost } from '../acts.ts';
import type { World } from '../world.ts';

interface EmergencyOrder {
  day: string;
  engineer: Actor;
  system: string;
  entry: NonNullable<RegistryInput['work-orders']>[number];
}

const EVERY_DAYS = 9;

/** A system fails in the evening and is repaired at night, under an order that was entered at once. */
export function emergencyOrders({ platform, seed, first, days }: World): EmergencyOrder[] {
  const random = new Random(seed, 'emergency orders');
  return Array.from({ length: Math.floor(days / EVERY_DAYS) }, (_, n) => {
    const day = addDays(first, n * EVERY_DAYS + random.int(0, 4));
    const plan = new DayPlan(platform, day);
    const engineer = random.pick(platform.staff.filter((one) => isAssigned(plan, one)));
    const contract = platform.contracts.find(
      ({ vendor, from, to }) => vendor === engineer.vendor && from <= startOfDay(day) && to > startOfDay(day),
    )!;
    const system = random.pick(contract.systems);
    const assets = platform.assets.filter((one) => one.system === system).map(({ id }) => id);
    const entry = {
      id: `WO-${day.replaceAll('-', '')}-emergency`,
      contract: contract.id,
      persons: [engineer.person],
      systems: [system],
      assets,
      from: `${day}T00:30`,
      to: `${day}T06:00`,
      ownerConsent: true,
      purpose: '故障抢修',
    };
    return { day, engineer, system, entry };
  });
}

/** The repair, with the data that has to be put right. */
export function emergencyOrderLines(world: World, plan: DayPlan): Line[] {
  return emergencyOrders(world)
    .filter(({ day }) => day === plan.day)
    .flatMap(({ engineer, system, entry }) => {
      const random = plan.random('emergency');
      const at = plan.from + 1.2 * HOUR;
      const asset = random.pick(plan.platform.assets.filter((one) => one.system === system));
      return [
        maintained(at, engineer, system, '故障抢修', entry.id),
        ...onHost(
          at + 300_000,
          engineer,
          plan.platform.system(system).hosts[0],
          ['/usr/bin/systemctl restart app'],
          random,
        ),
        accessed({ atMs: at + HOUR, actor: engineer, asset, rows: 12, workOrder: entry.id }),
        accessed({
          atMs: at + 1.5 * HOUR,
          actor: engineer,
          asset,
          rows: Math.ceil(asset.rows * 0.02),
          action: 'update',
          workOrder: entry.id,
        }),
      ];
    });
}
