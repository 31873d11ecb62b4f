import type { Diffusion } from '../../detection/diffusion/graph.ts';
import type { Bilingual } from '../../finding/finding.ts';
import type { Asset } from '../../registry/registry.ts';
import type { FindingCount, Processing } from '../../store/report-queries.ts';
import { assetsOf } from '../assets-of.ts';
import { oneByOne, subjectName, type Made, type Making } from '../making.ts';
import type { Cell, HoleLine } from '../report.ts';
import {
  both,
  called,
  COLUMN,
  facts,
  fromRegistry,
  fromStore,
  holes,
  LEVELS,
  nameOf,
  namesOf,
  say,
  section,
  SEVERITIES,
  SHARING,
  table,
  unregistered,
  when,
} from '../writing.ts';

const MOST_LINES = 2_000;

/** Important and core data: who uses it, where it crossed its boundary, what was found, what is done about it. */
export async function importantDataAnnex(making: Making): Promise<Made> {
  const { wish, sight, view, step } = making;
  const subject = subjectName(view, wish.subject);
  const assets = assetsOf(view, wish.subject).filter(({ level }) => level === 'core' || level === 'important');
  const ids = assets.map(({ id }) => id);
  const went = await oneByOne(assets, making, ({ id }) => sight.diffusion.of(id, wish.to - 1));
  const lines = ids.length === 0 ? [] : await sight.store.processing(ids, wish, MOST_LINES);
  const counts = (await sight.store.findings(wish)).filter(({ asset }) => ids.includes(asset));
  step(assets.length, assets.length);
  const events = fromStore(wish, '事件（重要与核心数据）', 'events on important and core data');
  const ledger = fromStore(
    { ...wish, from: 0 },
    '流转台账（全部保存期）',
    'ledger of what was passed on, all that is kept',
  );
  return {
    subject,
    sections: [
      section(
        say('结论', 'Conclusion'),
        [fromRegistry(wish), events, ledger],
        facts(
          [say('核心数据资产', 'Assets with core data'), assets.filter(({ level }) => level === 'core').length],
          [
            say('重要数据资产', 'Assets with important data'),
            assets.filter(({ level }) => level === 'important').length,
          ],
          [say('期内安全发现', 'Findings in the span'), counts.reduce((sum, { findings }) => sum + findings, 0)],
        ),
        holes(assets.flatMap((asset, n) => holesOfAsset(asset, went[n]!, making))),
      ),
      section(
        say('目录', 'List'),
        [fromRegistry(wish)],
        table(
          say('重要与核心数据资产', 'Important and core assets'),
          [
            COLUMN.asset,
            COLUMN.level,
            say('所有部门', 'Owner'),
            say('监管部门', 'Supervisor'),
            say('共享类别', 'Sharing class'),
            say('下次复核', 'Next review'),
          ],
          assets.map((asset) => [
            asset.name,
            called(LEVELS, asset.level),
            nameOf(view.named('department', asset.owner)),
            nameOf(view.named('department', asset.supervisor)),
            called(SHARING, asset.sharing),
            when(asset.nextReview),
          ]),
        ),
      ),
      section(
        say('使用方', 'Who uses it'),
        [events],
        table(
          say('按行数', 'Most rows first'),
          [COLUMN.asset, COLUMN.department, COLUMN.vendor, COLUMN.events, COLUMN.rows, COLUMN.last],
          usersOf(lines).map((line) => [
            nameOf(view.named('asset', line.asset)),
            nameOf(view.named('department', line.department)),
            line.vendor === '' ? say('无', 'none') : nameOf(view.named('vendor', line.vendor)),
            line.events,
            line.rows,
            { at: line.last },
          ]),
        ),
      ),
      section(
        say('越界流向', 'Beyond the boundary'),
        [ledger],
        table(
          say('授权边界之外的接收方', 'Recipients outside of the boundary'),
          [COLUMN.asset, COLUMN.recipient, say('经手次数', 'Hops'), COLUMN.rows, COLUMN.first, COLUMN.last],
          assets.flatMap((asset, n) => outsideRows(asset, went[n]!)),
        ),
      ),
      section(
        say('安全发现', 'Findings'),
        [fromStore(wish, '发现（按首次产生时间）', 'findings by when they were raised')],
        table(
          say('按资产与检测器', 'By asset and detector'),
          [COLUMN.asset, COLUMN.detector, COLUMN.severity, COLUMN.findings, say('其中抑制', 'Suppressed')],
          ofAllDepartments(counts).map((one) => [
            nameOf(view.named('asset', one.asset)),
            both(one.detector),
            called(SEVERITIES, one.severity),
            one.findings,
            one.suppressed,
          ]),
        ),
        responseOf(counts),
      ),
      section(
        say('措施', 'Measures'),
        [fromRegistry(wish)],
        table(
          say('登记的措施', 'Measures on record'),
          [
            COLUMN.asset,
            say('有效授信', 'Grants in force'),
            say('有限额的授信', 'With a quota'),
            say('日志源', 'Log sources'),
            say('监管部门', 'Supervisor'),
          ],
          assets.map((asset) => {
            const grants = view.registry.grantsFor(asset.id, view.at);
            return [
              asset.name,
              grants.length,
              grants.filter(({ quota }) => quota.rowsPerDay > 0 || quota.ratePerMinute > 0).length,
              namesOf(sourcesOf(asset, making)),
              nameOf(view.named('department', asset.supervisor)),
            ];
          }),
        ),
      ),
    ],
  };
}

