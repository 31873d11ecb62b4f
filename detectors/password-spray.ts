import { z } from 'zod';
import { failuresIn, tellsOfSignIn, type Connections } from '../src/detection/attempts.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { localDay } from '../src/detection/local-day.ts';
import { isNews, nothingTold, type Told } from '../src/detection/news.ts';
import { attack, classifiedProtection } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { clientNetwork } from '../src/detection/subjects.ts';
import { emptyTally, fewIds, occurred, tallyUp, type Spread, type Tally } from '../src/detection/tally.ts';
import { LATENESS_MS, MAX_IDS } from '../src/detection/windows.ts';
import { amount, duration } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import { loginOf } from '../src/event/login.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  windowMs: z
    .number()
    .int()
    .min(1000)
    .max(86_400_000)
    .default(1_800_000)
    .describe('Window in which accounts count, ms.'),
  accountsAtLeast: z.number().int().min(2).default(15).describe('Distinct accounts that failed in the window.'),
  failuresEachAtMost: z
    .number()
    .int()
    .min(1)
    .default(3)
    .describe('An account with more failures in the window is brute force and left out.'),
  shareAtLeast: z.number().min(0).max(1).default(0.6).describe('Accounts / failures, of the accounts that count.'),
  successWithinMs: z
    .number()
    .int()
    .min(0)
    .max(86_400_000)
    .default(1_800_000)
    .describe('A success in the window or this soon after it raises the score, ms.'),
  recoveredShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('When so large a share of the accounts sign in from the same address right after, people mistype.'),
  recoversWithinMs: z.number().int().min(0).max(3_600_000).default(300_000).describe('How soon that is, ms.'),
  failuresBase: z.number().min(0).max(100).default(55).describe('Base score without a success; grows by up to 9.'),
  successBase: z.number().min(0).max(100).default(75).describe('Base score with a success; grows by up to 9.'),
});
type Settings = z.output<typeof settings>;

interface State {
  connections: Connections | null;
  /** All of the network's failures; while there is only one address, that address's too. */
  network: Tally;
  /** Addresses that failed, in order of appearance; empty while there is only `onlyAddress`. */
  addresses: Record<string, Tally>;
  addressCount: number;
  onlyAddress: string;
  /** The remarkable window that ended last. */
  last: Spray | null;
  /** The latest successes, oldest first. */
  successes: Success[];
  /** Accounts that failed and signed in from the same address right after, oldest first. */
  recovered: Success[];
  told: Told;
}

interface Spray extends Spread {
  /** '' when only the network as a whole did it. */
  address: string;
}

interface Success {
  time: number;
  account: string;
  actor: string;
  address: string;
  id: string;
}

const SUCCESSES_KEPT = 4;
const MAX_ADDRESSES = 256;
const MAX_RECOVERED = 256;
const NONE: readonly Signal[] = Object.freeze([]);

