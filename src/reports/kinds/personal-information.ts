import { mayHave } from '../../detection/authorization.ts';
import type { Bilingual } from '../../finding/finding.ts';
import type { Asset } from '../../registry/registry.ts';
import type { RegistryView } from '../../profile/registry-view.ts';
import type { Processing } from '../../store/report-queries.ts';
import { assetsOf } from '../assets-of.ts';
import { subjectName, type Made, type Making } from '../making.ts';
import type { HoleLine, Section } from '../report.ts';
import { LEDGER_DAYS } from '../report-sight.ts';
import {
  ends,
  both,
  called,
  COLUMN,
  facts,
  fromRegistry,
  fromStore,
  holes,
  nameOf,
  namesOf,
  note,
  PERSONAL,
  say,
  section,
  stated,
  table,
  unregistered,
  when,
} from '../writing.ts';

const MOST_LINES = 2_000;
/** 个人信息保护合规审计管理办法: whoever handles more persons audits at least every two years. */
const PERSONS_OF_LAW = 10_000_000;
const TWO_YEARS_MS = 2 * 365 * 86_400_000;
/** src/access/reveals.ts */
const REVEALS: Readonly<Record<string, Bilingual>> = {
  investigation: say('调查处置', 'investigation'),
  complaint: say('投诉举报', 'complaint'),
  audit: say('审计核查', 'audit'),
  other: say('其他', 'other'),
};

