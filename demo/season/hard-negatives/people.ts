import type { DayPlan } from '../../activity/day-plan.ts';
import { momentAt } from '../../activity/rhythm.ts';
import { addDays, HOUR, MINUTE, nextWorkday } from '../../calendar.ts';
import type { Line } from '../../line.ts';
import { Random } from '../../random.ts';
import { accessed, administered, signedIn } from '../acts.ts';
import type { World } from '../world.ts';

/** What people do for good reasons. */

/** A person is in the news, and thirty officers of the health and police departments have to do with it, and say so. */
export function newsEvent({ first, days, seed }: World, plan: DayPlan): Line[] {
  if (![0.25, 0.65].some((part) => plan.day === nextWorkday(addDays(first, Math.floor(days * part))))) return [];
  const random = plan.random('news');
  const subject = new Random(seed, 'news', plan.day).hex(16);
  const involved = plan.platform.officers.filter(
    ({ department, role }) => (department === 'health' || department === 'police') && role.startsWith('clerk'),
  );
  return random.sample(involved, 30).map((actor) =>
    accessed({
      atMs: momentAt(plan, random.between(560, 1030)),
      actor,
      asset: actor.habits[0]!.asset,
      rows: 1,
      dataSubjects: [subject],
      purpose: '突发事件处置',
    }),
  );
}

/** The morning after passwords had to be changed: a section behind one address mistypes, and gets in. */
export function officeNat({ first }: World, plan: DayPlan): Line[] {
  const day = Math.round((plan.from - Date.parse(`${first}T00:00:00+08:00`)) / (24 * HOUR));
  if (!plan.workday || day % 17 !== 3) return [];
  const random = plan.random('nat');
  const department = random.pick(['civil', 'land', 'edu', 'housing']);
  const section = random.sample(
    plan.platform.officers.filter((one) => one.department === department && one.habits.length > 0),
    22,
  );
  const first8 = momentAt(plan, 515);
  return section.flatMap((actor) => {
    const seat = { ...actor, address: actor.address.replace(/\.\d+\.\d+$/, '.0.1') };
    const atMs = first8 + random.int(0, 35) * MINUTE;
    const { system } = actor.habits[0]!.asset;
    const typos = Array.from({ length: random.int(1, 2) }, (_, n) =>
      signedIn(atMs + n * 9_000, seat, system, { outcome: 'failure' }),
    );
    return [...typos, signedIn(atMs + random.int(30, 400) * 1_000, seat, system)];
  });
}

/** An officer flies to the southern office in the morning and signs in there in the afternoon. */
export function businessTrip({ first }: World, plan: DayPlan): Line[] {
  const day = Math.round((plan.from - Date.parse(`${first}T00:00:00+08:00`)) / (24 * HOUR));
  if (!plan.workday || day % 7 !== 2) return [];
  const random = plan.random('trip');
  const actor = random.pick(
    plan.platform.officers.filter(({ habits, shift }) => habits.length > 0 && shift === 'office'),
  );
  const { system } = actor.habits[0]!.asset;
  return [
    signedIn(momentAt(plan, random.between(500, 520)), actor, system),
    signedIn(momentAt(plan, random.between(840, 1000)), { ...actor, address: `10.80.1.${random.int(2, 250)}` }, system),
  ];
}

/** An engineer works from home through the government's VPN, as the contract allows. */
export function vpnDay({ first }: World, plan: DayPlan): Line[] {
  const day = Math.round((plan.from - Date.parse(`${first}T00:00:00+08:00`)) / (24 * HOUR));
  if (!plan.workday || day % 11 !== 5) return [];
  const random = plan.random('vpn');
  const actor = random.pick(plan.platform.staff.filter(({ vendor }) => vendor === 'yunlan').slice(0, 7));
  return [
    signedIn(
      momentAt(plan, 560),
      { ...actor, address: `10.250.${random.int(10, 30)}.${random.int(2, 250)}` },
      'emergency-ops',
    ),
  ];
}

/** A new module goes live: its administrator gives the section its rights, one after the other. */
export function goLive({ first, days }: World, plan: DayPlan): Line[] {
  if (![0.15, 0.55].some((part) => plan.day === nextWorkday(addDays(first, Math.floor(days * part))))) return [];
  const random = plan.random('go live');
  const actor = random.pick(plan.platform.officers.filter(({ role }) => role === 'system-admin'));
  const section = random.sample(
    plan.platform.officers.filter(({ department }) => department === actor.department),
    8,
  );
  const system = plan.platform.systems.find(({ department }) => department === actor.department)!.id;
  return section.map(({ login }, n) =>
    administered({
      atMs: momentAt(plan, 600 + n * 11),
      actor,
      system,
      action: 'grant',
      target: login,
      privilege: '业务受理',
    }),
  );
}

/** During the holidays of the National Day emergency management works on, by roster. */
export function holidayDuty(_world: World, plan: DayPlan): Line[] {
  if (plan.workday || plan.day.slice(5) < '10-01' || plan.day.slice(5) > '10-08') return [];
  const random = plan.random('holiday duty');
  const clerks = plan.platform.officers.filter(
    ({ department, role }) => department === 'emergency' && role.startsWith('clerk'),
  );
  return random.sample(clerks, 6).flatMap((actor) =>
    Array.from({ length: 5 }, () =>
      accessed({
        atMs: momentAt(plan, random.between(490, 1290)),
        actor,
        asset: actor.habits[0]!.asset,
        rows: random.int(2, 15),
      }),
    ),
  );
}
