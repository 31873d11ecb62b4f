import type { Bilingual } from '../../finding/finding.ts';
import type { FiveQuestions, Hole } from '../../profile/five-questions.ts';
import type { GrantView } from '../../profile/registry-view.ts';
import type { Asset } from '../../registry/registry.ts';
import { assetsOf } from '../assets-of.ts';
import { oneByOne, subjectName, type Made, type Making } from '../making.ts';
import type { Cell, HoleLine, Section } from '../report.ts';
import {
  ends,
  both,
  called,
  COLUMN,
  daysOf,
  facts,
  fromRegistry,
  fromStore,
  holes,
  LEVELS,
  nameOf,
  namesOf,
  note,
  PERSONAL,
  say,
  section,
  SHARING,
  stated,
  table,
  until,
  when,
} from '../writing.ts';
import { HOLES } from './hole-words.ts';

/** The five questions about one asset, or about every asset of a department, with every hole in the answers. */
export async function fiveQuestionsReport(making: Making): Promise<Made> {
  const { wish, sight, view } = making;
  const subject = subjectName(view, wish.subject);
  const assets = assetsOf(view, wish.subject);
  const answers = await oneByOne(assets, making, (asset) =>
    sight.profiles.questions(asset.id, daysOf(wish), wish.to - 1),
  );
  const all = assets.map((asset, n) => ({
    asset,
    answer: answers[n]!,
    holes: holesOfAsset(asset, answers[n]!, making),
  }));
  const none = note('该部门没有登记数据资产。', 'No data asset is registered for this department.');
  return {
    subject,
    sections: [
      section(
        say('结论：全部缺口', 'Conclusion: all holes'),
        [fromRegistry(wish), fromStore(wish, '事件与流转台账', 'events and ledger of what was passed on')],
        assets.length === 0 ? none : holes(all.flatMap((one) => one.holes)),
      ),
      ...all.flatMap(({ asset, answer }) => sectionsOf(asset, answer, making)),
    ],
  };
}

/** Those of the questions, and what the register itself lacks about the asset. */
function holesOfAsset(asset: Asset, answer: FiveQuestions, { view }: Making): HoleLine[] {
  const about: Bilingual = asset.name;
  const line = (hole: keyof typeof HOLES, names: readonly Bilingual[] = [], count = 0): HoleLine => ({
    hole,
    text: withNames(HOLES[hole], names, count),
    about,
  });
  const owner = view.named('department', asset.owner);
  const supervisor = view.named('department', asset.supervisor);
  const own: HoleLine[] = [
    ...(owner === undefined ? [line('no-owner')] : owner.known ? [] : [line('owner-unregistered', [owner.name], 1)]),
    ...(asset.system === '' ? [line('no-system')] : []),
    ...(asset.fields.length === 0 ? [line('no-fields')] : []),
    ...(asset.gradedAt === 0 ? [line('not-graded')] : []),
    ...(asset.rows === 0 ? [line('size-unknown')] : []),
    ...(asset.personalInformation !== 'none' && asset.persons === 0 ? [line('persons-unknown')] : []),
    ...(supervisor === undefined
      ? [line('no-supervisor')]
      : supervisor.known
        ? []
        : [line('supervisor-unregistered', [supervisor.name], 1)]),
  ];
  const asked: readonly Hole[] = [answer.may, answer.used, answer.purpose, answer.went, answer.until].flatMap(
    (part) => part.holes,
  );
  return [...own, ...asked.map(({ hole, names, count }) => line(hole, names, count))];
}

function withNames(text: Bilingual, names: readonly Bilingual[], count: number): Bilingual {
  const more = names.length > 0 && count > names.length;
  const zh = [count > 0 ? `（${count}）` : '', names.length > 0 ? `：${names.map((name) => name.zh).join('、')}` : ''];
  const en = [count > 0 ? ` (${count})` : '', names.length > 0 ? `: ${names.map((name) => name.en).join(', ')}` : ''];
  return say(`${text.zh}${zh.join('')}${more ? '等' : ''}`, `${text.en}${en.join('')}${more ? ', …' : ''}`);
}

