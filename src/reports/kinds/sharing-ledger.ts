import type { RegistryView } from '../../profile/registry-view.ts';
import type { SharedLine } from '../../store/report-queries.ts';
import { assetsOf } from '../assets-of.ts';
import { subjectName, type Made, type Making } from '../making.ts';
import type { Cell, HoleLine } from '../report.ts';
import { LEDGER_DAYS } from '../report-sight.ts';
import {
  both,
  COLUMN,
  facts,
  fromRegistry,
  fromStore,
  holes,
  nameOf,
  note,
  say,
  section,
  stated,
  table,
  unregistered,
} from '../writing.ts';

const MOST_LINES = 5_000;

/** What was passed on of which asset to whom, under which grant, for what and how much. */
export async function sharingLedger(making: Making): Promise<Made> {
  const { wish, sight, view, step } = making;
  const subject = subjectName(view, wish.subject);
  step(0, 1);
  const assets = wish.subject.kind === 'platform' ? [] : assetsOf(view, wish.subject).map(({ id }) => id);
  const isEmpty = wish.subject.kind !== 'platform' && assets.length === 0;
  const lines = isEmpty ? [] : await sight.store.shared(assets, wish, MOST_LINES);
  const ledger = fromStore(wish, '流转台账', 'ledger of what was passed on');
  const sum = (of: 'events' | 'rows'): number => lines.reduce((total, line) => total + line[of], 0);
  return {
    subject,
    sections: [
      section(
        say('合计', 'In all'),
        [ledger],
        facts(
          [say('数据资产', 'Data assets'), new Set(lines.map(({ asset }) => asset)).size],
          [say('接收方', 'Recipients'), new Set(lines.map(({ recipient }) => recipient)).size],
          [say('提供次数', 'Passings'), sum('events')],
          [say('行数', 'Rows'), sum('rows')],
          [say('台账保存天数', 'Days that the ledger is kept'), LEDGER_DAYS],
        ),
        ...(lines.length < MOST_LINES
          ? []
          : [
              note(
                `只统计前 ${MOST_LINES} 行：请缩短时间范围或按部门生成。`,
                `Only the first ${MOST_LINES} lines are counted: make it for a shorter span, or by department.`,
              ),
            ]),
        holes(lines.flatMap((line) => holesOfLine(line, view))),
      ),
      section(
        say('台账', 'Ledger'),
        [ledger, fromRegistry(wish)],
        table(
          say('按数据资产与接收方', 'By asset and recipient'),
          [
            COLUMN.asset,
            say('提供方', 'Passed on by'),
            COLUMN.recipient,
            COLUMN.grant,
            COLUMN.approval,
            COLUMN.purpose,
            COLUMN.events,
            COLUMN.rows,
            COLUMN.first,
            COLUMN.last,
          ],
          lines.map((line) => rowOf(line, view)),
        ),
      ),
    ],
  };
}

function rowOf(line: SharedLine, view: RegistryView): Cell[] {
  const grant = line.grant === '' ? undefined : view.registry.grant(line.grant, line.last);
  return [
    assetCell(line, view),
    senderOf(line, view),
    line.recipient === '' ? null : partyCell(line.recipient, view),
    stated(line.grant),
    grant === undefined ? null : stated(grant.approvalNumber),
    stated(line.purpose || (grant?.purpose ?? '')),
    line.events,
    line.rows,
    { at: line.first },
    { at: line.last },
  ];
}

function assetCell({ asset }: SharedLine, view: RegistryView): Cell {
  return nameOf(view.named('asset', asset));
}

function senderOf({ vendor, department, system }: SharedLine, view: RegistryView): Cell {
  if (vendor !== '') return nameOf(view.named('vendor', vendor));
  if (department !== '') return nameOf(view.named('department', department));
  return nameOf(view.named('system', system));
}

function partyCell(id: string, view: RegistryView): Cell {
  const party = view.party(id);
  return party.known ? party.name : unregistered(id);
}

/** What the law wants to be on record, and is not. */
function holesOfLine(line: SharedLine, view: RegistryView): HoleLine[] {
  const about = view.named('asset', line.asset)?.name ?? both(line.asset);
  const to = line.recipient === '' ? say('接收方不明', 'unknown recipient') : view.party(line.recipient).name;
  const hole = (name: string, zh: string, en: string): HoleLine => ({
    hole: name,
    text: say(`${zh}（${to.zh}，${line.events} 次）`, `${en} (${to.en}, ${line.events})`),
    about,
  });
  const asset = view.registry.asset(line.asset, view.at);
  const grant = line.grant === '' ? undefined : view.registry.grant(line.grant, line.last);
  const isOpen = asset?.sharing === 'unconditional';
  return [
    ...(asset === undefined
      ? [hole('asset-unregistered', '提供了未登记的资产', 'an asset that is not registered was passed on')]
      : []),
    ...(line.recipient === '' ? [hole('no-recipient', '没有写明接收方', 'no recipient is stated')] : []),
    ...(line.recipient !== '' && !view.party(line.recipient).known
      ? [hole('recipient-unregistered', '接收方未登记', 'the recipient is not registered')]
      : []),
    ...(line.grant === '' && !isOpen ? [hole('no-grant', '没有写明授信', 'no grant is stated')] : []),
    ...(line.grant !== '' && grant === undefined
      ? [hole('grant-unregistered', '授信未登记', 'the grant is not registered')]
      : []),
    ...(line.purpose === '' && (grant?.purpose ?? '') === ''
      ? [hole('no-purpose', '目的不明', 'its purpose is not known')]
      : []),
  ];
}
