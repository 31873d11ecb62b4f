import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWanglou, type RunningWanglou } from '../integration/wanglou.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A name as an attacker would choose it: markup, a template, a change of direction, and very long. */
export const HOSTILE = `<img src=x onerror="document.title=1">{{ constructor }}\u202e${'长'.repeat(3_000)}`;
/** What it is called by where addresses are made of it. */
export const HOSTILE_ID = '<script>document.title=2</script>/..?#%\u202ex';

/** A day, `YYYY-MM-DD`, as many days from now. */
const day = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** Names that an attacker chose, or usual ones instead, for pictures. */
interface Names {
  account: string;
  name: string;
}
const HOSTILE_NAMES: Names = { account: HOSTILE_ID, name: HOSTILE };
const USUAL_NAMES: Names = { account: 'ma.long', name: '欧阳马龙（市民政局社会救助与婚姻管理处综合业务科）' };

function registry(given: Names): Record<string, object[]> {
  return {
    departments: [
      { id: 'bureau', name: { zh: '市数据局', en: 'Data Bureau' } },
      { id: 'aid', name: { zh: '市民政局', en: 'Civil Affairs Bureau' }, parent: 'bureau' },
      { id: 'hotline', name: { zh: '市民热线中心', en: 'Citizen Hotline' } },
      { id: 'tax', name: { zh: '市税务局', en: 'Tax Bureau' } },
      { id: 'health', name: { zh: '市卫健委', en: 'Health Commission' } },
    ],
    vendors: [
      {
        id: 'qiming',
        name: { zh: '启明软件', en: 'Qiming Software' },
        creditCode: '91000000TEST000001',
        contacts: ['王经理'],
      },
      {
        id: 'yunhe',
        name: { zh: '云合科技', en: 'Yunhe' },
        lastAssessment: { date: day(-100), result: 'passed' },
        ndaUntil: day(300),
        backgroundChecks: true,
      },
    ],
    systems: [
      {
        id: 'aid-platform',
        name: { zh: '社会救助平台', en: 'Social Aid Platform' },
        department: 'aid',
        builtBy: 'qiming',
        runBy: 'qiming',
        hosts: ['aid-db-01'],
      },
      { id: 'fund', name: { zh: '公积金系统', en: 'Housing Fund' }, department: 'tax', hosts: ['fund-01'] },
    ],
    persons: [
      { id: 'p-wu', name: '吴工', vendor: 'qiming' },
      { id: 'p-li', name: '李娜', department: 'aid' },
    ],
    accounts: [
      { id: 'qm-wu', login: 'wu.ops', person: 'p-wu', vendor: 'qiming', role: 'dba', privileged: true },
      { id: 'li.na', login: 'li.na', person: 'p-li', department: 'aid', role: 'caseworker', openedAt: day(-300) },
      { id: 'zhao.lei', login: 'zhao.lei', person: 'p-zhao', personName: '赵磊', department: 'tax' },
      { id: given.account, login: 'mallory', person: 'p-mallory', personName: given.name, department: 'aid' },
    ],
    assets: [
      {
        id: 'families',
        name: { zh: '低收入家庭信息', en: 'Low-income families' },
        names: ['aid.public.families'],
        system: 'aid-platform',
        owner: 'aid',
        level: 'important',
        personalInformation: 'sensitive',
        fields: ['household', { name: 'id_card', tags: ['id-card'] }],
        rows: 120_000,
        persons: 310_000,
      },
    ],
    grants: [
      {
        id: 'g-17',
        asset: 'families',
        recipient: 'hotline',
        purpose: '热线查询',
        actions: ['query'],
        quota: { rowsPerDay: 2_000 },
        from: day(-200),
        approver: '王局长',
        approvalNumber: '数授〔2026〕17号',
      },
      { id: 'g-09', asset: 'families', recipient: 'tax', purpose: '核税', from: day(-400), to: day(-40) },
    ],
    contracts: [
      {
        id: 'qm-2026',
        vendor: 'qiming',
        systems: ['aid-platform'],
        from: day(-200),
        to: day(120),
        roster: [{ person: 'p-wu' }],
        approvedNetworks: ['203.0.113.0/24'],
        sla: { availability: 0.999, latencyMs: 800 },
      },
    ],
  };
}

