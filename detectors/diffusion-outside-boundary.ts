import { z } from 'zod';
import { mayHave, partyNamed } from '../src/detection/authorization.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { isImportant, scoreAt } from '../src/detection/event-score.ts';
import { attack, governmentDataSharing, networkDataRegulation } from '../src/detection/references.ts';
import { isOutward } from '../src/detection/sharing.ts';
import { signalAt } from '../src/detection/signal.ts';
import { asset } from '../src/detection/subjects.ts';
import { MAX_IDS } from '../src/detection/windows.ts';
import { actorNamed, amount, assetNamed, counted } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const DAY_MS = 86_400_000;

const settings = z.strictObject({
  newEdgesAtLeast: z
    .number()
    .int()
    .min(1)
    .default(3)
    .describe('New recipients outside the boundary that are a finding, for general data.'),
  days: z.number().int().min(1).max(90).default(7).describe('Days in which they count.'),
  base: z.number().min(0).max(100).default(55).describe('Base score.'),
});
type Settings = z.output<typeof settings>;

/** Data of the asset reaching one recipient. */
interface Edge {
  first: number;
  last: number;
  rows: number;
  /** Steps from the owner: 1 when the owner's own people sent it. */
  hops: number;
  id: string;
}

interface State {
  /** By recipient, prefixed with '$'. */
  edges: Record<string, Edge>;
}

const MAX_EDGES = 256;
const NONE: readonly Signal[] = Object.freeze([]);

export const diffusionOutsideBoundary = defineDetector<Settings, State>({
  name: 'diffusion-outside-boundary',
  version: 2,
  title: { zh: '数据扩散越界', en: 'Data outside its boundary' },
  what: {
    zh: '数据资产被共享、导出或传送给归属部门和授权接收方（及其获准转送方）以外的部门、系统或外部单位：重要以上数据立即报；一般数据 7 天内新增 3 个以上界外接收方才报。',
    en: 'Data of an asset goes to a department, system or outside party that is neither its owner nor a recipient of a grant (nor one to whom these may pass it on): at once for important and core data, for general data when 3 such recipients are new within 7 days.',
  },
  watches: (event) => event.assetLevel !== '' && isOutward(event),
  techniques: [attack('T1048')],
  cites: [governmentDataSharing(), networkDataRegulation('12')],
  knownGaps: [
    {
      zh: '只看日志写明接收方的共享与导出；拿到数据后以其他方式传出的看不到。没有归属部门的资产、无条件共享的资产不判断。',
      en: 'Only sharing and exports whose lines name the recipient are seen, not what leaves in other ways afterwards. Assets without an owner and freely shared ones are not judged.',
    },
    {
      zh: '一般数据按 7 天新增个数判断，不与往周比较；每个资产最多记 256 个接收方。',
      en: 'General data is judged by the number of new recipients in 7 days, not against earlier weeks; at most 256 recipients are kept for an asset.',
    },
  ],
  settings,
  subject: asset,
  start: () => ({ edges: {} }),
  step(state, event, context) {
    const { registry, settings } = context;
    const known = registry.asset(event.asset, event.time);
    if (known === undefined || known.owner === '' || known.sharing === 'unconditional') return NONE;
    if (mayHave(event.recipient, known, registry, event.time)) return NONE;
    const edge = addEdge(state, event, known.owner, settings);
    if (isImportant(event)) return [signal(event, [edge], context)];
    const fresh = Object.values(state.edges).filter(
      ({ first }) => Math.abs(first - event.time) < settings.days * DAY_MS,
    );
    return edge.first === event.time && fresh.length >= settings.newEdgesAtLeast
      ? [signal(event, fresh, context)]
      : NONE;
  },
  forgetAfterMs: 91 * DAY_MS,
  example: sentence(
    { zh: '民政局 wangfang', en: 'wangfang of Civil Affairs Bureau' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    { zh: '「交通局」', en: '"Transport Bureau"' },
    { recipients: 1, days: 7, rows: 1200, hops: 1 },
  ),
});

function addEdge(state: State, event: Event, owner: string, { days }: Settings): Edge {
  const name = `$${event.recipient}`;
  const known = state.edges[name];
  if (known !== undefined) {
    known.first = Math.min(known.first, event.time);
    known.last = Math.max(known.last, event.time);
    known.rows += event.rows;
    return known;
  }
  const hops = event.department === owner ? 1 : (state.edges[`$${event.department}`]?.hops ?? 1) + 1;
  const edge = { first: event.time, last: event.time, rows: event.rows, hops, id: event.id };
  const names = Object.keys(state.edges);
  if (names.length >= MAX_EDGES) {
    const recent = names.filter((one) => state.edges[one]!.last > event.time - days * DAY_MS).slice(-MAX_EDGES / 2);
    state.edges = Object.fromEntries(recent.map((one) => [one, state.edges[one]!]));
  }
  state.edges[name] = edge;
  return edge;
}

function signal(event: Event, edges: readonly Edge[], { settings, registry }: StepContext<Settings>): Signal {
  const ids = edges.map(({ id }) => id).filter((id) => id !== event.id);
  const own = edges.find(({ last }) => last === event.time) ?? edges[0]!;
  const facts = { recipients: edges.length, days: settings.days, rows: own.rows, hops: own.hops };
  const to = partyNamed(event.recipient, registry, event.time);
  return signalAt(event, {
    score: scoreAt(event, settings.base, registry),
    observed: edges.length,
    threshold: isImportant(event) ? 1 : settings.newEdgesAtLeast,
    unit: 'recipients outside the boundary',
    windowMs: settings.days * DAY_MS,
    explanation: sentence(actorNamed(event, registry), assetNamed(event, registry), to, facts),
    eventIds: [...ids.slice(1 - MAX_IDS), event.id],
    groupKey: isImportant(event) ? `${event.asset}\u001f${event.recipient}` : event.asset,
  });
}

interface Facts {
  recipients: number;
  days: number;
  rows: number;
  hops: number;
}

function sentence(who: Bilingual, what: Bilingual, to: Bilingual, { recipients, days, rows, hops }: Facts): Bilingual {
  const size =
    rows === 0 ? { zh: '', en: '' } : { zh: `（累计 ${amount(rows)} 行）`, en: ` (${counted(rows, 'row')} so far)` };
  const steps =
    hops === 1
      ? { zh: '', en: '' }
      : { zh: `，距归属部门 ${hops} 步`, en: `, ${counted(hops, 'step')} from the owner` };
  const many =
    recipients === 1
      ? { zh: '', en: '' }
      : {
          zh: `；${days} 天内已新增 ${recipients} 个界外接收方`,
          en: `; ${counted(recipients, 'recipient')} outside are new within ${counted(days, 'day')}`,
        };
  return {
    zh: `${who.zh} 将${what.zh}传给${to.zh}${size.zh}，而该接收方既非归属部门也无授权${steps.zh}${many.zh}。`,
    en: `${who.en} passed ${what.en} to ${to.en}${size.en}, which is neither the owner nor holds a grant${steps.en}${many.en}.`,
  };
}
