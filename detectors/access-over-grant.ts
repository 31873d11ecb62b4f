import { z } from 'zod';
import { isDataAccess } from '../src/detection/access-kinds.ts';
import { grantsToActor, isInForce, isOwners, restsOnGrants } from '../src/detection/authorization.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { scoreAt } from '../src/detection/event-score.ts';
import { localDay } from '../src/detection/local-day.ts';
import { attack, networkDataRegulation, personalInformationLaw } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { departmentAsset } from '../src/detection/subjects.ts';
import { actorNamed, amount, assetNamed } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  warnShare: z.number().min(0).max(1).default(0.8).describe('Part of the daily quota at which a warning is raised.'),
  base: z
    .number()
    .min(0)
    .max(100)
    .default(60)
    .describe('Base score of a field or action outside the grant, and of an exceeded quota or rate.'),
  warnBase: z.number().min(0).max(39).default(25).describe('Base score of the warning.'),
});
type Settings = z.output<typeof settings>;
type Grant = ReturnType<typeof grantsToActor>[number];

/** What was used under one grant with a quota: by all who work under it. */
interface Used {
  day: number;
  rows: number;
  told: '' | 'warned' | 'exceeded';
  minute: number;
  requests: number;
  toldMinute: number;
}

interface State {
  /** By grant; null while no grant has a quota. */
  used: Record<string, Used> | null;
}

const MINUTE_MS = 60_000;
const NONE: readonly Signal[] = Object.freeze([]);

/** Acts that a grant for the other covers too: reading and querying are one, and so are the ways to take a copy. */
const SAME: Readonly<Record<string, string>> = { query: 'read', call: 'read', download: 'export', print: 'export' };

