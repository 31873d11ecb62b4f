import type { Line } from '../line.ts';
import { administration, signIn, type SignIn } from '../lines/json.ts';
import type { Actor } from '../platform/people.ts';
import type { DayPlan } from './day-plan.ts';
import { momentAt, workingMoment } from './rhythm.ts';
import { workingHoursOf } from './access.ts';

const MISTYPES = 0.05;

/** Officers sign in when they arrive and now and then later; some mistype once or twice. */
export function signIns(plan: DayPlan): Line[] {
  if (!plan.workday) return [];
  return plan.platform.officers.flatMap((actor) => {
    const random = plan.random('sign-in', actor.login);
    const { from } = workingHoursOf(actor);
    const arrival = momentAt(plan, from - 12 + Math.abs(random.normal()) * 14);
    const later = Array.from({ length: random.poisson(0.9) }, () => workingMoment(plan, random, workingHoursOf(actor)));
    return [arrival, ...later].flatMap((atMs) => {
      const mistyped = random.chance(MISTYPES) ? random.int(1, 3) : 0;
      const failures = Array.from({ length: mistyped }, (_, n) =>
        attempt(plan, actor, atMs - (mistyped - n) * random.int(4_000, 15_000), 'failure'),
      );
      return [...failures, attempt(plan, actor, atMs, 'success')];
    });
  });
}

function attempt(plan: DayPlan, actor: Actor, atMs: number, outcome: SignIn['outcome']): Line {
  const system = systemOf(plan, actor);
  return signInLine({ atMs, account: actor.login, clientAddress: actor.address, system, outcome });
}

function systemOf(plan: DayPlan, actor: Actor): string {
  return actor.habits[0]?.asset.system ?? plan.platform.systems.find((one) => one.department === actor.department)!.id;
}

/** A sign-in as the identity provider logs it. */
export function signInLine(of: SignIn, incident = ''): Line {
  return { atMs: of.atMs, source: 'identity', transport: 'ingest', line: signIn(of), incident };
}

/** Administrators create accounts and give rights, a few a day. */
export function administrationOfTheDay(plan: DayPlan): Line[] {
  if (!plan.workday) return [];
  const random = plan.random('administration');
  const administrators = plan.platform.officers.filter((actor) => actor.role === 'system-admin');
  return Array.from({ length: random.int(25, 45) }, () => {
    const actor = random.pick(administrators);
    const atMs = workingMoment(plan, random, workingHoursOf(actor));
    const line = administration({
      atMs,
      account: actor.login,
      clientAddress: actor.address,
      system: systemOf(plan, actor),
      action: random.pick(['grant', 'revoke', 'account-create', 'account-change', 'configure'] as const),
      target: random.pick(plan.platform.officers).login,
    });
    return { atMs, source: 'identity', transport: 'ingest' as const, line, incident: '' };
  });
}
