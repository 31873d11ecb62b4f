import { FAMILIES, familyOf } from '../../detection/families.ts';
import type { Bilingual } from '../../finding/finding.ts';
import type { PostureStep } from '../../store/posture-queries.ts';
import type { FindingCount, Response } from '../../store/report-queries.ts';
import { validAt, type Valid } from '../../registry/versions.ts';
import { subjectName, type Made, type Making } from '../making.ts';
import type { Cell, Section } from '../report.ts';
import {
  both,
  called,
  COLUMN,
  facts,
  fromRegistry,
  fromStore,
  nameOf,
  note,
  say,
  section,
  SEVERITIES,
  table,
} from '../writing.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MOST_TERMS = 20;
const FAMILY_NAMES: Readonly<Record<string, Bilingual>> = {
  data: say('数据使用', 'data'),
  vendor: say('服务商', 'vendors'),
  identity: say('账号与身份', 'identities'),
  logs: say('日志与监控', 'logs'),
};
const LISTS = ['departments', 'systems', 'assets', 'vendors', 'grants'] as const;
const LIST_NAMES: Readonly<Record<(typeof LISTS)[number], Bilingual>> = {
  departments: say('部门', 'departments'),
  systems: say('系统', 'systems'),
  assets: say('数据资产', 'data assets'),
  vendors: say('服务商', 'vendors'),
  grants: say('授信', 'grants'),
};

/** A month of the platform, or of a department: how it stood, what was found, how soon people reacted, what changed. */
export async function monthlyPosture(making: Making): Promise<Made> {
  const { wish, sight, view, step } = making;
  const subject = subjectName(view, wish.subject);
  const { kind, id } = wish.subject;
  const scope = kind === 'department' ? ({ kind, id } as const) : ({ kind: 'overall', id: '' } as const);
  step(0, 5);
  const end = await sight.posture.of(scope, wish.to - 1, MOST_TERMS);
  step(1, 5);
  const days = (await sight.posture.series(scope, wish.from, wish.to, DAY_MS)) as readonly PostureStep[];
  step(2, 5);
  const all = await sight.store.findings(wish);
  const counts = kind === 'department' ? all.filter(({ department }) => department === id) : all;
  step(3, 5);
  const responses = await sight.store.responses(wish);
  step(4, 5);
  const scores = fromStore(wish, '评分（每分钟一次，按日平均）', 'scores, kept once a minute, averaged by day');
  return {
    subject,
    sections: [
      section(
        say('期末态势', 'How it stood at the end'),
        [{ what: say('评分', 'score'), from: null, to: null, asOf: wish.to }, scores],
        facts(
          [say('评分（0–100，100 为平稳）', 'Score (0–100, 100 is calm)'), end.score],
          [say('可信度（0–100）', 'Trust (0–100)'), end.trust],
          [say('期内平均', 'Mean of the span'), days.length === 0 ? null : mean(days.map((day) => day.score))],
          [
            say('期内最低', 'Lowest of the span'),
            days.length === 0 ? null : Math.min(...days.map((day) => day.lowest)),
          ],
          [say('期内发现', 'Findings in the span'), counts.reduce((sum, { findings }) => sum + findings, 0)],
        ),
        table(
          say(`失分最多的 ${MOST_TERMS} 项`, `The ${MOST_TERMS} terms that cost most`),
          [say('项', 'Term'), say('失分', 'Lost'), say('说明', 'Why')],
          end.terms.map((term) => [term.title, term.lost, term.explanation]),
        ),
      ),
      section(
        say('走势', 'Trend'),
        [scores],
        table(
          say('按日', 'By day'),
          [say('日', 'Day'), say('平均', 'Mean'), say('最低', 'Lowest'), say('可信度', 'Trust')],
          days.map((day) => [{ from: day.at }, day.score, day.lowest, day.trust]),
        ),
      ),
      findingSection(counts, making),
      responseSection(responses, making),
      await forecastSection(making),
      changeSection(making),
    ],
  };
}

function mean(values: readonly number[]): number {
  return Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 10) / 10;
}