function events(now: number, given: Names): object[] {
  const asset = { kind: 'dataset-access', host: 'aid-db-01', asset: 'aid.public.families' };
  const time = (ms: number): string => new Date(now - ms).toISOString();
  const daily = Array.from({ length: 26 }, (_, n) => n).flatMap((n) =>
    Array.from({ length: 1 + ((n * 7) % 5) }, (_, k) => ({
      ...asset,
      time: time(n * DAY_MS + ((n * 5 + k * 3) % 9) * HOUR_MS + 60_000),
      account: 'li.na',
      rows: 20 + n + k,
      purpose: k === 0 ? '低保复核' : '',
    })),
  );
  const shares = [
    { recipient: 'hotline', rows: 1_800, account: 'li.na', ago: 20 * DAY_MS },
    { recipient: 'tax', rows: 640, account: 'li.na', ago: 12 * DAY_MS },
    { recipient: 'health', rows: 600, account: 'zhao.lei', ago: 8 * DAY_MS },
    { recipient: 'files.example', rows: 52_310, account: 'zhao.lei', ago: 2 * HOUR_MS },
    { recipient: given.name, rows: 3, account: 'mallory', ago: 3 * HOUR_MS },
    { recipient: '', rows: 5, account: 'li.na', ago: 5 * HOUR_MS },
  ].map(({ ago, ...share }) => ({ ...asset, kind: 'share', action: 'share', ...share, time: time(ago) }));
  const vendor = [
    { host: 'aid-db-01', clientAddress: '203.0.113.9', ago: 4 * HOUR_MS },
    { host: 'fund-01', clientAddress: '198.51.100.4', ago: 3 * HOUR_MS },
  ].map(({ ago, ...rest }) => ({ kind: 'vendor-maintenance', account: 'wu.ops', ...rest, time: time(ago) }));
  const guesses = Array.from({ length: 14 }, (_, n) => ({
    ...{ kind: 'sign-in', host: 'aid-db-01', account: 'li.na', outcome: 'failure', clientAddress: '203.0.113.7' },
    time: time(1_000 + n),
  }));
  const unregistered = {
    ...{ kind: 'dataset-access', host: 'pension-01', asset: 'pension.public.payments', account: 'liu.yang', rows: 12 },
    time: time(2 * HOUR_MS),
  };
  return [unregistered, ...daily, ...shares, ...vendor, ...guesses].sort((a, b) => (a.time < b.time ? -1 : 1));
}

/** What there is to look at in it. */
export const CITY_SUBJECTS = {
  actor: 'li.na',
  asset: 'families',
  vendor: 'qiming',
  department: 'aid',
  source: 'http/127.0.0.1',
  detector: 'bulk-read',
};

/**
 * A running Wanglou that knows a few departments, a vendor and one dataset, and has seen four weeks of their days.
 * @param hostile whether some of it has names as an attacker would choose them.
 */
export async function startSmallCity({ hostile = true } = {}): Promise<RunningWanglou> {
  const given = hostile ? HOSTILE_NAMES : USUAL_NAMES;
  const folder = mkdtempSync(join(tmpdir(), 'wanglou-registry-'));
  mkdirSync(folder, { recursive: true });
  for (const [list, entries] of Object.entries(registry(given)))
    writeFileSync(join(folder, `${list}.yaml`), JSON.stringify(entries));
  const wanglou = await startWanglou({ WANGLOU_REGISTRY_DIR: folder });
  const answer = await fetch(`http://127.0.0.1:${wanglou.ports.intake}/ingest`, {
    method: 'POST',
    headers: { authorization: `Bearer ${wanglou.token('ingest')}`, 'content-type': 'application/x-ndjson' },
    body: `${events(Date.now(), given)
      .map((event) => JSON.stringify(event))
      .join('\n')}\n`,
  });
  if (answer.status !== 200) throw new Error(`the intake refused the events: ${await answer.text()}`);
  return wanglou;
}
