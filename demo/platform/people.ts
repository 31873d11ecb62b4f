import { addDays, startOfDay } from '../calendar.ts';
import { Random } from '../random.ts';
import type { AssetOf, SystemOf } from './catalogue.ts';
import { DEPARTMENTS } from './departments.ts';
import { Names } from './names.ts';

/** An account that acts, with what it usually does. */
export interface Actor {
  /** Registry account id. */
  id: string;
  login: string;
  person: string;
  personName: string;
  department: string;
  vendor: string;
  role: string;
  privileged: boolean;
  openedAt: number;
  /** Where it works from. */
  address: string;
  habits: readonly Habit[];
  shift: Shift;
}

/** office: the department's hours; night: fixed nights of the week (the 110 centre); batch: a program at its time. */
export type Shift = 'office' | 'night' | 'batch';

/** How an actor uses an asset on a day on which it does. */
export interface Habit {
  asset: AssetOf;
  /** Share of its days on which it is used at all. */
  share: number;
  /** Mean accesses on such a day, at least one. */
  perDay: number;
  /** Rows of one access: log-normal. */
  medianRows: number;
  sigma: number;
  /** Fixed minute of the day, for programs; -1 spreads over the working hours. */
  minute: number;
}

const PER_DEPARTMENT = 50;

/** 600 officers: in each department a head, two administrators, a DBA, six analysts, and 40 clerks in four sections. */
export function officers(seed: number, day: string, assets: readonly AssetOf[]): Actor[] {
  const names = new Names(new Random(seed, 'officers'));
  return DEPARTMENTS.flatMap((department, d) => {
    const own = assets.filter((asset) => asset.owner === department.id);
    const shared = assets.filter((asset) => asset.owner !== department.id && asset.sharing === 'unconditional');
    return Array.from({ length: PER_DEPARTMENT }, (_, n) => {
      const random = new Random(seed, 'officer', department.id, n);
      const { zh, login } = names.next();
      const role = roleOf(n, department.id);
      return {
        id: `acc-${login}`,
        login,
        person: `p-${login}`,
        personName: zh,
        department: department.id,
        vendor: '',
        role,
        privileged: role === 'system-admin' || role === 'dba',
        openedAt: startOfDay(addDays(day, isNewcomer(d, n) ? -5 : -random.int(200, 2500))),
        address: `10.${20 + d}.${1 + Math.floor(n / 25)}.${10 + (n % 25) * 8}`,
        habits: role === 'system-admin' ? [] : officerHabits(random, seed, role, n, own, shared),
        shift: role === 'dispatcher' ? ('night' as const) : ('office' as const),
      };
    });
  });
}

function roleOf(n: number, department: string): string {
  if (n === 0) return 'head';
  if (n <= 2) return 'system-admin';
  if (n === 3) return 'dba';
  if (n <= 9) return 'analyst';
  if (department === 'police' && n >= 44) return 'dispatcher';
  return `clerk-${'abcd'[n % 4]!}`;
}

/** Two departments have a new colleague, still in the first two weeks. */
function isNewcomer(d: number, n: number): boolean {
  return (d === 2 || d === 7) && n === 49;
}

function officerHabits(
  random: Random,
  seed: number,
  role: string,
  n: number,
  own: readonly AssetOf[],
  shared: readonly AssetOf[],
): Habit[] {
  const assets = usualAssets(role, n, own);
  const neighbour = role === 'analyst' ? [new Random(seed, own[0]!.owner, 'neighbour').pick(shared)] : [];
  const person = random.logNormal(1, 0.25);
  return [...assets, ...neighbour].map((asset, rank) => {
    const custom = new Random(seed, role, asset.id);
    const analyst = role === 'analyst' || role === 'dba';
    return {
      asset,
      share: rank === 0 ? 0.97 : custom.between(0.75, 0.95),
      perDay: rank === 0 ? custom.between(3, 5) : custom.between(1.8, 3),
      medianRows: Math.max(1, custom.logNormal(analyst ? 90 : 12, 0.5) * person),
      sigma: 0.5,
      minute: -1,
    };
  });
}

/** The dispatcher's calls; a head's statistics; a section's datasets, the same for all its members. */
function usualAssets(role: string, n: number, own: readonly AssetOf[]): AssetOf[] {
  const pick = (...indexes: number[]): AssetOf[] => indexes.map((i) => own[i]!);
  if (role === 'dispatcher') return pick(1, 8);
  if (role === 'head') return pick(8, 4);
  if (role === 'dba') return pick(0, 1, 4);
  if (role === 'analyst') return pick(1, 2, 8);
  return [pick(0, 4, 6), pick(1, 5, 7), pick(2, 6, 9), pick(4, 7, 9)][n % 4]!;
}

/** 40 programs, one for each system: nightly batch and backup, and the office hours' synchronizations. */
export function services(seed: number, day: string, systems: readonly SystemOf[], assets: readonly AssetOf[]): Actor[] {
  return systems.map((system, i) => {
    const random = new Random(seed, 'service', system.id);
    const login = `svc_${system.id.replace('-', '_')}`;
    const own = assets.filter((asset) => asset.system === system.id);
    const minute = 30 + ((i * 7) % 270);
    return {
      id: `acc-${login}`,
      login,
      person: '',
      personName: '',
      department: system.department,
      vendor: '',
      role: 'service',
      privileged: false,
      openedAt: startOfDay(addDays(day, -900)),
      address: `10.10.${i}.20`,
      habits: own.flatMap((asset) => batchHabits(random, asset, minute)),
      shift: 'batch' as const,
    };
  });
}

function batchHabits(random: Random, asset: AssetOf, minute: number): Habit[] {
  const medianRows = Math.min(4_000, Math.max(200, asset.rows * 0.02));
  return [{ asset, share: 1, perDay: 2, medianRows, sigma: 0.08, minute: awayFromTheHour(minute + random.int(0, 20)) }];
}

/** Programs start well inside an hour, so that a second's delay does not put them into another one. */
function awayFromTheHour(minute: number): number {
  return minute - (minute % 60) + Math.min(50, Math.max(6, minute % 60));
}
