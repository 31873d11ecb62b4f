import { addDays } from '../calendar.ts';
import type { AssetOf } from '../platform/catalogue.ts';
import { DEPARTMENTS } from '../platform/departments.ts';
import type { Actor } from '../platform/people.ts';
import { Random } from '../random.ts';

/** What records of the datasets are made of, as logs name them. */
export const FIELDS = [
  'id',
  'name',
  'id_card',
  'phone',
  'address',
  'status',
  'amount',
  'bank_account',
  'updated_at',
] as const;

const PURPOSES = [
  '低保资格核验',
  '入学资格审核',
  '企业信用核查',
  '不动产登记受理',
  '社保待遇复核',
  '医保结算核对',
  '人才引进审核',
  '应急救助比对',
];

/** An authorization with those who use it. */
export interface GrantOf {
  id: string;
  asset: AssetOf;
  recipient: string;
  fields: readonly string[];
  purpose: string;
  rowsPerDay: number;
  /** Days, both included; '' without end. */
  from: string;
  to: string;
  /** Ended on that day at noon by the owner; '' when not. */
  revoked: string;
  users: readonly Actor[];
  /** Rows of one use. */
  usualRows: number;
}

const PER_DEPARTMENT = 4;
const ENDING_PER_DEPARTMENT = 4;
const USERS = 3;

/**
 * Each department uses datasets of others under grants: some run on, some end in the season or have ended before it. Each
 * dataset that is shared under conditions has at least one grant on record.
 */
export function grantsOf(
  seed: number,
  first: string,
  days: number,
  assets: readonly AssetOf[],
  officers: readonly Actor[],
): GrantOf[] {
  const random = new Random(seed, 'grants');
  const shared = assets.filter(({ sharing }) => sharing === 'conditional');
  const grants: GrantOf[] = [];
  const add = (asset: AssetOf, recipient: string, to: string, revoked: string, withUsers: boolean): void => {
    const clerks = officers.filter(
      ({ department, role }) => department === recipient && (role.startsWith('clerk') || role === 'analyst'),
    );
    const usualRows = random.int(4, 40);
    grants.push({
      id: `SQ-2026-${String(grants.length + 1).padStart(3, '0')}`,
      asset,
      recipient,
      fields: ['id', 'name', ...random.sample(FIELDS.slice(2), 3)],
      purpose: random.pick(PURPOSES),
      rowsPerDay: random.pick([10, 20, 40]) * usualRows * USERS,
      from: addDays(first, -random.int(200, 500)),
      to,
      revoked,
      users: withUsers ? random.sample(clerks, USERS) : [],
      usualRows,
    });
  };
  for (const { id } of DEPARTMENTS) {
    const foreign = random.sample(
      shared.filter(({ owner }) => owner !== id),
      PER_DEPARTMENT + ENDING_PER_DEPARTMENT,
    );
    foreign.forEach((asset, n) => {
      if (n < PER_DEPARTMENT)
        return add(asset, id, n === 0 ? '' : addDays(first, days + random.int(20, 300)), '', true);
      const ends =
        n % 3 === 0 ? addDays(first, -random.int(60, 150)) : addDays(first, random.int(-10, Math.floor(days * 0.7)));
      return n % 2 === 0 ? add(asset, id, ends, '', true) : add(asset, id, '', ends, true);
    });
  }
  const granted = new Set(grants.map(({ asset }) => asset.id));
  for (const asset of shared)
    if (!granted.has(asset.id))
      add(asset, random.pick(DEPARTMENTS.filter(({ id }) => id !== asset.owner)).id, '', '', false);
  return grants;
}

/** Whether the grant is in force all day. */
export function holdsOn({ from, to, revoked }: GrantOf, day: string): boolean {
  return day >= from && (to === '' || day <= to) && (revoked === '' || day < revoked);
}