/** What an auditor of the processing of personal information asks for, and where the answers have holes. */
export async function personalInformationPack(making: Making): Promise<Made> {
  const { wish, sight, view, step, scope, signedAt } = making;
  const subject = subjectName(view, wish.subject);
  const assets = assetsOf(view, wish.subject).filter(({ personalInformation }) => personalInformation !== 'none');
  const ids = assets.map(({ id }) => id);
  step(0, 3);
  const lines = ids.length === 0 ? [] : await sight.store.processing(ids, wish, MOST_LINES);
  step(1, 3);
  const shared = ids.length === 0 ? [] : await sight.store.shared(ids, wish, MOST_LINES);
  step(2, 3);
  const reveals = scope === null ? await sight.store.reveals(wish) : undefined;
  step(3, 3);
  const persons = assets.reduce((sum, asset) => sum + asset.persons, 0);
  const unknown = assets.filter((asset) => asset.persons === 0);
  const events = fromStore(wish, '事件（含个人信息的资产）', 'events on assets with personal information');
  const ungranted = lines.filter((line) => isUngranted(line, view));
  return {
    subject,
    sections: [
      section(
        say('审计周期与结论', 'Audit cycle and conclusion'),
        [fromRegistry(wish)],
        facts(
          [say('含个人信息的资产', 'Assets with personal information'), assets.length],
          [
            say('其中敏感', 'Sensitive among them'),
            assets.filter((one) => one.personalInformation === 'sensitive').length,
          ],
          [say('涉及人数（各资产合计，可能重复）', 'Persons (sum over assets, some more than once)'), persons],
          [say('人数未知的资产', 'Assets whose persons are not counted'), unknown.length],
          [say('审计要求', 'Audit due'), cycleOf(persons)],
          [say('上次签发本资料', 'Last pack that was signed'), when(signedAt) ?? say('从未', 'none was')],
        ),
        holes([
          ...overdueOf(persons, making, subject),
          ...assets.flatMap((asset) => holesOfAsset(asset, view)),
          ...lines.flatMap((line) => holesOfLine(line, view)),
        ]),
      ),
      assetSection(assets, making),
      section(
        say('处理目的与授权依据', 'Purposes and legal basis'),
        [events, fromRegistry(wish)],
        table(
          say('行数多的在前', 'Most rows first'),
          [
            COLUMN.asset,
            say('处理方', 'Processed by'),
            COLUMN.purpose,
            say('授权依据', 'Legal basis'),
            COLUMN.events,
            COLUMN.rows,
            say('涉及主体（约）', 'Data subjects, about'),
          ],
          lines.map((line) => [
            nameOf(view.named('asset', line.asset)),
            byWhom(line, view),
            stated(line.purpose || (grantOf(line, view)?.purpose ?? '')),
            basisOf(line, view),
            line.events,
            line.rows,
            line.subjects,
          ]),
        ),
        ...cutAt(lines.length),
      ),
      section(
        say('受托处理方', 'Entrusted parties'),
        [fromRegistry(wish), events],
        table(
          say('建设或运维含个人信息系统的服务商', 'Vendors that build or run systems with personal information'),
          [
            COLUMN.vendor,
            say('系统', 'Systems'),
            say('合同至', 'Contract until'),
            say('保密协议至', 'Agreement until'),
            COLUMN.events,
          ],
          entrusted(assets, lines, view),
        ),
      ),
      section(
        say('对外提供', 'Passed on to others'),
        [fromStore(wish, '流转台账', 'ledger of what was passed on')],
        table(
          say('按数据资产与接收方', 'By asset and recipient'),
          [COLUMN.asset, COLUMN.recipient, COLUMN.grant, COLUMN.purpose, COLUMN.events, COLUMN.rows],
          shared.map((line) => [
            nameOf(view.named('asset', line.asset)),
            line.recipient === '' ? null : nameOf(view.party(line.recipient)),
            stated(line.grant),
            stated(line.purpose),
            line.events,
            line.rows,
          ]),
        ),
        ...cutAt(shared.length),
      ),
      section(
        say('无授权的访问', 'Accesses without a grant'),
        [events, fromRegistry(wish)],
        table(
          say('使用方既非所有部门，也没有有效授信', 'By parties that are neither the owner nor have a grant in force'),
          [COLUMN.asset, COLUMN.department, COLUMN.vendor, COLUMN.events, COLUMN.rows, COLUMN.last],
          ungranted.map((line) => [
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
        say('查看明文', 'Events shown unmasked'),
        [fromStore(wish, '审计记录（查看事件明文）', 'audit trail (events revealed)')],
        reveals === undefined
          ? note('限定范围的账号看不到审计记录：未知。', 'The audit trail is not seen within a scope: not known.')
          : table(
              say('按理由', 'By purpose'),
              [COLUMN.purpose, say('账号数', 'Accounts'), say('次数', 'Reveals')],
              reveals.map((one) => [
                one.purpose === '' ? null : called(REVEALS, one.purpose),
                one.accounts,
                one.reveals,
              ]),
            ),
      ),
      section(
        say('保存期限', 'Retention'),
        [{ what: say('本平台设置', 'settings of this platform'), from: null, to: null, asOf: wish.to }],
        facts(
          [
            say('事件（天，法定不少于六个月）', 'Events, days (six months at least by law)'),
            sight.retention.retentionDays,
          ],
          [say('共享台账（天，法定不少于三年）', 'Ledger of sharing, days (three years at least by law)'), LEDGER_DAYS],
          [say('审计记录（天）', 'Audit trail, days'), sight.retention.auditRetentionDays],
          [say('业务系统内个人信息的保存期限', 'How long business systems keep personal information'), null],
        ),
      ),
    ],
  };
}

/** Whoever handles more than 10 million persons, and has no pack that was signed within two years. */
function overdueOf(persons: number, { signedAt, wish }: Making, about: Bilingual): HoleLine[] {
  if (persons <= PERSONS_OF_LAW || (signedAt !== null && wish.to - signedAt < TWO_YEARS_MS)) return [];
  return [
    { hole: 'audit-overdue', text: say('两年内没有签发过合规审计资料', 'no pack was signed within two years'), about },
  ];
}

function cycleOf(persons: number) {
  return persons > PERSONS_OF_LAW
    ? say('超过 1000 万人：至少每两年一次', 'more than 10 million persons: at least every two years')
    : say('未超过 1000 万人：合理确定周期', '10 million persons or fewer: at a reasonable interval');
}

function assetSection(assets: readonly Asset[], { wish, view }: Making): Section {
  return section(
    say('含个人信息的资产', 'Assets with personal information'),
    [fromRegistry(wish)],
    table(
      say('按标识', 'By id'),
      [
        COLUMN.asset,
        say('所有部门', 'Owner'),
        say('个人信息', 'Personal information'),
        say('人数', 'Persons'),
        say('带标签的字段', 'Tagged fields'),
        say('下次复核', 'Next review'),
      ],
      assets.map((asset) => {
        const tagged = asset.fields.filter(({ tags }) => tags.length > 0);
        return [
          asset.name,
          nameOf(view.named('department', asset.owner)),
          called(PERSONAL, asset.personalInformation),
          asset.persons === 0 ? null : asset.persons,
          tagged.length === 0 ? null : { list: tagged.map(({ name }) => both(name)) },
          when(asset.nextReview),
        ];
      }),
    ),
  );
}

function holesOfAsset(asset: Asset, view: RegistryView): HoleLine[] {
  const hole = (name: string, zh: string, en: string): HoleLine => ({
    hole: name,
    text: say(zh, en),
    about: asset.name,
  });
  const isTagged = asset.fields.some(({ tags }) => tags.length > 0);
  return [
    ...(asset.persons === 0
      ? [hole('persons-unknown', '涉及人数未知', 'how many persons it is about is not known')]
      : []),
    ...(asset.owner === '' ? [hole('no-owner', '没有写明所有部门', 'no owner is stated')] : []),
    ...(isTagged ? [] : [hole('no-tags', '没有标记哪些字段是个人信息', 'no field is tagged as personal')]),
    ...(asset.nextReview === 0 ? [hole('no-review', '没有安排复核', 'no review is planned')] : []),
    ...(asset.nextReview > 0 && asset.nextReview < view.at
      ? [hole('review-overdue', '复核已逾期', 'its review is overdue')]
      : []),
  ];
}

function holesOfLine(line: Processing, view: RegistryView): HoleLine[] {
  const about = view.named('asset', line.asset)?.name ?? both(line.asset);
  const by = byWhom(line, view) ?? say('处理方不明', 'nobody known');
  const hole = (name: string, zh: string, en: string): HoleLine => ({
    hole: name,
    text: say(`${zh}（${by.zh}，${line.events} 次）`, `${en} (${by.en}, ${line.events})`),
    about,
  });
  return [
    ...(line.purpose === '' && (grantOf(line, view)?.purpose ?? '') === ''
      ? [hole('no-purpose', '处理目的不明', 'the purpose of processing is not known')]
      : []),
    ...(isUngranted(line, view)
      ? [hole('without-grant', '没有授权依据的处理', 'processing without a legal basis')]
      : []),
  ];
}

function isUngranted({ asset, department, last }: Processing, view: RegistryView): boolean {
  const entry = view.registry.asset(asset, last);
  return entry !== undefined && !mayHave(department, entry, view.registry, last);
}

function grantOf({ grant, last }: Processing, view: RegistryView) {
  return grant === '' ? undefined : view.registry.grant(grant, last);
}

function byWhom({ vendor, department }: Processing, view: RegistryView): Bilingual | null {
  const named = view.named('vendor', vendor) ?? view.named('department', department);
  return named === undefined ? null : named.known ? named.name : unregistered(named.id);
}

/** Whose own data it is needs none; else the grant with its approval. */
function basisOf(line: Processing, view: RegistryView) {
  const grant = grantOf(line, view);
  if (grant !== undefined) return both([grant.id, grant.approvalNumber].filter(Boolean).join(' · '));
  if (line.grant !== '') return say(`${line.grant}（未登记）`, `${line.grant} (not registered)`);
  const asset = view.registry.asset(line.asset, line.last);
  if (asset !== undefined && asset.owner !== '' && asset.owner === line.department)
    return say('本部门履职', 'duty of the owner');
  const [standing] = view.registry
    .grantsFor(line.asset, line.last)
    .filter(({ recipient }) => recipient === line.department);
  return standing === undefined ? null : both([standing.id, standing.approvalNumber].filter(Boolean).join(' · '));
}

function entrusted(assets: readonly Asset[], lines: readonly Processing[], view: RegistryView) {
  const { registry, at } = view;
  const systems = new Map<string, string[]>();
  for (const { system: id } of assets) {
    const system = registry.system(id, at);
    for (const vendor of [system?.builtBy ?? '', system?.runBy ?? ''].filter(Boolean))
      systems.set(vendor, [...new Set([...(systems.get(vendor) ?? []), id])]);
  }
  for (const { vendor } of lines) if (vendor !== '' && !systems.has(vendor)) systems.set(vendor, []);
  return [...systems]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, run]) => {
      const last = registry.contractsOf(id).map(({ to }) => to);
      return [
        nameOf(view.named('vendor', id)),
        run.length === 0 ? say('未登记', 'none registered') : namesOf(view.all('system', run)),
        last.length === 0 ? null : ends(Math.max(...last)),
        ends(registry.vendor(id, at)?.ndaUntil),
        lines.reduce((sum, { vendor, events }) => sum + (vendor === id ? events : 0), 0),
      ];
    });
}

function cutAt(count: number) {
  if (count < MOST_LINES) return [];
  return [
    note(
      `只列出前 ${MOST_LINES} 行：请缩短时间范围或按部门生成。`,
      `Only the first ${MOST_LINES} lines are listed: make it for a shorter span, or by department.`,
    ),
  ];
}
