import type { Page } from 'playwright-core';
import type { CoverageGap } from '../../src/coverage/gaps.ts';
import type { ExportView } from '../../src/exports/export-job.ts';
import { LONG } from '../reports/planted.ts';
import type { Subjects } from './views.ts';

const DAY_MS = 86_400_000;
const ZONE = 'Asia/Shanghai';
const MOST_TRIES = 100;

/** What a page of somebody who is signed in asks the API. */
type Ask = <T>(method: 'GET' | 'POST', path: string, body?: object) => Promise<T>;

/**
 * Leaves behind what an auditor does with a platform: saved queries, exports, a legal hold, and reports, one of them prepared, one
 * reviewed, one returned, one signed, one that can not be made and one by schedule.
 * @param page of somebody who is signed in.
 * @returns the report that is reviewed.
 */
export async function workAsAuditor(page: Page, of: Pick<Subjects, 'asset' | 'vendor' | 'incident'>): Promise<string> {
  const ask = askFrom(page);
  const where = JSON.stringify([{ field: 'actor', op: 'is', value: '{{actor}}' }]);
  const parameters = [{ name: 'actor', title: '行为人', type: 'text', default: 'li.na' }];
  const builder = { kind: 'builder', query: new URLSearchParams({ span: '30d', where }).toString() };
  await ask('POST', 'saved-queries', {
    ...{ name: '某人近 30 天的访问', description: '调查一个人时的第一步。', shared: true, parameters, ...builder },
  });
  const sql =
    'SELECT actor, count() AS events, sum(rows) AS rows FROM events WHERE asset = {asset:String} GROUP BY actor';
  await ask('POST', 'saved-queries', {
    ...{ name: `${LONG.zh}的使用者`, description: LONG.en, kind: 'sql', query: sql },
    parameters: [{ name: 'asset', title: LONG.zh, type: 'text', default: of.asset }],
  });
  await ask('POST', 'exports', { of: 'events', format: 'csv', query: { text: 'li.na', zone: ZONE }, bom: true });
  await ask('POST', 'exports', { of: 'findings', format: 'xlsx' });
  await ask('POST', 'holds', {
    ...{ name: `纪检〔2026〕17 号 ${LONG.zh}`, from: ago(30), to: ago(0) },
    ...{ assets: [of.asset, LONG.en], actors: ['li.na'], why: '案件调查期间保全证据' },
  });
  return signOffReports(ask, of);
}

/** The API as the page asks it, with its session. */
export function askFrom(page: Page): Ask {
  return async (method, path, body) => {
    const said = await page.evaluate(
      async ([how, where, what]) => {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`/api/v1/${where}`, { method: how, ...(what !== '' && { body: what, headers }) });
        return { isOk: answer.ok, text: await answer.text() };
      },
      [method, path, body === undefined ? '' : JSON.stringify(body)] as const,
    );
    if (!said.isOk) throw new Error(`${method} ${path}: ${said.text}`);
    return JSON.parse(said.text) as never;
  };
}

interface Kept {
  report: { version: { digest: string } } | null;
  job: { state: string } | null;
}

async function signOffReports(ask: Ask, of: Pick<Subjects, 'asset' | 'vendor' | 'incident'>): Promise<string> {
  const make = async (kind: string, subject: { kind: string; id: string }): Promise<string> => {
    const { id } = await ask<{ id: string }>('POST', 'reports', {
      kind,
      subject,
      from: ago(28),
      to: ago(0),
      timeZone: ZONE,
    });
    return id;
  };
  const act = async (id: string, what: 'review' | 'sign' | 'return', text: string): Promise<void> => {
    const { report } = await ask<Kept>('GET', `reports/${id}`);
    await ask('POST', `reports/${id}/${what}`, { digest: report!.version.digest, text });
  };
  const platform = { kind: 'platform', id: '' };
  const [prepared, returned, signed, reviewed, failed] = [
    await make('incident', { kind: 'incident', id: of.incident }),
    await make('monthly-posture', platform),
    await make('vendor-assessment', { kind: 'vendor', id: of.vendor }),
    await make('five-questions', { kind: 'asset', id: of.asset }),
    await make('five-questions', { kind: 'asset', id: 'no-such-asset' }),
  ];
  for (const id of [prepared, returned, signed, reviewed, failed]) await madeOrNot(ask, id);
  await act(returned, 'return', `缺少${LONG.zh}的处置结果`);
  for (const id of [signed, reviewed]) await act(id, 'review', '已核对登记信息');
  await act(signed, 'sign', '');
  const when = { every: 'month', day: 1, minute: 540, onWorkdays: true, timeZone: ZONE, language: 'zh' };
  await ask('POST', 'report-schedules', { kind: 'monthly-posture', subject: platform, ...when });
  return reviewed;
}

async function madeOrNot(ask: Ask, id: string): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { job } = await ask<Kept>('GET', `reports/${id}`);
    if (job?.state !== 'queued' && job?.state !== 'making') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the report ${id} is not made in time`);
}

/** What goes wrong rarely, told to the page in the place of what the platform says: an export that fails, one that runs, gaps. */
export async function tellOfMishaps(page: Page): Promise<void> {
  await answerWith(page, '**/api/v1/exports', (said: { exports: ExportView[] }) => ({
    exports: [...said.exports.slice(0, 1).flatMap(mishapsOf), ...said.exports],
  }));
  await answerWith(page, '**/api/v1/coverage/gaps?*', (said: { at: number }) => ({ ...said, gaps: gapsAt(said.at) }));
}

async function answerWith(page: Page, address: string, change: (said: never) => object): Promise<void> {
  await page.route(address, async (route) => {
    if (route.request().method() !== 'GET') return route.continue();
    const response = await route.fetch();
    return route.fulfill({ response, json: change((await response.json()) as never) });
  });
}

function mishapsOf({ result: _, ...one }: ExportView): ExportView[] {
  const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
  const estimate = { rows: 41_000_000, bytes: 6_200_000_000, ms: 900_000 };
  const failure = { reason: 'disk-full', message: `ENOSPC: no space left on device, write '${LONG.en}'` } as const;
  return [
    { ...one, id: id(1), state: 'failed', failure, estimate },
    {
      ...one,
      id: id(2),
      state: 'running',
      format: 'parquet',
      estimate,
      progress: { rows: 17_250_000, bytes: 2_900_000_000 },
    },
    { ...one, id: id(3), state: 'queued', place: 2, estimate },
  ];
}

function gapsAt(at: number): (CoverageGap & { replay: null })[] {
  const minute = Math.floor(at / 60_000) * 60_000 - 600_000;
  const place = { partition: 3, from: 1_204_331, to: 1_204_390, since: minute, until: minute + 120_000, replay: null };
  return [
    { ...place, id: 'a'.repeat(24), kind: 'stored', detector: '', sources: ['aid-db'], events: -59, canReplay: true },
    {
      ...place,
      id: 'b'.repeat(24),
      kind: 'evaluated',
      detector: 'access-outside-validity',
      sources: ['aid-db', LONG.en, 'gate', 'fund'],
      events: -12,
      canReplay: true,
    },
    { ...place, id: 'c'.repeat(24), kind: 'unread', detector: '', sources: [], events: 0, canReplay: false },
  ];
}

function ago(days: number): string {
  return new Date(Date.now() - days * DAY_MS - 1_000).toISOString();
}
