import { z } from 'zod';
import { isDataRead } from '../src/detection/access-kinds.ts';
import { robustZ } from '../src/detection/baseline.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { scoreAt } from '../src/detection/event-score.ts';
import { localDay } from '../src/detection/local-day.ts';
import { addLevel, fade, levelsBelow, noLevels, standingOf, type Levels } from '../src/detection/levels.ts';
import { attack, personalInformationLaw } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { peerGroup } from '../src/detection/subjects.ts';
import { actorNamed, amount, counted } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  zAtLeast: z.number().min(0).default(3.5).describe('Robust z in the peer group, of log1p of the day’s total.'),
  ratioAtLeast: z.number().min(1).default(3).describe('Times the median of the peers’ days.'),
  shareBelow: z.number().min(0).max(1).default(0.99).describe('Part of the peers’ days that must lie below.'),
  peersAtLeast: z.number().int().min(2).default(5).describe('Members that a peer group must have, the actor included.'),
  daysAtLeast: z.number().int().min(1).default(30).describe('Person-days of the peers that must be known.'),
  rowsAtLeast: z.number().min(1).default(1000).describe('Rows of the day below which nothing is found.'),
  assetsAtLeast: z
    .number()
    .int()
    .min(1)
    .default(5)
    .describe('Distinct assets of the day below which nothing is found.'),
  base: z.number().min(0).max(100).default(45).describe('Base score.'),
  alsoBulk: z
    .number()
    .min(0)
    .max(100)
    .default(15)
    .describe('Added when the actor’s rows of the asset are also a bulk read by its own baseline.'),
});
type Settings = z.output<typeof settings>;

/** What one member did today. */
interface Today {
  rows: number;
  /** Rows by asset, prefixed with '$'; at most 64. */
  assets: Record<string, number>;
  count: number;
  /** What was told already: the next signal comes when it has doubled. */
  toldRows: number;
  toldAssets: number;
}

interface State {
  day: number;
  /** By actor, prefixed with '$'; at most 512. */
  today: Record<string, Today>;
  members: number;
  /** Totals of the members' days that are over; workdays and rest days apart. */
  rows: { workday: Levels; rest: Levels };
  assets: { workday: Levels; rest: Levels };
}

const MAX_ASSETS = 64;
const MAX_MEMBERS = 512;
const DAY_MS = 86_400_000;
const NONE: readonly Signal[] = Object.freeze([]);

export const bulkReadVsPeers = defineDetector<Settings, State>({
  name: 'bulk-read-vs-peers',
  version: 3,
  title: { zh: '读取量远超同组人员', en: 'Reads far more than its peers' },
  what: {
    zh: '一个账号当天读取的行数或涉及的数据资产数，高于同组人员 99% 的人天且稳健 z 值达 3.5；若同时远超其自身基线则加分。',
    en: 'An account’s rows or distinct assets of a day are above 99 % of its peers’ days and have a robust z of 3.5; the score is higher when they are also far above its own baseline.',
  },
  watches: (event) => event.rows > 0 && isDataRead(event),
  techniques: [attack('T1213')],
  cites: [personalInformationLaw('34')],
  knownGaps: [
    {
      zh: '按本地日统计，不是滑动的 24 小时：跨午夜的读取分属两天。',
      en: 'Counts local days, not any 24 hours: reads around midnight belong to two days.',
    },
    {
      zh: '同组按部门、角色和类型划分；同岗位但分工不同（如统计员）的人员会显得异常。分布按 28 天逐日淡出，为 5% 宽的分档。',
      en: 'Peers are those of the same department, role and kind: people of one role with another task (a statistician) look unusual. The distribution fades over 28 days and has steps of 5 %.',
    },
    {
      zh: '没有部门或角色的账号以类型为组。只有字节数的读取不计入。一组当天超过 512 人时，读取最少的一半提前结算，此后重新计数。',
      en: 'Accounts without department or role are grouped by kind. Reads that state only bytes do not count. When more than 512 members of a group read in a day, the half with the fewest rows is closed early and begins anew.',
    },
  ],
  settings,
  subject: peerGroup,
  start: () => ({
    day: -1,
    today: {},
    members: 0,
    rows: { workday: noLevels(), rest: noLevels() },
    assets: { workday: noLevels(), rest: noLevels() },
  }),
  step(state, event, context) {
    const day = localDay(event.time, event.department, context.registry);
    if (day > state.day) closeDay(state, day, event, context);
    // What comes late for a day that is over has no place in it any more.
    if (day < state.day) return NONE;
    const mine = memberOf(state, event, context);
    mine.rows += event.rows;
    const name = `$${event.asset}`;
    if (mine.assets[name] !== undefined) mine.assets[name] += event.rows;
    else if (mine.count < MAX_ASSETS) {
      mine.assets[name] = event.rows;
      mine.count++;
    }
    if (mine.rows < context.settings.rowsAtLeast && mine.count < context.settings.assetsAtLeast) return NONE;
    return judge(state, mine, event, context);
  },
  forgetAfterMs: 29 * DAY_MS,
  example: sentence(
    { zh: '民政局 wangfang', en: 'wangfang of Civil Affairs Bureau' },
    { value: 21_000, inRows: true, usual: 900, z: 6.4, below: 1, peers: 12, days: 214, also: true },
    settings.parse({}),
  ),
});

