import { z } from 'zod';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { HIGH } from '../src/detection/event-score.ts';
import { localDay } from '../src/detection/local-day.ts';
import { attack, networkDataRegulation } from '../src/detection/references.ts';
import { serviceLevelOf } from '../src/detection/service-level.ts';
import { signalAt } from '../src/detection/signal.ts';
import { system } from '../src/detection/subjects.ts';
import { amount, duration } from '../src/detection/wording.ts';
import { attributeOf, type Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const STEP_MS = 300_000;

const settings = z.strictObject({
  fastBurn: z
    .number()
    .min(1)
    .default(14.4)
    .describe('Times the allowed error rate over 1 hour, and over the last 5 minutes.'),
  slowBurn: z.number().min(1).default(6).describe('The same over 6 hours, and over the last 30 minutes.'),
  requestsAtLeast: z.number().int().min(1).default(100).describe('Requests in the long window that are needed.'),
  availability: z
    .number()
    .min(0)
    .max(0.999_999)
    .default(0.995)
    .describe('Share of requests that must succeed where neither contract nor system states one.'),
  slowerTimes: z
    .number()
    .min(1)
    .default(3)
    .describe('Latency of late against what is usual that is a finding (moving averages).'),
  timedAtLeast: z.number().int().min(1).default(2000).describe('Timed requests that are needed for it.'),
  fastScore: z.number().min(0).max(100).default(65).describe('Score of the fast burn.'),
  slowScore: z.number().min(0).max(100).default(45).describe('Score of the slow burn and of latency.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** Number of the newest five minutes; requests and errors of the last 72 of them, newest last. */
  step: number;
  requests: number[];
  errors: number[];
  lastError: string;
  /** Moving averages of log1p of the latency: of the last hundred requests or so, and of the last ten thousand. */
  late: number;
  usual: number;
  timed: number;
  toldFast: number;
  toldSlow: number;
  toldLate: number;
}

const STEPS = 72;
const HOUR_MS = 3_600_000;
const NONE: readonly Signal[] = Object.freeze([]);

export const serviceDegradation = defineDetector<Settings, State>({
  name: 'service-degradation',
  version: 1,
  title: { zh: '服务质量下降', en: 'Service gets worse' },
  what: {
    zh: '承建商运维的系统出错过多：错误预算消耗速度 1 小时内达 14.4 倍（最近 5 分钟仍然如此），或 6 小时内达 6 倍（最近 30 分钟仍然如此）；可用性目标取自合同，其次取自系统登记。响应时间较平时明显变长也报。',
    en: 'A system that a vendor runs fails too often: its error budget burns 14.4 times as fast as allowed over 1 hour (and still over 5 minutes), or 6 times over 6 hours (and still over 30 minutes), against the availability of the contract, or else of the system. Latency far above the usual counts too.',
  },
  watches: (event) => event.system !== '' && (event.classUid === 6003 || event.action === 'call'),
  techniques: [attack('T1499')],
  cites: [networkDataRegulation('16')],
  knownGaps: [
    {
      zh: '只看接口与网页访问日志：状态码 5xx、或无状态码的调用失败算出错，4xx 不算；完全不可用而没有日志时由 source-silence 报告。',
      en: 'Only interface and web logs are seen: status 5xx, or a failed call without a status, is an error, 4xx is none. A total outage without a line is for source-silence.',
    },
    {
      zh: '逾期工单未接入，不计入。没有运维承建商的系统不判断。',
      en: 'Overdue tickets are not connected. Systems that no vendor runs are not judged.',
    },
  ],
  settings,
  subject: system,
  start: () => ({
    step: -1,
    requests: [],
    errors: [],
    lastError: '',
    late: 0,
    usual: 0,
    timed: 0,
    toldFast: 0,
    toldSlow: 0,
    toldLate: 0,
  }),
  step(state, event, context) {
    const vendor = context.registry.system(event.system, event.time)?.runBy ?? '';
    if (vendor === '') return NONE;
    const isError = failed(event);
    count(state, event, isError);
    const slower = latency(state, event, vendor, context);
    if (!isError) return slower ? [slower] : NONE;
    const burning = burn(state, event, vendor, context);
    if (slower) burning.push(slower);
    return burning;
  },
  forgetAfterMs: 2 * 86_400_000,
  example: sentenceOfBurn(
    { zh: '「救助系统」', en: '"Aid system"' },
    { zh: '云栈科技', en: 'Cloudstack Technologies' },
    { times: 22.5, limit: 14.4, errors: 135, requests: 1200, target: 0.995, windowMs: HOUR_MS },
  ),
});

/** What it decides by, as the configuration has it: for those who show how systems serve. */
export function serviceLimits(configured: unknown): Settings {
  return settings.parse(configured ?? {});
}

function failed(event: Event): boolean {
  if (event.outcome !== 'failure') return false;
  const status = attributeOf(event, 'status');
  return status === undefined ? event.action === 'call' : status.startsWith('5');
}

function count(state: State, event: Event, isError: boolean): void {
  const step = Math.floor(Math.min(event.time, event.ingestTime) / STEP_MS);
  if (state.step < 0) state.step = step;
  if (step - state.step >= STEPS) state.requests = state.errors = [];
  for (state.step = Math.max(state.step, step - STEPS); state.step < step; state.step++) {
    state.requests = [...state.requests, 0].slice(-STEPS);
    state.errors = [...state.errors, 0].slice(-STEPS);
  }
  if (state.requests.length === 0) {
    state.requests = [0];
    state.errors = [0];
  }
  const place = state.requests.length - 1 - (state.step - step);
  if (place < 0) return;
  state.requests[place]!++;
  if (isError) {
    state.errors[place]!++;
    state.lastError = event.id;
  }
}

function sumOf(values: readonly number[], steps: number): number {
  let sum = 0;
  for (let i = Math.max(0, values.length - steps); i < values.length; i++) sum += values[i]!;
  return sum;
}

function targetOf(event: Event, vendor: string, { settings, registry }: StepContext<Settings>): number {
  const { system, time: at } = event;
  return serviceLevelOf(registry, { vendor, system, at, otherwise: settings.availability }).availability;
}

function burn(state: State, event: Event, vendor: string, context: StepContext<Settings>): Signal[] {
  const { settings } = context;
  const allowed = 1 - targetOf(event, vendor, context);
  const timesIn = (steps: number) => sumOf(state.errors, steps) / Math.max(1, sumOf(state.requests, steps)) / allowed;
  const found: Signal[] = [];
  const judge = (steps: number, confirm: number, limit: number, told: 'toldFast' | 'toldSlow', score: number): void => {
    if (sumOf(state.requests, steps) < settings.requestsAtLeast) return;
    if (timesIn(steps) < limit || timesIn(confirm) < limit || event.time - state[told] < HOUR_MS) return;
    state[told] = event.time;
    found.push(
      burning(state, event, vendor, { steps, times: timesIn(steps), limit, target: 1 - allowed, score }, context),
    );
  };
  judge(12, 1, settings.fastBurn, 'toldFast', settings.fastScore);
  judge(72, 6, settings.slowBurn, 'toldSlow', settings.slowScore);
  return found;
}

interface Burn {
  steps: number;
  times: number;
  limit: number;
  target: number;
  score: number;
}

function burning(
  state: State,
  event: Event,
  vendor: string,
  { steps, times, limit, target, score }: Burn,
  { registry }: StepContext<Settings>,
): Signal {
  const errors = sumOf(state.errors, steps);
  const requests = sumOf(state.requests, steps);
  const facts = { times, limit, errors, requests, target, windowMs: steps * STEP_MS };
  return signalAt(event, {
    score,
    actor: '',
    asset: '',
    clientAddress: '',
    observed: Math.round(times * 10) / 10,
    expected: 1,
    threshold: limit,
    unit: 'times the error budget',
    windowMs: steps * STEP_MS,
    sampleSize: requests,
    baseline: 'cap',
    explanation: sentenceOfBurn(systemNamed(event, registry), vendorNamed(vendor, event, registry), facts),
    eventIds: [state.lastError],
    groupKey: `${event.system}\u001f${steps === 12 ? 'fast' : 'slow'}\u001f${localDay(event.time, '', registry)}`,
  });
}

/** Follows the latency of the requests that state one, and says when it has become far longer than usual. */
function latency(
  state: State,
  event: Event,
  vendor: string,
  { settings, registry }: StepContext<Settings>,
): Signal | undefined {
  if (event.attributes.length === 0) return undefined;
  const ms = Number(attributeOf(event, 'durationMs') ?? NaN);
  if (!(ms >= 0 && ms < Infinity)) return undefined;
  const value = Math.log1p(ms);
  state.timed++;
  state.late += (value - state.late) / Math.min(state.timed, 100);
  state.usual += (value - state.usual) / Math.min(state.timed, 10_000);
  const [late, usual] = [Math.expm1(state.late), Math.expm1(state.usual)];
  if (state.timed < settings.timedAtLeast || late < settings.slowerTimes * Math.max(1, usual)) return undefined;
  const agreed = registry.system(event.system, event.time)?.sla.latencyMs ?? 0;
  if (late <= agreed || event.time - state.toldLate < HOUR_MS) return undefined;
  state.toldLate = event.time;
  const [what, who] = [systemNamed(event, registry), vendorNamed(vendor, event, registry)];
  return signalAt(event, {
    score: Math.min(HIGH, settings.slowScore),
    actor: '',
    asset: '',
    clientAddress: '',
    observed: Math.round(late),
    expected: Math.round(usual),
    threshold: Math.round(settings.slowerTimes * usual),
    unit: 'ms',
    sampleSize: state.timed,
    baseline: 'self',
    explanation: {
      zh: `${who.zh} 运维的${what.zh}响应时间升至约 ${amount(late)} 毫秒，平时约 ${amount(usual)} 毫秒（阈值 ${settings.slowerTimes} 倍）。`,
      en: `The latency of ${what.en}, run by ${who.en}, has risen to about ${amount(late)} ms from usually ${amount(usual)} ms (threshold ${settings.slowerTimes} times).`,
    },
    groupKey: `${event.system}\u001flatency\u001f${localDay(event.time, '', registry)}`,
  });
}

type Registry = StepContext<Settings>['registry'];

function systemNamed(event: Event, registry: Registry): Bilingual {
  const name = registry.system(event.system, event.time)?.name ?? { zh: event.system, en: event.system };
  return { zh: `「${name.zh}」`, en: `"${name.en}"` };
}

function vendorNamed(vendor: string, event: Event, registry: Registry): Bilingual {
  return registry.vendor(vendor, event.time)?.name ?? { zh: vendor, en: vendor };
}

interface Facts {
  times: number;
  limit: number;
  errors: number;
  requests: number;
  target: number;
  windowMs: number;
}

function sentenceOfBurn(
  what: Bilingual,
  who: Bilingual,
  { times, limit, errors, requests, target, windowMs }: Facts,
): Bilingual {
  const span = duration(windowMs);
  const percent = `${Math.round(target * 100_000) / 1000}%`;
  return {
    zh: `${who.zh} 运维的${what.zh}在 ${span.zh}内 ${amount(requests)} 次请求中出错 ${amount(errors)} 次，为可用性目标 ${percent} 所容许的 ${times.toFixed(1)} 倍（阈值 ${limit} 倍）。`,
    en: `${what.en}, run by ${who.en}, failed ${amount(errors)} of ${amount(requests)} requests within ${span.en}, ${times.toFixed(1)} times what an availability of ${percent} allows (threshold ${limit}).`,
  };
}