export const passwordSpray = defineDetector<Settings, State>({
  name: 'password-spray',
  version: 2,
  title: { zh: '口令喷洒', en: 'Password spraying' },
  what: {
    zh: '同一地址或同一网段（IPv4 /24，IPv6 /64）在短时间内对许多账号各试少量口令；其间或随后有登录成功则分值提高。失败次数更多的账号属于暴力破解，不计入。',
    en: 'One address or network (IPv4 /24, IPv6 /64) tries few passwords on each of many accounts in a short time; a success meanwhile or soon after raises the score. Accounts with more failures are brute force and left out.',
  },
  watches: tellsOfSignIn,
  techniques: [attack('T1110.003')],
  cites: [classifiedProtection('8.1.4.1')],
  knownGaps: [
    {
      zh: '许多人共用一个出口（NAT）时，半小时内 15 个以上账号各输错一两次也符合定义；其中半数在 5 分钟内登录成功的不报，目录服务故障等情况仍会误报，正常登录还会使分值升高。',
      en: 'Behind one shared exit (NAT), 15 accounts that each mistype once or twice within half an hour fit the definition too. They are left out when half of them sign in within 5 minutes; after an outage of the directory they are not, and ordinary successes raise the score.',
    },
    {
      zh: '跨多个网段的分布式喷洒、每 30 分钟不足 15 个账号的慢速喷洒、对每个账号都试 2 至 3 次的（比值低于 0.6）不会被发现；日志未写账号的失败不计入。',
      en: 'Spraying from many networks, slower than 15 accounts in 30 minutes, or with 2 to 3 tries on every account (less than 0.6 accounts per failure) is not found; failures whose lines name no account do not count.',
    },
    {
      zh: '窗口内失败超过 2,048 次时，只精确统计其中较新的部分。',
      en: 'Above 2,048 failures in the window only the newer part is counted.',
    },
  ],
  settings,
  subject: clientNetwork,
  start: () => ({
    connections: null,
    network: emptyTally(),
    addresses: {},
    addressCount: 0,
    onlyAddress: '',
    last: null,
    successes: [],
    recovered: [],
    told: nothingTold(),
  }),
  step(state, event, context) {
    if (event.outcome === 'success') {
      rememberSuccess(state, event, context.settings);
      const { last } = state;
      return last && successOf(state, last, context.settings) ? [signal(state, event, last, context)] : NONE;
    }
    if (event.account === '') return NONE;
    const found = countFailure(state, event, context.settings);
    if (!found || isOffice(state, found, context.settings)) return NONE;
    if (!state.last || found.end >= state.last.end) state.last = found;
    const day = localDay(found.end, '', context.registry);
    return isNews(state.told, day, found.names, event.time) ? [signal(state, event, found, context)] : NONE;
  },
  forgetAfterMs: 4_500_000,
  example: sentence(
    { names: 24, occurrences: 26, end: 0, address: '203.0.113.7' },
    '203.0.113.0/24',
    { account: 'lina', tried: true },
    settings.parse({}),
  ),
});

function countFailure(state: State, event: Event, settings: Settings): Spray | undefined {
  const rules = {
    windowMs: settings.windowMs,
    latenessMs: LATENESS_MS,
    fewAtMost: settings.failuresEachAtMost,
    namesAtLeast: settings.accountsAtLeast,
    shareAtLeast: settings.shareAtLeast,
  };
  const { time, clientAddress, id } = event;
  const account = loginOf(event.account);
  const attempts = failuresIn(state, event);
  if (attempts === 0) return undefined;
  const own = tallyOf(state, clientAddress);
  const wide = tallyUp(state.network, time, account, attempts, id, rules);
  const narrow = own === state.network ? wide : tallyUp(own, time, account, attempts, id, rules);
  if (narrow && narrow.names >= (wide?.names ?? 0)) return { ...narrow, address: clientAddress };
  return wide && { ...wide, address: '' };
}

/** The address's own tally, which is the network's as long as nobody else there has failed. */
function tallyOf(state: State, address: string): Tally {
  if (state.onlyAddress === '' && state.addressCount === 0) state.onlyAddress = address;
  if (state.onlyAddress === address) return state.network;
  if (state.onlyAddress !== '') {
    state.addresses[state.onlyAddress] = copyOf(state.network);
    state.addressCount = 1;
    state.onlyAddress = '';
  }
  const known = state.addresses[address];
  if (known) return known;
  if (state.addressCount >= MAX_ADDRESSES) dropFirst(state);
  state.addressCount++;
  return (state.addresses[address] = emptyTally());
}

function copyOf(tally: Tally): Tally {
  return { ...tally, entries: tally.entries.map((entry) => ({ ...entry })), counts: { ...tally.counts } };
}

function dropFirst(state: State): void {
  for (const address in state.addresses) {
    // Only IPv6 networks have so many; the one that appeared first has most likely gone.
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
    delete state.addresses[address];
    state.addressCount--;
    return;
  }
}

function rememberSuccess(state: State, event: Event, { recoversWithinMs }: Settings): void {
  const { time, account, actor, clientAddress: address, id } = event;
  const success = { time, account, actor, address, id };
  insert(state.successes, success, SUCCESSES_KEPT);
  const tally = state.onlyAddress === address ? state.network : state.addresses[address];
  if (tally && occurred(tally, loginOf(account), time - recoversWithinMs - 1, time))
    insert(state.recovered, success, MAX_RECOVERED);
}

