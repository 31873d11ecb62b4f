import type { Bilingual } from '../finding/finding.ts';
import type { Named } from '../profile/registry-view.ts';
import { zoneClock } from '../registry/local-time.ts';
import type { Basis, Block, Cell, HoleLine, ReportWish, Section } from './report.ts';

/** The same text in both languages: names, numbers of approvals, ids. */
export function both(text: string): Bilingual {
  return { zh: text, en: text };
}

export function say(zh: string, en: string): Bilingual {
  return { zh, en };
}

/** A text of the registry or of a log line; not known when it is ''. */
export function stated(text: string): Cell {
  return text === '' ? null : both(text);
}

/** When something of the registry begins or is due; not known when it is 0, null or endless. */
export function when(at: number | null | undefined): Cell {
  return isKnown(at) ? { from: at } : null;
}

/** When something of the registry ends; not known when it is 0, null or endless. */
export function ends(at: number | null | undefined): Cell {
  return isKnown(at) ? { until: at } : null;
}

function isKnown(at: number | null | undefined): at is number {
  return at !== null && at !== undefined && at !== 0 && Number.isFinite(at);
}

/** The end of something; one without an end says so. */
export function until(at: number | null): Cell {
  return at === null || !Number.isFinite(at) ? NO_END : { until: at };
}
const NO_END = say('未设期限', 'no end');

export function nameOf(named: Named | undefined): Cell {
  if (named === undefined) return null;
  return named.known ? named.name : unregistered(named.id);
}

/** A name that the registry does not have. */
export function unregistered(id: string): Bilingual {
  return say(`${id}（未登记）`, `${id} (not registered)`);
}

export function namesOf(all: readonly Named[]): Cell {
  return all.length === 0 ? null : { list: all.map((one) => (one.known ? one.name : unregistered(one.id))) };
}

export function yes(is: boolean): Bilingual {
  return is ? say('是', 'yes') : say('否', 'no');
}

export function facts(...rows: readonly (readonly [Bilingual, Cell])[]): Block {
  return { is: 'facts', rows: rows.map(([name, value]) => ({ name, value })) };
}

const MOST_ROWS = 500;

/** @param all of which there may have been more: those beyond 500 rows are counted. */
export function table(title: Bilingual, columns: readonly Bilingual[], all: readonly (readonly Cell[])[]): Block {
  return { is: 'table', title, columns, rows: all.slice(0, MOST_ROWS), left: Math.max(0, all.length - MOST_ROWS) };
}

export function note(zh: string, en: string): Block {
  return { is: 'note', text: say(zh, en) };
}

export function holes(lines: readonly HoleLine[]): Block {
  return { is: 'holes', holes: lines };
}

export function section(title: Bilingual, basis: readonly Basis[], ...blocks: readonly Block[]): Section {
  return { title, basis, blocks };
}

/** The registry as of the end of the report. */
export function fromRegistry({ to }: ReportWish): Basis {
  return { what: say('登记库', 'registry'), from: null, to: null, asOf: to };
}

/** What was counted over the span of the report. */
export function fromStore({ from, to }: ReportWish, zh: string, en: string): Basis {
  return { what: say(zh, en), from, to, asOf: to };
}

/** Whole days of the span, as the questions of the profiles want them. */
export function daysOf({ from, to, timeZone }: ReportWish): number {
  const clock = zoneClock(timeZone);
  return clock.dayOf(to - 1) - clock.dayOf(from) + 1;
}

export const LEVELS: Readonly<Record<string, Bilingual>> = {
  core: say('核心', 'core'),
  important: say('重要', 'important'),
  'general-4': say('一般四级', 'general 4'),
  'general-3': say('一般三级', 'general 3'),
  'general-2': say('一般二级', 'general 2'),
  'general-1': say('一般一级', 'general 1'),
};
export const PERSONAL: Readonly<Record<string, Bilingual>> = {
  none: say('不含个人信息', 'none'),
  personal: say('个人信息', 'personal'),
  sensitive: say('敏感个人信息', 'sensitive'),
};
export const SHARING: Readonly<Record<string, Bilingual>> = {
  unconditional: say('无条件共享', 'unconditional'),
  conditional: say('有条件共享', 'conditional'),
  'not-shared': say('不予共享', 'not shared'),
};
export const SEVERITIES: Readonly<Record<string, Bilingual>> = {
  critical: say('严重', 'critical'),
  high: say('高', 'high'),
  medium: say('中', 'medium'),
  low: say('低', 'low'),
};

/** A code in words; itself where nobody has said what it is called. */
export function called(words: Readonly<Record<string, Bilingual>>, code: string): Bilingual {
  return words[code] ?? both(code);
}

/** Columns that many tables have. */
export const COLUMN = {
  asset: say('数据资产', 'Data asset'),
  department: say('部门', 'Department'),
  vendor: say('服务商', 'Vendor'),
  level: say('级别', 'Level'),
  events: say('次数', 'Events'),
  rows: say('行数', 'Rows'),
  first: say('首次', 'First'),
  last: say('末次', 'Last'),
  purpose: say('目的', 'Purpose'),
  grant: say('授信', 'Grant'),
  approval: say('批准文号', 'Approval'),
  recipient: say('接收方', 'Recipient'),
  detector: say('检测器', 'Detector'),
  severity: say('严重程度', 'Severity'),
  findings: say('发现数', 'Findings'),
  until: say('截止', 'Until'),
  from: say('自', 'From'),
} as const;
