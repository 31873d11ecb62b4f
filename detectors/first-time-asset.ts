import { z } from 'zod';
import { isDataAccess } from '../src/detection/access-kinds.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { localDay } from '../src/detection/local-day.ts';
import { attack, dataSecurityLaw } from '../src/detection/references.ts';
import { weightedScore } from '../src/detection/score.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { LATENESS_MS, MAX_IDS } from '../src/detection/windows.ts';
import { actorNamed, amount, assetNamed, counted, duration } from '../src/detection/wording.ts';
import { ordersFor } from '../src/detection/work-orders.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const DAY_MS = 86_400_000;

const settings = z.strictObject({
  unseenDays: z.number().int().min(1).max(365).default(90).describe('An asset not used for so long is new, days.'),
  rarityAtLeast: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe('1 − share of peers that used the asset in 28 days, for assets below the level important.'),
  rowsAtLeast: z
    .number()
    .min(0)
    .default(100)
    .describe('Rows in the first 24 hours, for assets below the level important.'),
  manyAssets: z.number().int().min(2).default(5).describe('New assets in the window that are a finding together.'),
  manyWindowMs: z.number().int().min(60_000).default(DAY_MS).describe('Window of these, ms.'),
  warmUpDays: z
    .number()
    .int()
    .min(0)
    .default(14)
    .describe('Nothing is new for so long after the account was opened, and after the platform began to watch, days.'),
  firstUsers: z
    .number()
    .int()
    .min(1)
    .default(5)
    .describe(
      'An asset that the platform has not seen for longer than the warm-up is new to nobody after so many users: its source was connected only now.',
    ),
  watchedDaysAtLeast: z
    .number()
    .int()
    .min(0)
    .max(90)
    .default(10)
    .describe('Nothing is new until the platform has seen data accesses on so many distinct days.'),
  base: z.number().min(0).max(100).default(40).describe('Base score of one new asset.'),
  manyBase: z.number().min(0).max(100).default(65).describe('Base score of many, whatever their level.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** Event time of the first data access that was seen. */
  since: number;
  /** Last local day of use by asset. */
  seen: Record<string, number>;
  /** New assets of the last day, oldest first. */
  fresh: Fresh[];
}

interface Fresh {
  asset: string;
  time: number;
  rows: number;
  id: string;
  /** Whether it was found, or found not to be rare. */
  settled: boolean;
}

const MAX_ASSETS = 4096;
const MAX_FRESH = 256;
const NONE: readonly Signal[] = Object.freeze([]);

export const firstTimeAsset = defineDetector<Settings, State>({
  name: 'first-time-asset',
  version: 2,
  title: { zh: '首次访问数据资产', en: 'First use of an asset' },
  what: {
    zh: '账号访问近 90 天从未用过的资产：重要以上数据直接报；一般数据须同组少有人用且读取 100 行以上；24 小时内新访问 5 个以上资产为高危。新开账号 14 天内不报；本人获授权、或工单经归属方同意写明该资产的不报。',
    en: 'An account uses an asset that it has not used for 90 days: at once for important and core data, for general data when few of its peers use it and 100 rows were read; 5 or more new assets in 24 hours are high. Silent for 14 days after the account was opened, and about an asset that a grant gives to the person or a work order with the owner’s consent names.',
  },
  watches: (event) => event.assetLevel !== '' && isDataAccess(event),
  techniques: [attack('T1213')],
  cites: [dataSecurityLaw('38')],
  knownGaps: [
    {
      zh: '未登记（未定级）的资产不判断。',
      en: 'Assets that the registry does not list, and so have no level, are not judged.',
    },
    {
      zh: '平台开始观察后的 14 天内、且见到访问的日子不足 10 天时不报；未登记开户时间的账号从首次出现起算 14 天。',
      en: 'Silent until the platform has watched for 14 days with accesses on 10 of them; an account without an opening date warms up from its first appearance.',
    },
    {
      zh: '新接入日志源的资产，前 5 个使用者会被报，此后 14 天内不再判断。',
      en: 'Of an asset whose source was connected only now, the first 5 users are flagged; after them it is not judged for 14 days.',
    },
    {
      zh: '久未使用后恢复使用的账号（如长假归来）其日常资产也会被视为首次；同组使用情况只看近 28 天。',
      en: 'An account that comes back after a long absence finds its usual assets new; peers’ use is known for 28 days only.',
    },
    {
      zh: '同组不足 5 人的账号不按稀有度判断，只按级别和数量判断。',
      en: 'Accounts with fewer than 5 peers are judged by level and number only, not by rarity.',
    },
  ],
  settings,
  subject: actor,
  start: (event) => ({ since: event.time, seen: {}, fresh: [] }),
  step(state, event, context) {
    if (event.time < state.since) state.since = event.time;
    const today = localDay(event.time, event.department, context.registry);
    const last = state.seen[event.asset];
    const isNew = last === undefined || last < today - context.settings.unseenDays;
    if (last === undefined || last < today) remember(state, event.asset, today, context.settings.unseenDays);
    if (!isNew) {
      if (state.fresh.length === 0) return NONE;
      const fresh = state.fresh.find(({ asset }) => asset === event.asset);
      if (fresh === undefined || fresh.settled || event.time > fresh.time + DAY_MS) return NONE;
      fresh.rows += event.rows;
      return judgeOne(fresh, event, context);
    }
    if (isWarmingUp(state, event, context) || isNewHere(event, context) || isEntrusted(event, context)) return NONE;
    const fresh = { asset: event.asset, time: event.time, rows: event.rows, id: event.id, settled: false };
    addFresh(state, fresh, context.settings);
    return [...judgeOne(fresh, event, context), ...judgeMany(state, event, context)];
  },
  forgetAfterMs: 91 * DAY_MS,
  example: sentence(
    { zh: '民政局 wangfang', en: 'wangfang of Civil Affairs Bureau' },
    { zh: '「不动产登记」（重要数据）', en: '"Real estate register" (important data)' },
    { rows: 320, peers: 12, users: 0, isImportant: true },
    settings.parse({}),
  ),
});

function isWarmingUp(state: State, event: Event, { settings, registry, baseline }: StepContext<Settings>): boolean {
  const opened = registry.account(event.account, event.system, event.time)?.openedAt ?? 0;
  if (event.time < (opened > 0 ? opened : state.since) + settings.warmUpDays * DAY_MS) return true;
  const { days, spanDays } = baseline.observedDays(event.time);
  return spanDays < settings.warmUpDays || days < settings.watchedDaysAtLeast;
}

/** A source that is connected to a platform long in use brings assets that are new to everybody. */
function isNewHere({ asset, time }: Event, { settings, baseline }: StepContext<Settings>): boolean {
  const { users, spanDays } = baseline.assetHistory(asset, time);
  return users >= settings.firstUsers && spanDays < settings.warmUpDays;
}

/** Somebody was given this very asset: by a grant to the person, or by an open work order with the owner's consent. */
function isEntrusted(event: Event, { registry }: StepContext<Settings>): boolean {
  const { asset, person, vendor, time } = event;
  if (vendor !== '')
    return ordersFor(event, registry).some(({ assets, ownerConsent }) => ownerConsent && assets.includes(asset));
  if (person === '') return false;
  return registry
    .grantsFor(asset, time)
    .some(({ recipientKind, recipient }) => recipientKind === 'person' && recipient === person);
}

function judgeOne(fresh: Fresh, event: Event, { settings, registry, baseline }: StepContext<Settings>): Signal[] {
  const isImportant = event.assetLevel === 'core' || event.assetLevel === 'important';
  if (!isImportant && fresh.rows < settings.rowsAtLeast) return [];
  fresh.settled = true;
  const peers = registry.peersOf(event.actor, event.time).filter((peer) => peer !== event.actor);
  const users = baseline.assetUsers(event.asset, peers, event.time);
  const rarity = peers.length === 0 ? 0 : 1 - users / peers.length;
  if (!isImportant && rarity < settings.rarityAtLeast) return [];
  const personalInformation = registry.asset(event.asset, event.time)?.personalInformation ?? 'none';
  const facts = { rows: fresh.rows, peers: peers.length, users, isImportant };
  return [
    signalAt(event, {
      score: weightedScore(settings.base, {
        level: event.assetLevel,
        personalInformation,
        isVendor: event.vendor !== '',
      }),
      observed: isImportant ? 0 : fresh.rows,
      expected: isImportant ? 1 : 0,
      threshold: isImportant ? 1 : settings.rowsAtLeast,
      unit: isImportant ? 'days of use' : 'rows',
      windowMs: settings.unseenDays * DAY_MS,
      sampleSize: peers.length,
      baseline: peers.length > 0 ? 'peer' : 'self',
      explanation: sentence(actorNamed(event, registry), assetNamed(event, registry), facts, settings),
      eventIds: fresh.id === event.id ? [event.id] : [fresh.id, event.id],
    }),
  ];
}

/** The largest number of new assets in a window that the event lies in. */
function judgeMany({ fresh }: State, event: Event, { settings, registry }: StepContext<Settings>): Signal[] {
  let most: Fresh[] = [];
  for (const { time: end } of fresh) {
    if (end < event.time || end >= event.time + settings.manyWindowMs) continue;
    const inside = fresh.filter(({ time }) => time > end - settings.manyWindowMs && time <= end);
    if (inside.length > most.length) most = inside;
  }
  if (most.length < settings.manyAssets) return [];
  const ids = most.map(({ id }) => id).filter((id) => id !== event.id);
  return [
    signalAt(event, {
      score: weightedScore(settings.manyBase, { level: '', isVendor: event.vendor !== '' }),
      asset: '',
      observed: most.length,
      threshold: settings.manyAssets,
      unit: 'assets',
      windowMs: settings.manyWindowMs,
      baseline: 'self',
      explanation: sentenceOfMany(actorNamed(event, registry), most.length, settings),
      eventIds: [...ids.slice(1 - MAX_IDS), event.id],
    }),
  ];
}

function addFresh(state: State, fresh: Fresh, { manyWindowMs }: Settings): void {
  const keepFrom = fresh.time - Math.max(DAY_MS, manyWindowMs) - LATENESS_MS;
  state.fresh = state.fresh.filter(({ asset, time }) => asset !== fresh.asset && time > keepFrom);
  state.fresh.push(fresh);
  state.fresh.sort((a, b) => a.time - b.time);
  if (state.fresh.length > MAX_FRESH) state.fresh.shift();
}

/** Notes the day of use; with too many assets, those out of date go, or else the ones used longest ago. */
function remember(state: State, asset: string, today: number, unseenDays: number): void {
  const isKnown = state.seen[asset] !== undefined;
  state.seen[asset] = today;
  if (isKnown || Object.keys(state.seen).length <= MAX_ASSETS) return;
  const entries = Object.entries(state.seen).filter(([, day]) => day >= today - unseenDays);
  entries.sort(([, a], [, b]) => b - a);
  state.seen = Object.fromEntries(entries.slice(0, MAX_ASSETS * 0.9));
}

function sentence(
  who: Bilingual,
  what: Bilingual,
  { rows, peers, users, isImportant }: { rows: number; peers: number; users: number; isImportant: boolean },
  { unseenDays, rowsAtLeast, rarityAtLeast }: Settings,
): Bilingual {
  let zh = `${who.zh} 访问了近 ${unseenDays} 天从未用过的${what.zh}`;
  let en = `${who.en} used ${what.en}, which it had not used in ${unseenDays} days`;
  if (rows > 0) {
    zh += `，已读取 ${amount(rows)} 行${isImportant ? '' : `（阈值 ${amount(rowsAtLeast)} 行）`}`;
    en += `, reading ${counted(rows, 'row')} so far${isImportant ? '' : ` (threshold ${amount(rowsAtLeast)})`}`;
  }
  if (peers > 0) {
    const rarity = (1 - users / peers).toFixed(2);
    const [zhUsers, enUsers] = users === 0 ? ['无人', 'none'] : [`有 ${users} 人`, String(users)];
    zh += `；同组 ${peers} 人中近 28 天${zhUsers}用过（稀有度 ${rarity}${isImportant ? '' : `，阈值 ${rarityAtLeast}`}）`;
    en += `; ${enUsers} of ${counted(peers, 'peer')} used it in 28 days (rarity ${rarity}${isImportant ? '' : `, threshold ${rarityAtLeast}`})`;
  }
  if (isImportant) {
    zh += '；重要以上数据首次使用即报';
    en += '; the first use is enough for important and core data';
  }
  return { zh: `${zh}。`, en: `${en}.` };
}

function sentenceOfMany(who: Bilingual, assets: number, { unseenDays, manyAssets, manyWindowMs }: Settings): Bilingual {
  const span = duration(manyWindowMs);
  return {
    zh: `${who.zh} 在 ${span.zh}内访问了 ${assets} 个近 ${unseenDays} 天从未用过的数据资产（阈值 ${manyAssets} 个）。`,
    en: `${who.en} used ${assets} assets within ${span.en} that it had not used in ${unseenDays} days (threshold ${manyAssets}).`,
  };
}
