import { z } from 'zod';
import { isDataRead } from '../src/detection/access-kinds.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { isImportant, scoreAt } from '../src/detection/event-score.ts';
import { attack, dataSecurityLaw, networkDataRegulation } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { actorNamed, amount, assetNamed, counted } from '../src/detection/wording.ts';
import { ordersFor } from '../src/detection/work-orders.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  generalRowsAtMost: z
    .number()
    .int()
    .min(0)
    .default(20)
    .describe('Rows of general data that a work order without the owner’s consent still covers.'),
  machineRoles: z
    .array(z.string())
    .default(['service'])
    .describe('Roles of the accounts that applications run under: they read business data by design.'),
  base: z.number().min(0).max(100).default(60).describe('Base score.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** The work order that was last used without consent, and the rows of general data under it. */
  order: string;
  rows: number;
}

const NONE: readonly Signal[] = Object.freeze([]);

export const vendorReadsBusinessData = defineDetector<Settings, State>({
  name: 'vendor-reads-business-data',
  version: 1,
  title: { zh: '运维人员读取业务数据', en: 'Vendor reads business data' },
  what: {
    zh: '管运分离：承建商、服务商账号读取业务平面的数据资产，而没有写明该资产并经归属方同意的有效工单。重要以上数据一行也不行；一般数据在有工单时每单容许 20 行。',
    en: 'Operation is kept apart from business: an account of a vendor reads an asset of the business plane without an open work order that names it and has the owner’s consent. Not a row of important or core data; of general data 20 rows per work order.',
  },
  watches: (event) =>
    event.vendor !== '' && event.plane !== 'operations' && event.assetLevel !== '' && isDataRead(event),
  techniques: [attack('T1213')],
  cites: [dataSecurityLaw('40'), networkDataRegulation('16')],
  knownGaps: [
    {
      zh: '应用系统自身的账号（角色 service）不判断：冒用这类账号的读取由其他检测器发现。',
      en: 'Accounts of applications (role service) are not judged: misuse of these is for other detectors.',
    },
    {
      zh: '该承建商没有任何登记的工单时，日志写明的工单号无从核对，不报；绕过审计的读取（直接复制数据文件、备份）看不到。',
      en: 'A work order that a line names is taken as it is while none at all is on record for the vendor. Reads that no audit sees (copies of data files or backups) are not found.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({ order: '', rows: 0 }),
  step(state, event, context) {
    const { settings, registry } = context;
    if (settings.machineRoles.includes(event.role)) return NONE;
    const orders = ordersFor(event, registry);
    // Where no orders are kept for the vendor, one that the line names can not be checked.
    if (event.workOrder !== '' && registry.workOrdersOf(event.vendor).length === 0) return NONE;
    if (orders.some(({ assets, ownerConsent }) => ownerConsent && assets.includes(event.asset))) return NONE;
    const order = orders.find(({ id }) => id === event.workOrder) ?? orders[0];
    if (isImportant(event) || order === undefined) return [signal(event, order, event.rows, 0, context)];
    if (state.order !== order.id) {
      state.order = order.id;
      state.rows = 0;
    }
    state.rows += event.rows;
    if (state.rows <= settings.generalRowsAtMost) return NONE;
    return [signal(event, order, state.rows, settings.generalRowsAtMost, context)];
  },
  forgetAfterMs: 30 * 86_400_000,
  example: sentence(
    { zh: '云栈科技 yz_liu', en: 'yz_liu of Cloudstack Technologies' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    { rows: 180, atMost: 0, order: '', why: 'none' },
  ),
});

type Order = ReturnType<typeof ordersFor>[number];

function signal(
  event: Event,
  order: Order | undefined,
  rows: number,
  atMost: number,
  { settings, registry }: StepContext<Settings>,
): Signal {
  const why = order === undefined ? 'none' : order.assets.includes(event.asset) ? 'consent' : 'asset';
  const facts = { rows, atMost, order: order?.id ?? '', why } as const;
  return signalAt(event, {
    score: scoreAt(event, settings.base, registry),
    observed: rows,
    threshold: atMost,
    unit: 'rows',
    explanation: sentence(actorNamed(event, registry), assetNamed(event, registry), facts),
  });
}

interface Facts {
  rows: number;
  atMost: number;
  order: string;
  /** What is missing: any order, the asset in it, or the owner's consent. */
  why: 'none' | 'asset' | 'consent';
}

function sentence(who: Bilingual, what: Bilingual, { rows, atMost, order, why }: Facts): Bilingual {
  const size = rows === 0 ? { zh: '', en: '' } : { zh: ` ${amount(rows)} 行`, en: ` (${counted(rows, 'row')})` };
  const reason = {
    none: { zh: '当时没有有效工单', en: 'no work order was open' },
    asset: { zh: `工单 ${order} 未写明该资产`, en: `work order ${order} does not name the asset` },
    consent: { zh: `工单 ${order} 未经归属方同意`, en: `work order ${order} lacks the owner's consent` },
  }[why];
  const limit =
    atMost === 0
      ? { zh: '', en: '' }
      : { zh: `（每单容许 ${atMost} 行）`, en: ` (${counted(atMost, 'row')} are allowed per order)` };
  return {
    zh: `${who.zh} 读取了业务数据${what.zh}${size.zh}，而${reason.zh}${limit.zh}。`,
    en: `${who.en} read business data ${what.en}${size.en}, but ${reason.en}${limit.en}.`,
  };
}