function sourcesOf({ system }: Asset, { view }: Making) {
  const covering = view.registry.sources().filter((source) => system !== '' && source.system === system);
  return covering.map(({ id, name }) => ({ id, name, known: true }));
}

/** Counts of an asset, whichever department somebody was of. */
function ofAllDepartments(counts: readonly FindingCount[]): FindingCount[] {
  const by = new Map<string, FindingCount>();
  for (const one of counts) {
    const key = JSON.stringify([one.asset, one.detector, one.severity]);
    const { findings, suppressed } = by.get(key) ?? { findings: 0, suppressed: 0 };
    by.set(key, { ...one, findings: findings + one.findings, suppressed: suppressed + one.suppressed });
  }
  return [...by.values()];
}

function responseOf(counts: readonly FindingCount[]) {
  const grave = counts.filter(({ severity }) => severity === 'critical' || severity === 'high');
  return facts([
    say('其中高与严重', 'High and critical among them'),
    grave.reduce((sum, { findings }) => sum + findings, 0),
  ]);
}

/** Purposes and grants taken together. */
function usersOf(lines: readonly Processing[]): Processing[] {
  const by = new Map<string, Processing>();
  for (const line of lines) {
    const key = JSON.stringify([line.asset, line.department, line.vendor]);
    const known = by.get(key);
    by.set(key, {
      ...line,
      events: line.events + (known?.events ?? 0),
      rows: line.rows + (known?.rows ?? 0),
      last: Math.max(line.last, known?.last ?? 0),
    });
  }
  return [...by.values()].sort((a, b) => b.rows - a.rows || (a.asset + a.department < b.asset + b.department ? -1 : 1));
}

type Went = Diffusion & { titles: Record<string, Bilingual> };

function outsideRows(asset: Asset, { nodes, edges, titles }: Went): Cell[][] {
  return nodes
    .filter(({ outside, name, hops }) => outside && name !== '' && hops !== 0)
    .map((node) => {
      const to = edges.filter((edge) => edge.to === node.id);
      return [
        asset.name,
        titles[node.id] ?? unregistered(node.name),
        node.hops < 0 ? say('来路不明', 'not known') : node.hops,
        to.reduce((sum, { rows }) => sum + rows, 0),
        to.length === 0 ? null : { at: Math.min(...to.map(({ first }) => first)) },
        to.length === 0 ? null : { at: Math.max(...to.map(({ last }) => last)) },
      ];
    });
}

function holesOfAsset(asset: Asset, went: Went, making: Making): HoleLine[] {
  const { view } = making;
  const hole = (name: string, zh: string, en: string): HoleLine => ({
    hole: name,
    text: say(zh, en),
    about: asset.name,
  });
  const outside = outsideRows(asset, went).length;
  return [
    ...(asset.owner === '' ? [hole('no-owner', '没有写明所有部门', 'no owner is stated')] : []),
    ...(asset.supervisor === '' ? [hole('no-supervisor', '没有写明监管部门', 'no supervisor is stated')] : []),
    ...(asset.gradedAt === 0 ? [hole('not-graded', '没有写明定级时间', 'when it was graded is not stated')] : []),
    ...(asset.nextReview === 0 ? [hole('no-review', '没有安排复核', 'no review is planned')] : []),
    ...(asset.nextReview > 0 && asset.nextReview < view.at
      ? [hole('review-overdue', '复核已逾期', 'its review is overdue')]
      : []),
    ...(outside > 0
      ? [
          hole(
            'outside-boundary',
            `流到授权边界之外（${outside} 个接收方）`,
            `it went to ${outside} parties outside of its boundary`,
          ),
        ]
      : []),
    ...(sourcesOf(asset, making).length === 0 ? [hole('no-source', '没有日志源覆盖', 'no log source covers it')] : []),
    ...(asset.sharing === 'unconditional'
      ? [
          hole(
            'shared-freely',
            '重要数据却登记为无条件共享',
            'it is important, and registered as shared unconditionally',
          ),
        ]
      : []),
  ];
}