function sectionsOf(asset: Asset, answer: FiveQuestions, making: Making): Section[] {
  const { wish, view } = making;
  const seen = fromStore(
    { ...wish, from: answer.from, to: answer.to },
    `事件（数据资产 ${asset.id}）`,
    `events on ${asset.id}`,
  );
  const title = (zh: string, en: string): Bilingual => say(`${asset.name.zh}：${zh}`, `${asset.name.en}: ${en}`);
  const { reasons } = answer.purpose;
  return [
    section(
      title('谁来开放、开放什么', 'who opens it, and what'),
      [fromRegistry(wish)],
      facts(
        [say('标识', 'Id'), stated(asset.id)],
        [say('开放部门', 'Opened by'), nameOf(view.named('department', asset.owner))],
        [say('所在系统', 'System'), nameOf(view.named('system', asset.system))],
        [COLUMN.level, called(LEVELS, asset.level)],
        [say('个人信息', 'Personal information'), called(PERSONAL, asset.personalInformation)],
        [say('共享类别', 'Sharing class'), called(SHARING, asset.sharing)],
        [say('字段', 'Fields'), fieldsOf(asset)],
        [say('数据量（行）', 'Rows'), asset.rows === 0 ? null : asset.rows],
        [say('涉及人数', 'Persons'), asset.persons === 0 ? null : asset.persons],
        [say('定级时间', 'Graded'), when(asset.gradedAt)],
      ),
    ),
    section(
      title('谁来用', 'who uses it'),
      [fromRegistry(wish), seen],
      grantTable(answer.may.grants, answer.may.open),
      table(
        say('实际使用（行数最多的 10 个账号）', 'Used by (the 10 accounts with the most rows)'),
        [say('账号', 'Account'), COLUMN.events, COLUMN.rows, COLUMN.first, COLUMN.last],
        answer.used.actors.map((use) => [
          use.name === '' ? say('日志未写明账号', 'log line names no account') : use.title,
          ...[use.events, use.rows],
          ...[{ at: use.first }, { at: use.last }],
        ]),
      ),
    ),
    section(
      title('怎么用', 'how it is used'),
      [
        seen,
        fromStore({ ...wish, from: 0 }, '流转台账（全部保存期）', 'ledger of what was passed on, all that is kept'),
      ],
      table(
        say('日志写明的目的', 'Purposes that log lines state'),
        [COLUMN.purpose, COLUMN.events, COLUMN.rows],
        answer.purpose.purposes.map(({ name, events, rows }) => [stated(name), events, rows]),
      ),
      facts(
        [say('访问次数', 'Events'), reasons.events],
        [say('不同账号', 'Different accounts'), reasons.actors],
        [say('写明目的', 'With a purpose'), reasons.withPurpose],
        [say('写明案件号', 'With a case'), reasons.withCase],
        [say('写明授信', 'With a grant'), reasons.withGrant],
        [say('对外提供', 'Passed on'), reasons.outward],
        [say('流向的单位', 'Parties it went to'), answer.went.parties],
        [say('其中在授权边界之外', 'Of these outside the boundary'), answer.went.outside],
        [say('流转行数', 'Rows passed on'), answer.went.rows],
      ),
    ),
    section(
      title('谁来监管', 'who supervises it'),
      [fromRegistry(wish)],
      facts(
        [say('监管部门', 'Supervised by'), nameOf(view.named('department', asset.supervisor))],
        [say('下次复核', 'Next review'), when(answer.until.nextReview)],
        [say('最早到期的授信', 'First grant to end'), ends(answer.until.firstEnd)],
        [say('覆盖它的日志源', 'Log sources that cover it'), namesOf(answer.used.sources)],
      ),
    ),
  ];
}

function fieldsOf({ fields }: Asset): Cell {
  if (fields.length === 0) return null;
  return { list: fields.map(({ name, tags }) => both(tags.length === 0 ? name : `${name} [${tags.join(', ')}]`)) };
}

const STATES: Readonly<Record<GrantView['state'], Bilingual>> = {
  'in-force': say('有效', 'in force'),
  'to-come': say('未生效', 'to come'),
  over: say('已到期', 'over'),
  revoked: say('已撤销', 'revoked'),
};

function grantTable(grants: readonly GrantView[], open: boolean) {
  const title = open
    ? say('授信（无条件共享的资产不要求授信）', 'Grants (an asset that is shared unconditionally needs none)')
    : say('授信', 'Grants');
  return table(
    title,
    [COLUMN.grant, COLUMN.recipient, COLUMN.purpose, COLUMN.approval, say('状态', 'State'), COLUMN.until],
    grants.map((grant) => [
      both(grant.id),
      nameOf(grant.recipient),
      stated(grant.purpose),
      stated(grant.approvalNumber),
      STATES[grant.state],
      until(grant.to),
    ]),
  );
}
