import { z } from 'zod';
import { failuresIn, tellsOfSignIn, type Connections } from '../src/detection/attempts.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { localDay } from '../src/detection/local-day.ts';
import { isNews, nothingTold, type Told } from '../src/detection/news.ts';
import { attack, classifiedProtection } from '../src/detection/references.ts';
import { weightedScore } from '../src/detection/score.ts';
import { signalAt } from '../src/detection/signal.ts';
import { loginAtAddress } from '../src/detection/subjects.ts';
import { addAmount, contributing, heaviestWindow, LATENESS_MS, noAmounts, noIds } from '../src/detection/windows.ts';
import {
  idAt,
  reachOf,
  timeAt,
  timesBetween,
  withId,
  type RecentIds,
  type TimedAmounts,
  type Window,
} from '../src/detection/windows.ts';
import { amount, counted, duration } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  windowMs: z.number().int().min(1000).max(86_400_000).default(600_000).describe('Window in which failures count, ms.'),
  failuresAtLeast: z.number().int().min(2).default(10).describe('Failed sign-ins in the window that are a finding.'),
  successWithinMs: z
    .number()
    .int()
    .min(0)
    .max(86_400_000)
    .default(1_800_000)
    .describe('A success this soon after such a window means that the password was guessed, ms.'),
  failuresBase: z.number().min(0).max(100).default(45).describe('Base score without a success; grows by up to 9.'),
  successBase: z.number().min(0).max(100).default(70).describe('Base score with a success; grows by up to 9.'),
});
type Settings = z.output<typeof settings>;

/** Most accounts never fail. */
interface State {
  guesses: Guesses | null;
  /** The latest successes, for failures that come late. */
  successes: RecentIds | null;
}

interface Guesses {
  connections: Connections | null;
  failures: TimedAmounts;
  ids: RecentIds;
  told: Told | null;
}

const SUCCESSES_KEPT = 4;
const NONE: readonly Signal[] = Object.freeze([]);

function noGuesses(): Guesses {
  return { connections: null, failures: noAmounts(), ids: noIds(), told: null };
}

export const bruteForce = defineDetector<Settings, State>({
  name: 'brute-force',
  version: 4,
  title: { zh: '口令暴力破解', en: 'Password guessing' },
  what: {
    zh: '同一账号从同一地址在短时间内多次登录失败；随后登录成功则为高危。同一账号不论登录哪台主机都合并计算，IPv6 按 /64 计；没有地址时按主机计，没有账号时按日志源和地址计。',
    en: 'Many failed sign-ins of one account from one address in a short time; high when a success follows. Hosts are counted together, and so are the addresses of an IPv6 /64; without an address the host stands for it, without an account the log source and address.',
  },
  watches: tellsOfSignIn,
  techniques: [attack('T1110.001')],
  cites: [classifiedProtection('8.1.4.1')],
  knownGaps: [
    {
      zh: '程序用过期口令定时重试时同样符合定义；间隔规律时会在说明中指出。',
      en: 'A program that retries with an expired password fits the definition too; the explanation says when the failures come at regular intervals.',
    },
    {
      zh: '分散到许多地址、或每 10 分钟不足 10 次的慢速猜测不会被发现；同一地址对少数几个账号各试 4 至 9 次的也不会，既非暴力破解也非口令喷洒。',
      en: 'Guessing spread over many addresses, or slower than 10 in 10 minutes, is not found; nor are 4 to 9 tries from one address on each of a few accounts, which are neither this nor a spray.',
    },
    {
      zh: '只统计日志明确写出登录失败或登录前断开的连接；仅以 HTTP 401 表示的失败不计入。客户端自行尝试的公钥等方式不算猜测。',
      en: 'Only lines that state the result of a sign-in, or a connection that ended before it, count; failures that show only as HTTP 401 do not. Keys that a client offers by itself are no guesses.',
    },
  ],
  settings,
  subject: loginAtAddress,
  start: () => ({ guesses: null, successes: null }),
  step(state, event, context) {
    if (event.outcome === 'success') {
      state.successes = withId(state.successes ?? noIds(), event.time, event.id, SUCCESSES_KEPT);
      const found = state.guesses && afterSuccess(state.guesses, event.time, event.id, event, context);
      return found ? [found] : NONE;
    }
    const guesses = (state.guesses ??= noGuesses());
    const failures = failuresIn(guesses, event);
    if (failures === 0) return NONE;
    const { windowMs, successWithinMs, failuresAtLeast } = context.settings;
    const keep = { horizonMs: windowMs + successWithinMs + LATENESS_MS, exactEntries: 256, coarseMs: windowMs / 60 };
    addAmount(guesses.failures, event.time, failures, reachOf(event.time, event.ingestTime), keep);
    guesses.ids = withId(guesses.ids, event.time, event.id);
    const worst = heaviestWindow(guesses.failures, event.time, event.time + windowMs - 1, windowMs);
    if (worst.amount < failuresAtLeast) return NONE;
    const day = localDay(worst.end, event.department, context.registry);
    if (!isNews((guesses.told ??= nothingTold()), day, worst.amount, event.time)) return NONE;
    return [
      signal(guesses, event, worst, undefined, event.id, context),
      ...successesSince(guesses, state.successes ?? noIds(), event, context),
    ];
  },
  forgetAfterMs: 3_600_000,
  example: sentence(
    { account: 'wangfang', address: '203.0.113.7', host: '', failures: 23, atLeast: 10, windowMs: 600_000 },
    180_000,
    0,
  ),
});

