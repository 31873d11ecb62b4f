import { addDays, dayOf, startOfDay } from '../calendar.ts';
import type { Actor } from '../platform/people.ts';
import { Random } from '../random.ts';

/** Somebody whose account is there and who is not, for a while. */
export interface Leave {
  login: string;
  /** First day away, and the first day on which the account acts again; '' when nobody knows yet. */
  from: string;
  to: string;
  /** A colleague who comes back, or an account that somebody else will find. */
  kind: 'leave' | 'forgotten';
}

/** Somebody who works in another department from a day on. */
export interface Move {
  before: Actor;
  after: Actor;
  day: string;
}

const LEAVES = 10;
const FORGOTTEN = 60;
const MOVES = 4;
const JOINERS = 10;

/** Who is away when: long leaves with a return, and accounts that nobody has used since. */
export function leavesOf(seed: number, first: string, officers: readonly Actor[]): Leave[] {
  const random = new Random(seed, 'leaves');
  const clerks = officers.filter(({ role }) => role.startsWith('clerk') || role === 'analyst');
  return random.sample(clerks, LEAVES + FORGOTTEN).map(({ login }, n) => {
    if (n >= LEAVES) return { login, from: addDays(first, -random.int(300, 700)), to: '', kind: 'forgotten' };
    const from = addDays(first, random.int(-20, 30));
    return { login, from, to: addDays(from, random.int(14, 45)), kind: 'leave' };
  });
}

/** Officers who change department in the middle of the season, with the work of a colleague there. */
export function movesOf(
  seed: number,
  first: string,
  days: number,
  officers: readonly Actor[],
  away: ReadonlySet<string>,
): Move[] {
  const random = new Random(seed, 'moves');
  const clerks = officers.filter(({ login, role }) => role.startsWith('clerk') && !away.has(login));
  return random.sample(clerks, MOVES).map((before, n) => {
    const colleague = random.pick(
      clerks.filter((one) => one.role === before.role && one.department !== before.department),
    );
    const day = addDays(first, Math.floor(((n + 0.5) * days) / MOVES));
    const { department, habits, shift } = colleague;
    return {
      before,
      day,
      after: { ...before, department, habits, shift, address: `${colleague.address.replace(/\.\d+$/, '')}.${240 + n}` },
    };
  });
}

/** Some of the officers join in the course of the season: their accounts are opened then. */
export function withJoiners(seed: number, first: string, days: number, officers: readonly Actor[]): Actor[] {
  const random = new Random(seed, 'joiners');
  const joiners = new Map(
    random
      .sample(
        officers.filter(({ role }) => role.startsWith('clerk')),
        JOINERS,
      )
      .map(({ login }, n) => [login, startOfDay(addDays(first, Math.floor((n * days) / JOINERS)))]),
  );
  return officers.map((actor) => ({ ...actor, openedAt: joiners.get(actor.login) ?? actor.openedAt }));
}

/** The officers who work on a day, where they work then. */
export function presentOn(
  day: string,
  officers: readonly Actor[],
  leaves: ReadonlyMap<string, Leave>,
  moves: ReadonlyMap<string, Move>,
): Actor[] {
  return officers.flatMap((actor) => {
    const leave = leaves.get(actor.login);
    if (leave !== undefined && day >= leave.from && (leave.to === '' || day < leave.to)) return [];
    if (dayOf(actor.openedAt) > day) return [];
    const move = moves.get(actor.login);
    return [move !== undefined && day >= move.day ? move.after : actor];
  });
}