function findingSection(counts: readonly FindingCount[], { wish, view }: Making): Section {
  const of = (severity: string, some: readonly FindingCount[]): number =>
    some.reduce((sum, one) => sum + (one.severity === severity ? one.findings : 0), 0);
  const severities = ['critical', 'high', 'medium', 'low'];
  const rowOf = (name: Cell, some: readonly FindingCount[]): Cell[] => [
    name,
    ...severities.map((severity) => of(severity, some)),
    some.reduce((sum, { suppressed }) => sum + suppressed, 0),
  ];
  const columns = [...severities.map((one) => called(SEVERITIES, one)), say('其中抑制', 'Suppressed')];
  const departments = [...new Set(counts.map(({ department }) => department))].sort();
  return section(
    say('发现', 'Findings'),
    [fromStore(wish, '发现（按首次产生时间）', 'findings by when they were raised')],
    table(
      say('按类别', 'By family'),
      [say('类别', 'Family'), ...columns],
      FAMILIES.map((family) =>
        rowOf(
          called(FAMILY_NAMES, family),
          counts.filter(({ detector }) => familyOf(detector) === family),
        ),
      ),
    ),
    table(
      say('按部门', 'By department'),
      [COLUMN.department, ...columns],
      departments.map((id) =>
        rowOf(
          id === '' ? say('没有部门', 'no department') : nameOf(view.named('department', id)),
          counts.filter(({ department }) => department === id),
        ),
      ),
    ),
  );
}

function responseSection(responses: readonly Response[], { wish }: Making): Section {
  const hours = (ms: number | null): Cell => (ms === null ? null : Math.round((ms / HOUR_MS) * 10) / 10);
  return section(
    say('响应时间', 'Response times'),
    [fromStore(wish, '处置记录（期内产生的发现）', 'histories of findings that were raised in the span')],
    ...(wish.subject.kind === 'department'
      ? [note('包括所见范围内的全部发现，不只本部门。', 'Of all findings that are seen, not of the department alone.')]
      : []),
    table(
      say('中位数，小时', 'Medians, hours'),
      [
        COLUMN.severity,
        say('产生', 'Raised'),
        say('已接手', 'Taken up'),
        say('已关闭', 'Closed'),
        say('到接手', 'Until taken up'),
        say('到关闭', 'Until closed'),
      ],
      responses.map((one) => [
        called(SEVERITIES, one.severity),
        ...[one.raised, one.acknowledged, one.closed],
        hours(one.acknowledgedMedian),
        hours(one.closedMedian),
      ]),
    ),
  );
}

/** How good forecasts have been is measured when one is made: that is now, not the end of the span. */
async function forecastSection({ wish, sight }: Making): Promise<Section> {
  const title = say('预测误差', 'Error of forecasts');
  const made = await sight.forecasts.of({ series: 'findings', id: '', step: 'day' }).catch(() => undefined);
  if (made === undefined) return section(title, [], note('没有可用的预测：未知。', 'There is no forecast: not known.'));
  const basis = { what: say('每日发现数的预测', 'forecast of findings a day'), from: null, to: null, asOf: wish.to };
  return section(
    title,
    [basis],
    note('误差按制作报告时的最近 28 次预测计算。', 'Measured over the 28 forecasts before the report was made.'),
    facts(
      [say('模型', 'Model'), made.model === '' ? null : both(made.model)],
      [say('MASE（小于 1 优于重复上次的值）', 'MASE (below 1 beats repeating the last value)'), rounded(made.mase)],
      [
        say('80% 区间的实际覆盖率', 'Share within the 80 % interval'),
        made.coverage === null ? null : { share: made.coverage },
      ],
      [say('不显示的原因', 'Why it is hidden'), made.hidden.zh === '' ? say('显示', 'it is shown') : made.hidden],
    ),
  );
}

function rounded(value: number | null): Cell {
  return value === null ? null : Math.round(value * 100) / 100;
}

function changeSection({ wish, sight }: Making): Section {
  const [before, after] = [sight.registry.asOf(wish.from), sight.registry.asOf(wish.to)];
  const rows = LISTS.map((list) => {
    const then = heldAt(before.entries[list], wish.from);
    const now = heldAt(after.entries[list], wish.to - 1);
    const added = [...now.keys()].filter((id) => !then.has(id)).length;
    const ended = [...then.keys()].filter((id) => !now.has(id)).length;
    const changed = [...now].filter(([id, text]) => then.has(id) && then.get(id) !== text).length;
    return [LIST_NAMES[list], then.size, now.size, added, changed, ended];
  });
  return section(
    say('登记库的变化', 'What changed in the registry'),
    [fromRegistry(wish)],
    table(
      say('按期初与期末各自所知', 'As it was known at the beginning and at the end'),
      [
        say('清单', 'List'),
        say('期初', 'At the beginning'),
        say('期末', 'At the end'),
        say('新增', 'New'),
        say('修改', 'Changed'),
        say('终止', 'Ended'),
      ],
      rows,
    ),
  );
}

/** What holds at a time, by id, as text. Grants begin and end by their own dates. */
function heldAt(
  all: readonly ({ id: string } & (Valid | { from: number; to: number }))[],
  at: number,
): Map<string, string> {
  const held = all.filter((one) =>
    'validFrom' in one ? validAt([one], at) !== undefined : at >= one.from && at < one.to,
  );
  return new Map(held.map((one) => [one.id, JSON.stringify(one)]));
}