/** Successes that were seen before the failure that came late. */
function successesSince(
  guesses: Guesses,
  successes: RecentIds,
  event: Event,
  context: StepContext<Settings>,
): Signal[] {
  const signals: Signal[] = [];
  for (let i = 0; i < successes.length; i += 2) {
    const time = timeAt(successes, i);
    const found = time >= event.time && afterSuccess(guesses, time, idAt(successes, i), event, context);
    if (found) signals.push(found);
  }
  return signals;
}

function afterSuccess(guesses: Guesses, time: number, id: string, event: Event, context: StepContext<Settings>) {
  const { windowMs, successWithinMs, failuresAtLeast } = context.settings;
  const worst = heaviestWindow(guesses.failures, time - successWithinMs, time, windowMs);
  return worst.amount < failuresAtLeast ? undefined : signal(guesses, event, worst, time, id, context);
}

function signal(
  guesses: Guesses,
  event: Event,
  { amount: failures, end }: Window,
  successAt: number | undefined,
  causing: string,
  { settings: { windowMs, failuresAtLeast, failuresBase, successBase }, registry }: StepContext<Settings>,
): Signal {
  const base = successAt === undefined ? failuresBase : successBase;
  const growth = Math.min(9, 3 * Math.log2(failures / failuresAtLeast));
  const facts = { account: event.account, address: event.clientAddress, host: event.host, failures, windowMs };
  const afterMs = successAt === undefined ? undefined : successAt - end;
  return signalAt(event, {
    score: weightedScore(base + growth, { level: event.assetLevel, isVendor: event.vendor !== '' }),
    asset: '',
    observed: failures,
    threshold: failuresAtLeast,
    unit: 'failures',
    windowMs,
    explanation: sentence(
      { ...facts, atLeast: failuresAtLeast },
      afterMs,
      regularInterval(guesses.ids, end - windowMs, end),
    ),
    eventIds: contributing(guesses.ids, end - windowMs, end, causing),
    groupKey: `${loginAtAddress.of(event)}\u001f${localDay(end, event.department, registry)}`,
  });
}

interface Facts {
  account: string;
  address: string;
  host: string;
  failures: number;
  atLeast: number;
  windowMs: number;
}

function sentence(facts: Facts, successAfterMs: number | undefined, everyMs: number): Bilingual {
  const { account, address, host, failures, atLeast } = facts;
  const span = duration(facts.windowMs);
  const who =
    account === '' ? { zh: '未写明的账号', en: 'an unnamed account' } : { zh: `账号 ${account}`, en: account };
  const where = placeOf(address, host);
  let zh = `${who.zh} ${where.zh} 在 ${span.zh}内登录失败 ${amount(failures)} 次（阈值 ${atLeast} 次）`;
  let en = `${who.en} failed to sign in from ${where.en} ${counted(failures, 'time')} within ${span.en} (threshold ${atLeast})`;
  if (successAfterMs !== undefined) {
    const after = duration(successAfterMs);
    zh += `，${after.zh}后登录成功，口令可能已被猜中`;
    en += `, then signed in successfully ${after.en} later: the password may have been guessed`;
  }
  if (everyMs > 0) {
    const every = duration(everyMs);
    zh += `；失败间隔规律（约每 ${every.zh}一次），也可能是程序在用过期口令重试`;
    en += `; the failures come regularly (about every ${every.en}), so it may be a program retrying with an expired password`;
  }
  return { zh: `${zh}。`, en: `${en}.` };
}

function placeOf(address: string, host: string): Bilingual {
  if (address === '') return { zh: `从主机 ${host} 本地`, en: `the console of ${host}` };
  if (address.includes(':')) return { zh: `从 ${address}（按所在 /64 计）`, en: `${address} (counted by its /64)` };
  return { zh: `从 ${address}`, en: address };
}

/** Mean interval of the latest failures in (from, to] when they come like clockwork, ms; else 0. */
function regularInterval(failures: RecentIds, from: number, to: number): number {
  const times = timesBetween(failures, from, to);
  const intervals = times.slice(1).map((time, i) => time - times[i]!);
  if (intervals.length < 8) return 0;
  const mean = intervals.reduce((sum, interval) => sum + interval, 0) / intervals.length;
  if (mean < 5000) return 0;
  const spread = Math.max(...intervals.map((interval) => Math.abs(interval - mean)));
  return spread <= Math.max(1000, mean * 0.1) ? mean : 0;
}
