import type { Bilingual } from '../../src/finding/finding.ts';
import type { Contract } from '../../src/registry/registry.ts';
import { addDays, startOfDay } from '../calendar.ts';
import { Random } from '../random.ts';
import type { AssetOf, SystemOf } from './catalogue.ts';
import { Names } from './names.ts';
import type { Actor } from './people.ts';

export interface VendorOf {
  id: string;
  name: Bilingual;
  creditCode: string;
  prefix: string;
  /**
   * - `running`: one contract, years to go; `renewed`: ended a month ago and followed by the next without a gap;
   * - `last-week`: ended seven days before the day, still with access; `long-ended`: five months ago;
   * - `last-day`: ends with the day itself.
   */
  state: 'running' | 'renewed' | 'last-week' | 'long-ended' | 'last-day';
}

const STAFF_PER_VENDOR = 10;

/** 6 vendors. */
export const VENDORS: readonly VendorOf[] = [
  vendor('yunlan', '云岚信息技术有限公司', 'Yunlan Information Technology', '91000000YL00000017', 'yl_', 'running'),
  vendor('hengtai', '恒泰软件股份有限公司', 'Hengtai Software', '91000000HT00000028', 'ht_', 'running'),
  vendor('zhiyuan', '智源数据服务有限公司', 'Zhiyuan Data Services', '91000000ZY00000039', 'zy_', 'renewed'),
  vendor('beichen', '北辰系统集成有限公司', 'Beichen Systems Integration', '91000000BC00000040', 'bc_', 'last-week'),
  vendor('qinghe', '清禾科技有限公司', 'Qinghe Technology', '91000000QH00000051', 'qh_', 'long-ended'),
  vendor('lantu', '蓝图网络工程有限公司', 'Lantu Network Engineering', '91000000LT00000062', 'lt_', 'last-day'),
];

function vendor(
  id: string,
  zh: string,
  en: string,
  creditCode: string,
  prefix: string,
  state: VendorOf['state'],
): VendorOf {
  return { id, name: { zh, en }, creditCode, prefix, state };
}

/** Who runs the nth system: those whose contract is over have handed theirs to the first two. */
export function vendorOfSystem(n: number): string {
  const running = VENDORS.filter((one) => one.state !== 'last-week' && one.state !== 'long-ended');
  return running[n % running.length]!.id;
}

/** Systems that an ended contract named. */
function formerSystems(one: VendorOf, systems: readonly SystemOf[]): SystemOf[] {
  return systems.filter((_, n) => n % 5 === (one.state === 'last-week' ? 1 : 3));
}

/** A contract, as far as the demo tells of it. */
export type ContractOf = Pick<Contract, 'id' | 'vendor' | 'systems' | 'from' | 'to' | 'roster'>;

/** The contracts as of the demo's day, with their rosters; the last two of a running vendor's staff have left it. */
export function contracts(day: string, systems: readonly SystemOf[], staff: readonly Actor[]): ContractOf[] {
  const at = (days: number): number => startOfDay(addDays(day, days));
  return VENDORS.flatMap((one) => {
    const own = systems.filter((system) => system.vendor === one.id).map((system) => system.id);
    const former = formerSystems(one, systems).map((system) => system.id);
    const members = staff.filter((actor) => actor.vendor === one.id);
    const contract = (number: number, of: string[], from: number, to: number): ContractOf => ({
      id: `c-${one.id}-${number}`,
      vendor: one.id,
      systems: of,
      from,
      to,
      roster: members.map((actor, n) => ({
        person: actor.person,
        from,
        to: one.state === 'running' && n >= STAFF_PER_VENDOR - 2 ? Math.min(to, at(-12)) : to,
      })),
    });
    if (one.state === 'renewed') return [contract(1, own, at(-395), at(-30)), contract(2, own, at(-30), at(335))];
    if (one.state === 'last-week') return [contract(1, former, at(-737), at(-7))];
    if (one.state === 'long-ended') return [contract(1, former, at(-880), at(-150))];
    if (one.state === 'last-day') return [contract(1, own, at(-364), at(1))];
    return [contract(1, own, at(-500), at(595))];
  });
}

/** 60 staff. Nine of ten maintain systems; each has one system whose data it may look at under a work order. */
export function vendorStaff(
  seed: number,
  day: string,
  systems: readonly SystemOf[],
  assets: readonly AssetOf[],
): Actor[] {
  const names = new Names(new Random(seed, 'vendor staff'));
  return VENDORS.flatMap((one, v) =>
    Array.from({ length: STAFF_PER_VENDOR }, (_, n) => {
      const random = new Random(seed, one.id, n);
      const { zh, login } = names.next(one.prefix);
      const own = systems.filter((system) => system.vendor === one.id);
      const system = (own.length > 0 ? own : formerSystems(one, systems))[n % Math.max(1, own.length || 8)];
      const visible = assets.filter((asset) => asset.system === system!.id && asset.level.startsWith('general'));
      return {
        id: `acc-${login}`,
        login,
        person: `p-${login}`,
        personName: zh,
        department: '',
        vendor: one.id,
        role: n < 3 ? 'vendor-dba' : 'vendor-engineer',
        privileged: n < 3,
        openedAt: startOfDay(addDays(day, -random.int(120, 700))),
        address: `172.28.${v + 1}.${10 + n}`,
        habits: visible.slice(0, 1).map((asset) => ({
          asset,
          share: 0.9,
          perDay: 2.5,
          medianRows: 20 * random.logNormal(1, 0.3),
          sigma: 0.5,
          minute: -1,
        })),
        shift: 'office' as const,
      };
    }),
  );
}