/** Puts it in its place by time; the oldest goes when there are too many. */
function insert(successes: Success[], success: Success, limit: number): void {
  let place = successes.length;
  while (place > 0 && successes[place - 1]!.time > success.time) place--;
  successes.splice(place, 0, success);
  if (successes.length > limit) successes.shift();
}

/** People who mistype sign in right after. When many of the accounts did, an office shares the exit or the network. */
function isOffice({ recovered }: State, spray: Spray, { windowMs, recoveredShare }: Settings): boolean {
  const logins = new Set<string>();
  for (const { time, account, address } of recovered)
    if (time > spray.end - windowMs && (spray.address === '' || spray.address === address))
      logins.add(loginOf(account));
  return logins.size > 0 && logins.size >= recoveredShare * spray.names;
}

/** The success that belongs to the spray: rather one of an account that was tried, else the first. */
function successOf(state: State, spray: Spray, { windowMs, successWithinMs }: Settings) {
  const from = spray.end - windowMs;
  const fitting = state.successes.filter(
    ({ time, address }) =>
      time > from && time <= spray.end + successWithinMs && (spray.address === '' || spray.address === address),
  );
  const tried = fitting.find(({ account, time }) => occurred(state.network, loginOf(account), from, time));
  const success = tried ?? fitting[0];
  return success && { ...success, tried: tried !== undefined };
}

function signal(state: State, event: Event, spray: Spray, { settings, registry }: StepContext<Settings>): Signal {
  const { windowMs, accountsAtLeast, failuresEachAtMost, failuresBase, successBase } = settings;
  const success = successOf(state, spray, settings);
  const network = clientNetwork.of(event);
  const tally = state.addresses[spray.address] ?? state.network;
  const tried = fewIds(tally, spray.end - windowMs, spray.end, failuresEachAtMost).slice(2 - MAX_IDS);
  const last = success ? [success.id, event.id] : [event.id];
  return signalAt(event, {
    score: Math.round(((success ? successBase : failuresBase) + growthOf(spray.names / accountsAtLeast)) * 10) / 10,
    actor: success?.actor ?? '',
    asset: '',
    clientAddress: spray.address === '' ? network : spray.address,
    observed: spray.names,
    threshold: accountsAtLeast,
    unit: 'accounts',
    windowMs,
    explanation: sentence(spray, network, success, settings),
    eventIds: [...new Set([...tried.filter((id) => !last.includes(id)), ...last])],
    groupKey: `${network}\u001f${localDay(spray.end, '', registry)}`,
  });
}

function growthOf(timesTheThreshold: number): number {
  return Math.min(9, 3 * Math.log2(timesTheThreshold));
}

function sentence(
  { names, occurrences, address }: Spray,
  network: string,
  success: { account: string; tried: boolean } | undefined,
  { windowMs, accountsAtLeast, failuresEachAtMost, shareAtLeast }: Settings,
): Bilingual {
  const span = duration(windowMs);
  const share = (names / occurrences).toFixed(2);
  const where =
    address === '' ? { zh: `网段 ${network} 内的多个地址`, en: `Addresses of network ${network}` } : both(address);
  let zh = `${where.zh} 在 ${span.zh}内对 ${amount(names)} 个不同账号各试口令不超过 ${failuresEachAtMost} 次，共失败 ${amount(occurrences)} 次（阈值 ${accountsAtLeast} 个账号；账号数与失败数之比 ${share}，阈值 ${shareAtLeast}）`;
  let en = `${where.en} tried at most ${failuresEachAtMost} passwords on each of ${amount(names)} accounts within ${span.en}, ${amount(occurrences)} failures in all (threshold ${accountsAtLeast} accounts; accounts per failure ${share}, threshold ${shareAtLeast})`;
  if (success) {
    zh += success.tried ? `，被试过的账号 ${success.account} 登录成功` : `，账号 ${success.account} 从该处登录成功`;
    en += success.tried
      ? `; account ${success.account}, which it had tried, signed in successfully`
      : `; account ${success.account} signed in successfully from there`;
  }
  return { zh: `${zh}。`, en: `${en}.` };
}

function both(text: string): Bilingual {
  return { zh: text, en: text };
}
