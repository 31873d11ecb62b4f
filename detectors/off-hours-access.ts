import { z } from 'zod';
import { isDataAccess } from '../src/detection/access-kinds.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { hourOfWeek, localDay, localHour, localMoment, zoneName } from '../src/detection/local-day.ts';
import { attack, dataSecurityLaw } from '../src/detection/references.ts';
import { weightedScore } from '../src/detection/score.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { actorNamed, amount, assetNamed, counted } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const SHIFT_WINDOW_DAYS = 28;

const settings = z.strictObject({
  historyDays: z.number().int().min(7).max(365).default(90).describe('How far back habits count, days.'),
  habitDays: z
    .number()
    .int()
    .min(1)
    .max(12)
    .default(3)
    .describe('Distinct earlier days on which off-hours access in this hour of the week makes it a habit.'),
  generalRowsAtLeast: z
    .number()
    .min(0)
    .default(200)
    .describe('Rows in the local hour from which assets below the level important count.'),
  learningDays: z
    .number()
    .int()
    .min(0)
    .default(21)
    .describe('While the platform has watched for less, days: lower score, and machine accounts are not judged.'),
  machineRoles: z
    .array(z.string())
    .default(['service'])
    .describe('Roles of machine accounts: their habits are by hour of the day, not of the week.'),
  base: z.number().min(0).max(100).default(40).describe('Base score.'),
  nearMs: z
    .number()
    .int()
    .min(0)
    .max(43_200_000)
    .default(7_200_000)
    .describe('So close to working hours the score is lower, ms.'),
  shiftDays: z
    .number()
    .int()
    .min(1)
    .max(SHIFT_WINDOW_DAYS)
    .default(8)
    .describe('Earlier days of 28 with off-hours access from which the account is taken to work in shifts.'),
  mildBase: z
    .number()
    .min(0)
    .max(100)
    .default(30)
    .describe('Base score while learning, close to working hours, and of those who work in shifts.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** Event time of the first data access that was seen. */
  since: number;
  /** Off-hours access: hour of the week and local day in one number (habitAt), the newest days of each hour; in no order. */
  habits: number[];
  /** The newest local days with off-hours access at any hour, ascending. */
  days: number[];
  /** Rows of general data in the newest two local hours: hour, rows, hour, rows. */
  hours: number[];
}

/** Nearly all accounts only work at work: the lists are never written to, but replaced. */
const EMPTY: number[] = [];
const DAYS_AT_MOST = 65_536;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const WEEKDAYS_ZH = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'];
const WEEKDAYS_EN = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'];
const NONE: readonly Signal[] = Object.freeze([]);

export const offHoursAccess = defineDetector<Settings, State>({
  name: 'off-hours-access',
  version: 3,
  title: { zh: '非工作时间访问数据', en: 'Access outside working hours' },
  what: {
    zh: '在所属部门工作时间之外（节假日、调休上班日按实际情况）访问重要以上数据，或一小时内访问一般数据 200 行以上，且该账号近 90 天在每周的这个时段没有这种习惯；有工单或值班安排的不报。',
    en: 'Access outside the department’s working hours (holidays and make-up workdays count as what they are) to important or core data, or to 200 rows of general data in an hour, at an hour of the week at which the account has no such habit in 90 days; silent with a work order or on the duty roster.',
  },
  watches: isDataAccess,
  techniques: [attack('T1078')],
  cites: [dataSecurityLaw('27')],
  knownGaps: [
    {
      zh: '轮班人员的班次不按星期重复时没有习惯可循，会以较低分值误报：请在部门工作时间或值班安排中登记；平台运行满 21 天前分值也较低。',
      en: 'People whose shifts do not repeat by the week have no habits and are flagged, with a lower score: enter their hours or duty roster. The score is lower too until the platform has watched for 21 days.',
    },
    {
      zh: '机器账号（角色 service）按每天的小时判断习惯，观察满 21 天前不判断。',
      en: 'Machine accounts (role service) are judged by hour of the day, and only after 21 days of observation.',
    },
    {
      zh: '每小时读取不足 200 行一般数据、以及在已成习惯的时段内的访问不会被发现；工单只看是否填写，尚不核对其内容。',
      en: 'Less than 200 rows of general data an hour, and access at habitual hours, are not found; a work order only needs to be stated, its content is not checked yet.',
    },
    {
      zh: '部门未知的账号按平台默认工作时间判断。',
      en: 'Accounts of unknown department are judged by the platform’s default hours.',
    },
  ],
  settings,
  subject: actor,
  start: (event) => ({ since: event.time, habits: EMPTY, days: EMPTY, hours: EMPTY }),
  step(state, event, context) {
    const { registry } = context;
    if (event.time < state.since) state.since = event.time;
    if (registry.isWorkingTime(event.time, event.department)) return NONE;
    const rows = isImportant(event) ? 0 : addRows(state, localHour(event.time, event.department, registry), event.rows);
    const slot = slotOf(event, context);
    const today = localDay(event.time, event.department, registry);
    const { historyDays, habitDays } = context.settings;
    const seen = countBetween(state.habits, habitAt(slot, today - historyDays), habitAt(slot, today));
    state.habits = withHabit(state.habits, slot, today, habitDays);
    state.days = withDay(state.days, today);
    if (event.workOrder !== '' || seen >= habitDays) return NONE;
    return judge(state, event, seen, rows, context);
  },
  forgetAfterMs: 91 * DAY_MS,
  example: sentence(
    { zh: '民政局 wangfang', en: 'wangfang of Civil Affairs Bureau' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    {
      at: '2026-11-21 02:15',
      zone: 'UTC+8',
      dayType: 'rest',
      rows: 0,
      seen: 0,
      slot: 122,
      near: false,
      shifts: 0,
      learning: false,
    },
    settings.parse({}),
  ),
});

function judge(state: State, event: Event, seen: number, rows: number, context: StepContext<Settings>) {
  const { settings, registry, baseline } = context;
  const byLevel = isImportant(event);
  if (!byLevel && rows < settings.generalRowsAtLeast) return NONE;
  const observed = baseline.observedDays(event.time);
  const learning = observed.spanDays < settings.learningDays;
  const isNewMachine = event.time < state.since + settings.learningDays * DAY_MS;
  if (settings.machineRoles.includes(event.role) && (learning || isNewMachine)) return NONE;
  const facts = {
    at: localMoment(event.time, event.department, registry),
    zone: zoneName(event.time, event.department, registry),
    dayType: registry.dayType(event.time, event.department),
    rows,
    seen,
    slot: slotOf(event, context),
    near: isNear(event, context),
    shifts: shiftsOf(state, event, context),
    learning,
  };
  const personalInformation = registry.asset(event.asset, event.time)?.personalInformation ?? 'none';
  const isMild = learning || facts.near || facts.shifts > 0;
  const base = isMild ? Math.min(settings.base, settings.mildBase) : settings.base;
  const found = signalAt(event, {
    score: weightedScore(base, { level: event.assetLevel, personalInformation, isVendor: event.vendor !== '' }),
    observed: byLevel ? seen : rows,
    expected: byLevel ? settings.habitDays : 0,
    threshold: byLevel ? settings.habitDays : settings.generalRowsAtLeast,
    unit: byLevel ? 'days' : 'rows',
    windowMs: byLevel ? settings.historyDays * DAY_MS : HOUR_MS,
    sampleSize: observed.days,
    baseline: 'self',
    explanation: sentence(actorNamed(event, registry), assetNamed(event, registry), facts, settings),
  });
  return [found];
}

/** Just before or after work: people stay longer far more often than they come at night. */
function isNear({ time, department }: Event, { settings: { nearMs }, registry }: StepContext<Settings>): boolean {
  return registry.isWorkingTime(time - nearMs, department) || registry.isWorkingTime(time + nearMs, department);
}

/** Earlier days of the last 28 with a person's off-hours access when they are so many that they look like shifts, else 0. */
function shiftsOf({ days }: State, { time, department, role }: Event, context: StepContext<Settings>): number {
  if (context.settings.machineRoles.includes(role)) return 0;
  const today = localDay(time, department, context.registry);
  const worked = countBetween(days, today - SHIFT_WINDOW_DAYS, today);
  return worked >= context.settings.shiftDays ? worked : 0;
}

function isImportant({ assetLevel }: Event): boolean {
  return assetLevel === 'core' || assetLevel === 'important';
}

/** Hour of the week; of the day for machines, given as 168 and up. */
function slotOf(event: Event, { settings, registry }: StepContext<Settings>): number {
  const hour = hourOfWeek(event.time, event.department, registry);
  return settings.machineRoles.includes(event.role) ? 168 + (hour % 24) : hour;
}

function habitAt(slot: number, day: number): number {
  return slot * DAYS_AT_MOST + day;
}

/** Entries in [from, before). */
function countBetween(list: readonly number[], from: number, before: number): number {
  let count = 0;
  for (const entry of list) if (entry >= from && entry < before) count++;
  return count;
}

/** One day more than makes a habit is kept of each hour, because the day of the event itself does not count. */
function withHabit(habits: number[], slot: number, day: number, habitDays: number): number[] {
  const entry = habitAt(slot, day);
  if (habits.includes(entry)) return habits;
  const [first, end] = [habitAt(slot, 0), habitAt(slot + 1, 0)];
  if (countBetween(habits, first, end) <= habitDays) return habits.concat(entry);
  const oldest = habits.reduce((least, one) => (one >= first && one < end && one < least ? one : least), entry);
  return habits.concat(entry).filter((one) => one !== oldest);
}

function withDay(days: number[], day: number): number[] {
  if (days.includes(day)) return days;
  return days
    .concat(day)
    .sort((a, b) => a - b)
    .slice(-SHIFT_WINDOW_DAYS - 1);
}

/** Adds to the sum of the local hour and returns it. */
function addRows(state: State, hour: number, rows: number): number {
  const { hours } = state;
  for (let i = 0; i < hours.length; i += 2) if (hours[i] === hour) return (hours[i + 1]! += rows);
  if (hours.length < 4) state.hours = hours.concat([hour, rows]);
  else if (hours[0]! < hours[2]!) state.hours = hour < hours[0]! ? hours : [hours[2]!, hours[3]!, hour, rows];
  else state.hours = hour < hours[2]! ? hours : [hours[0]!, hours[1]!, hour, rows];
  return rows;
}

interface Facts {
  at: string;
  zone: string;
  dayType: 'workday' | 'rest';
  /** Of general data in the local hour; 0 when the asset's level alone decides. */
  rows: number;
  seen: number;
  slot: number;
  near: boolean;
  /** Earlier days of 28 with off-hours access; 0 when they are few. */
  shifts: number;
  learning: boolean;
}

function sentence(who: Bilingual, what: Bilingual, facts: Facts, settings: Settings): Bilingual {
  const { at, zone, dayType, rows, seen, slot, near, shifts, learning } = facts;
  const { historyDays, habitDays, generalRowsAtLeast } = settings;
  const hour = String(slot % 24).padStart(2, '0');
  const weekday = slot >= 168 ? undefined : Math.floor(slot / 24);
  const when =
    weekday === undefined
      ? { zh: `每天 ${hour} 时`, en: `between ${hour}:00 and ${hour}:59` }
      : {
          zh: `${WEEKDAYS_ZH[weekday]!} ${hour} 时`,
          en: `on ${WEEKDAYS_EN[weekday]!} between ${hour}:00 and ${hour}:59`,
        };
  const day = dayType === 'rest' ? { zh: '休息日', en: 'a rest day' } : { zh: '工作日', en: 'a workday' };
  let zh = `${who.zh} 于 ${at}（${zone}，${day.zh}）在工作时间之外访问${what.zh}`;
  let en = `${who.en} used ${what.en} at ${at} ${zone} (${day.en}), outside working hours`;
  if (rows > 0) {
    zh += `，一小时内读取一般数据共 ${amount(rows)} 行（阈值 ${amount(generalRowsAtLeast)} 行）`;
    en += `, ${counted(rows, 'row')} of general data within the hour (threshold ${amount(generalRowsAtLeast)})`;
  }
  const before =
    seen === 0
      ? { zh: '从未有过此类访问', en: `it never did so ${when.en}` }
      : { zh: `仅 ${seen} 天有过此类访问`, en: `it did so ${when.en} on ${counted(seen, 'day')} only` };
  zh += `；近 ${historyDays} 天该时段（${when.zh}）${before.zh}（满 ${habitDays} 天视为习惯），且无工单或值班安排`;
  en += `; in ${historyDays} days ${before.en} (${habitDays} days make a habit), and there is no work order or duty`;
  if (near) {
    zh += '；该时间紧接工作时间，可能是加班';
    en += '; it is close to working hours, so it may be overtime';
  }
  if (shifts > 0) {
    zh += `；该账号近 ${SHIFT_WINDOW_DAYS} 天有 ${shifts} 天在工作时间之外访问，可能是轮班`;
    en += `; it did so at other hours on ${shifts} of the last ${SHIFT_WINDOW_DAYS} days, so it may work in shifts`;
  }
  if (learning) {
    zh += '；平台观察时间尚短，习惯可能还未学到';
    en += '; the platform has not watched for long, so habits may not be known yet';
  }
  return { zh: `${zh}。`, en: `${en}.` };
}