function memberOf(state: State, event: Event, context: StepContext<Settings>): Today {
  const known = state.today[`$${event.actor}`];
  if (known !== undefined) return known;
  if (state.members >= MAX_MEMBERS) {
    const members = Object.entries(state.today);
    members.sort(([, a], [, b]) => b.rows - a.rows);
    state.today = Object.fromEntries(members.slice(0, MAX_MEMBERS / 2));
    state.members = MAX_MEMBERS / 2;
    const type = context.registry.dayType(event.time, event.department);
    for (const [, few] of members.slice(MAX_MEMBERS / 2)) addDay(state, type, few);
  }
  state.members++;
  return (state.today[`$${event.actor}`] = { rows: 0, assets: {}, count: 0, toldRows: 0, toldAssets: 0 });
}

function addDay(state: State, type: 'workday' | 'rest', { rows, count }: Today): void {
  addLevel(state.rows[type], rows);
  addLevel(state.assets[type], count);
}

/** Puts the totals of the day that is over with those of the days before, which count a little less from then on. */
function closeDay(state: State, day: number, event: Event, { registry }: StepContext<Settings>): void {
  const over = Object.values(state.today);
  if (over.length > 0) {
    const type = registry.dayType(event.time - (day - state.day) * DAY_MS, event.department);
    for (const one of over) addDay(state, type, one);
    for (const levels of [state.rows, state.assets])
      for (const one of [levels.workday, levels.rest]) fade(one, day - state.day);
  }
  state.day = day;
  state.today = {};
  state.members = 0;
}

function judge(state: State, mine: Today, event: Event, context: StepContext<Settings>): readonly Signal[] {
  const { settings, registry } = context;
  const peers = registry.peersOf(event.actor, event.time).length;
  if (peers < settings.peersAtLeast) return NONE;
  const type = registry.dayType(event.time, event.department);
  const found: Signal[] = [];
  if (mine.rows >= settings.rowsAtLeast && mine.rows >= 2 * mine.toldRows) {
    const signal = compare(state.rows[type], mine.rows, true, peers, mine, event, context);
    if (signal) mine.toldRows = mine.rows;
    if (signal) found.push(signal);
  }
  if (mine.count >= settings.assetsAtLeast && mine.count >= 2 * mine.toldAssets) {
    const signal = compare(state.assets[type], mine.count, false, peers, mine, event, context);
    if (signal) mine.toldAssets = mine.count;
    if (signal) found.push(signal);
  }
  return found;
}

function compare(
  levels: Levels,
  value: number,
  inRows: boolean,
  peers: number,
  mine: Today,
  event: Event,
  { settings, registry, baseline }: StepContext<Settings>,
): Signal | undefined {
  const days = levels.days;
  if (days < settings.daysAtLeast) return undefined;
  const usual = standingOf(levels);
  const z = (0.6745 * (Math.log1p(value) - usual.median)) / usual.mad;
  const below = levelsBelow(levels, value);
  const least = settings.ratioAtLeast * Math.expm1(usual.median);
  if (z < settings.zAtLeast || below < settings.shareBelow || value < least) return undefined;
  const own = baseline.expected('rows-24h', event.actor, event.asset, event.time);
  const rowsHere = mine.assets[`$${event.asset}`] ?? event.rows;
  const also =
    own.source === 'self' && robustZ(rowsHere, own) >= settings.zAtLeast && rowsHere >= 3 * Math.expm1(own.median);
  const facts = { value, inRows, usual: Math.expm1(usual.median), z, below, peers, days: Math.round(days), also };
  return signalAt(event, {
    score: scoreAt(event, settings.base + (also ? settings.alsoBulk : 0), registry),
    asset: '',
    observed: value,
    expected: Math.round(facts.usual),
    threshold: Math.round(
      Math.max(
        inRows ? settings.rowsAtLeast : settings.assetsAtLeast,
        least,
        Math.expm1(usual.median + (settings.zAtLeast * usual.mad) / 0.6745),
      ),
    ),
    unit: inRows ? 'rows' : 'assets',
    windowMs: DAY_MS,
    sampleSize: facts.days,
    baseline: 'peer',
    explanation: sentence(actorNamed(event, registry), facts, settings),
  });
}

interface Facts {
  value: number;
  inRows: boolean;
  usual: number;
  z: number;
  below: number;
  peers: number;
  days: number;
  also: boolean;
}

function sentence(who: Bilingual, facts: Facts, { zAtLeast }: Settings): Bilingual {
  const { value, inRows, usual, z, below, peers, days, also } = facts;
  const percent = `${Math.floor(below * 1000) / 10}%`;
  const read = inRows
    ? { zh: `读取 ${amount(value)} 行`, en: `read ${counted(value, 'row')}` }
    : { zh: `使用了 ${amount(value)} 个数据资产`, en: `used ${counted(value, 'asset')}` };
  const unit = inRows ? { zh: '行', en: 'rows' } : { zh: '个', en: 'assets' };
  const own = also ? { zh: '，也远超其自身平时', en: ', and far above its own usual too' } : { zh: '', en: '' };
  return {
    zh: `${who.zh} 当天${read.zh}，同组 ${peers} 人通常约 ${amount(usual)} ${unit.zh}（${days} 人天），高于其中 ${percent}（稳健 z 值 ${z.toFixed(1)}，阈值 ${zAtLeast}）${own.zh}。`,
    en: `${who.en} ${read.en} in one day, where its group of ${peers} usually has about ${amount(usual)} ${unit.en} (${counted(days, 'person-day')}); ${percent} of these lie below (robust z ${z.toFixed(1)}, threshold ${zAtLeast})${own.en}.`,
  };
}
