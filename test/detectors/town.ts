import { BaselineBook } from '../../src/detection/baseline.ts';
import type { Event } from '../../src/event/event.ts';
import type { Finding, Signal } from '../../src/finding/finding.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import type { RegistryInput } from '../../src/registry/schema.ts';
import type { Detector } from '../../src/detection/detector.ts';
import { eventAt, judge, type JudgeOptions } from '../detection/judge.ts';

/** A small invented government: one bureau with six officers, a machine account, and two vendors. */
const OFFICERS = ['wangfang', 'lina', 'zhaolei', 'sunyue', 'zhouping', 'wumin'];

const TOWN: RegistryInput = {
  departments: [{ id: 'civil', name: { zh: '民政局', en: 'Civil Affairs Bureau' } }],
  vendors: [
    { id: 'yunzhan', name: { zh: '云栈科技', en: 'Cloudstack Technologies' } },
    { id: 'hengda', name: { zh: '恒达信息', en: 'Hengda Information' } },
  ],
  systems: [
    { id: 'aid', name: { zh: '救助系统', en: 'Aid system' }, department: 'civil', hosts: ['aid01'] },
    { id: 'ops', name: { zh: '运维平台', en: 'Operations platform' }, plane: 'operations', hosts: ['ops01'] },
  ],
  assets: [
    { id: 'recipients', name: { zh: '低保对象信息', en: 'Aid recipients' }, level: 'important', system: 'aid' },
    { id: 'population', name: { zh: '人口库', en: 'Population' }, level: 'core', personalInformation: 'sensitive' },
    ...[1, 2, 3, 4, 5, 6].map((n) => ({ id: `notice-${n}`, name: `公告 ${n}`, level: 'general-2' as const })),
  ],
  accounts: [
    ...OFFICERS.map((login) => ({
      id: login,
      login,
      department: 'civil',
      role: 'clerk',
      openedAt: '2024-03-01',
    })),
    { id: 'etl', login: 'etl', department: 'civil', role: 'service', openedAt: '2024-03-01' },
    { id: 'newcomer', login: 'newcomer', department: 'civil', role: 'clerk', openedAt: '2026-11-10' },
  ],
};

export function townRegistry(more: RegistryInput = {}) {
  return registryFrom({ ...TOWN, ...more });
}

/** A data access by an officer of the bureau, as enrichment leaves it. */
export function access(iso: string, fields: Partial<Event> = {}): Event {
  const actor = fields.actor ?? 'wangfang';
  return eventAt(iso, {
    classUid: 6005,
    action: 'query',
    outcome: 'success',
    account: actor,
    actor,
    department: 'civil',
    role: actor === 'etl' ? 'service' : 'clerk',
    asset: 'recipients',
    assetLevel: 'important',
    clientAddress: '192.0.2.10',
    ...fields,
  });
}

/** A sign-in from an address. */
export function signIn(iso: string, outcome: Event['outcome'], fields: Partial<Event> = {}): Event {
  const account = fields.account ?? 'root';
  const actor = fields.actor ?? account;
  return eventAt(iso, {
    classUid: 3002,
    action: 'sign-in',
    outcome,
    clientAddress: '203.0.113.7',
    host: 'web01',
    ...fields,
    account,
    actor,
  });
}

/** A moment a number of seconds after another. */
export function later(iso: string, seconds: number): string {
  return new Date(Date.parse(`${iso}+08:00`) + seconds * 1000).toISOString();
}

const WORKDAY_LIFE = ['09:10', '10:20', '11:05', '14:40'];

/** Baselines of a platform that has watched the officers read `rows` at a time, on every day of the weeks before `iso`. */
export function watchedTown(
  iso: string,
  { days = 40, rows = 100, actors = OFFICERS, asset = 'recipients' }: Life = {},
  registry = townRegistry(),
): BaselineBook {
  const book = new BaselineBook(() => registry);
  for (let back = days; back > 0; back--) {
    const date = new Date(Date.parse(`${iso}T12:00+08:00`) - back * 86_400_000).toISOString().slice(0, 10);
    for (const actor of actors)
      for (const clock of WORKDAY_LIFE) book.observe(access(`${date}T${clock}`, { actor, asset, rows }));
  }
  return book;
}

interface Life {
  days?: number;
  rows?: number;
  actors?: readonly string[];
  asset?: string;
}

/** Whether the sentence names every value, in both languages. */
export function says(signal: Signal | undefined, ...values: readonly (string | { zh: string; en: string })[]): boolean {
  return (
    signal !== undefined &&
    values.every((value) => {
      const { zh, en } = typeof value === 'string' ? { zh: value, en: value } : value;
      return signal.explanation.zh.includes(zh) && signal.explanation.en.includes(en);
    })
  );
}

/** The findings as they are shown in the end, when all groups have settled; by group key. */
export function settled<S, T>(detector: Detector<S, T>, events: readonly Event[], options: JudgeOptions = {}) {
  const last = Math.max(...events.map(({ time }) => time));
  const quiet = eventAt(new Date(last + 7_200_000).toISOString());
  const byId = new Map(judge(detector, [...events, quiet], options).findings.map((found) => [found.id, found]));
  return [...byId.values()].sort((a, b) => (a.groupKey < b.groupKey ? -1 : 1)).map(contentOf);
}

/** What must not depend on the order of events: all but counts of signals, and which events are named. */
function contentOf({ id, score, severity, actor, asset, clientAddress, observed, explanation }: Finding) {
  return { id, score, severity, actor, asset, clientAddress, observed, explanation };
}