export const accessOverGrant = defineDetector<Settings, State>({
  name: 'access-over-grant',
  version: 1,
  title: { zh: '超出授权范围访问', en: 'Access beyond the grant' },
  what: {
    zh: '授权有效，但使用了授权之外的字段或操作（立即报），或当日行数达到授权配额的 80%（预警）、100%（告警），或每分钟请求数超限。',
    en: 'The grant is in force, but fields or actions outside it are used (at once), the rows of the day reach 80 % (warning) or 100 % of its quota, or the requests of a minute exceed its rate.',
  },
  watches: (event) => event.assetLevel !== '' && event.vendor === '' && event.department !== '' && isDataAccess(event),
  techniques: [attack('T1078')],
  cites: [personalInformationLaw('6'), networkDataRegulation('12')],
  knownGaps: [
    {
      zh: '字段只在日志写明时判断；同时有几项授权时按其并集判断字段与操作，配额按各自计数中最宽的一项判断。',
      en: 'Fields are judged only where the line states them; with several grants in force their union counts, and the widest quota.',
    },
    {
      zh: '配额按本地日、速率按整分钟计数；行数未写明的访问不计入配额。迟到到次日的访问计入其本日之后不再判断。',
      en: 'Quotas count by local day, rates by whole minute; accesses without stated rows use no quota, and one that comes after its day is over is not counted.',
    },
  ],
  settings,
  subject: departmentAsset,
  start: () => ({ used: null }),
  step(state, event, context) {
    const { registry } = context;
    const asset = registry.asset(event.asset, event.time);
    if (asset === undefined || isOwners(event, asset, registry) || !restsOnGrants(asset, registry)) return NONE;
    const grants = grantsToActor(event, registry).filter((grant) => isInForce(grant, event.time));
    if (grants.length === 0) return NONE;
    const found: Signal[] = [];
    const action = actionOutside(grants, event.action);
    if (action) found.push(outside('action', [event.action], grants, event, context));
    const fields = action ? [] : fieldsOutside(grants, event.fields);
    if (fields.length > 0) found.push(outside('field', fields, grants, event, context));
    count(state, grants, event, context, found);
    return found;
  },
  forgetAfterMs: 2 * 86_400_000,
  example: sentenceOfQuota(
    { zh: '文旅局 chenjie', en: 'chenjie of Culture and Tourism Bureau' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    { grant: 'SQ-2026-041', value: 5200, limit: 5000, inRows: true, isWarning: false },
  ),
});

function actionOutside(grants: readonly Grant[], action: string): boolean {
  if (action === '') return false;
  const act = SAME[action] ?? action;
  return grants.every(({ actions }) => actions.length > 0 && !actions.some((one) => (SAME[one] ?? one) === act));
}

function fieldsOutside(grants: readonly Grant[], fields: readonly string[]): string[] {
  if (fields.length === 0 || grants.some((grant) => grant.fields.length === 0)) return [];
  return fields.filter((field) => field !== '*' && !grants.some((grant) => grant.fields.includes(field)));
}

/** Counts rows and requests under the widest quota, and says when it is nearly used up, or exceeded. */
function count(
  state: State,
  grants: readonly Grant[],
  event: Event,
  context: StepContext<Settings>,
  found: Signal[],
): void {
  const limited = grants.every(({ quota }) => quota.rowsPerDay > 0 || quota.ratePerMinute > 0);
  if (!limited) return;
  const widest = grants.reduce((a, b) => (b.quota.rowsPerDay > a.quota.rowsPerDay ? b : a));
  const used = usedUnder(state, widest.id);
  const { rowsPerDay, ratePerMinute } = widest.quota;
  const day = localDay(event.time, event.department, context.registry);
  if (day > used.day) {
    used.day = day;
    used.rows = 0;
    used.told = '';
  }
  if (day === used.day) used.rows += event.rows;
  if (rowsPerDay > 0) {
    const stage =
      used.rows > rowsPerDay ? 'exceeded' : used.rows >= context.settings.warnShare * rowsPerDay ? 'warned' : '';
    if (stage !== '' && stage !== used.told && used.told !== 'exceeded') {
      used.told = stage;
      found.push(over(widest, used.rows, rowsPerDay, true, stage === 'warned', event, context));
    }
  }
  const minute = Math.floor(event.time / MINUTE_MS);
  if (minute > used.minute) {
    used.minute = minute;
    used.requests = 0;
  }
  if (minute === used.minute) used.requests++;
  if (ratePerMinute > 0 && used.requests > ratePerMinute && used.toldMinute !== minute) {
    used.toldMinute = minute;
    found.push(over(widest, used.requests, ratePerMinute, false, false, event, context));
  }
}

function usedUnder(state: State, grant: string): Used {
  state.used ??= {};
  return (state.used[`$${grant}`] ??= { day: -1, rows: 0, told: '', minute: -1, requests: 0, toldMinute: -1 });
}

function outside(
  what: 'action' | 'field',
  names: readonly string[],
  grants: readonly Grant[],
  event: Event,
  { settings, registry }: StepContext<Settings>,
): Signal {
  const [who, asset] = [actorNamed(event, registry), assetNamed(event, registry)];
  const ids = grants.map(({ id }) => id).join(', ');
  const said = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
  const [zh, en] = what === 'action' ? ['操作', 'the action'] : ['字段', 'the fields'];
  return signalAt(event, {
    score: scoreAt(event, settings.base, registry),
    observed: names.length,
    threshold: 1,
    unit: what === 'action' ? 'actions outside the grant' : 'fields outside the grant',
    explanation: {
      zh: `${who.zh} 访问${asset.zh}时使用了授权 ${ids} 之外的${zh}：${said}。`,
      en: `${who.en} used ${asset.en} with ${en} ${said}, outside grant ${ids}.`,
    },
    groupKey: `${event.actor}\u001f${event.asset}\u001f${what}`,
  });
}

function over(
  grant: Grant,
  value: number,
  limit: number,
  inRows: boolean,
  isWarning: boolean,
  event: Event,
  { settings, registry }: StepContext<Settings>,
): Signal {
  const facts = { grant: grant.id, value, limit, inRows, isWarning };
  return signalAt(event, {
    score: isWarning ? settings.warnBase : scoreAt(event, settings.base, registry),
    observed: value,
    threshold: isWarning ? limit * settings.warnShare : limit,
    unit: inRows ? 'rows' : 'requests',
    windowMs: inRows ? 86_400_000 : MINUTE_MS,
    baseline: 'cap',
    explanation: sentenceOfQuota(actorNamed(event, registry), assetNamed(event, registry), facts),
    groupKey: `${grant.id}\u001f${inRows ? 'rows' : 'rate'}`,
  });
}

interface Quota {
  grant: string;
  value: number;
  limit: number;
  inRows: boolean;
  isWarning: boolean;
}

function sentenceOfQuota(
  who: Bilingual,
  what: Bilingual,
  { grant, value, limit, inRows, isWarning }: Quota,
): Bilingual {
  const unit = inRows ? { zh: '行', en: 'rows' } : { zh: '次请求', en: 'requests' };
  const span = inRows ? { zh: '当日', en: 'of the day' } : { zh: '每分钟', en: 'within a minute' };
  const state = isWarning ? { zh: '接近', en: 'close to' } : { zh: '超过', en: 'above' };
  return {
    zh: `授权 ${grant} 下${span.zh}已使用${what.zh} ${amount(value)} ${unit.zh}，${state.zh}配额 ${amount(limit)} ${unit.zh}；最近一次为 ${who.zh}。`,
    en: `Under grant ${grant} ${amount(value)} ${unit.en} ${span.en} of ${what.en} are used, ${state.en} the quota of ${amount(limit)}; the last user is ${who.en}.`,
  };
}
