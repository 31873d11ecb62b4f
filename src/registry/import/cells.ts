import { z } from 'zod';
import { ENTRIES, type ListName } from '../schema.ts';

/** A cell as the file has it; dates and numbers of spreadsheets come as such. */
export type Cell = string | number | boolean | Date | null | undefined;

/** Words that people write for values, besides the values themselves. */
const WORDS: Readonly<Record<string, string>> = {
  核心: 'core',
  核心数据: 'core',
  重要: 'important',
  重要数据: 'important',
  一般4级: 'general-4',
  一般四级: 'general-4',
  一般3级: 'general-3',
  一般三级: 'general-3',
  一般2级: 'general-2',
  一般二级: 'general-2',
  一般1级: 'general-1',
  一般一级: 'general-1',
  无条件共享: 'unconditional',
  有条件共享: 'conditional',
  不予共享: 'not-shared',
  无: 'none',
  个人信息: 'personal',
  敏感个人信息: 'sensitive',
  部门: 'department',
  系统: 'system',
  人员: 'person',
  个人: 'person',
  业务: 'business',
  运维: 'operations',
  通过: 'passed',
  有条件通过: 'conditional',
  不通过: 'failed',
  数据主体: 'data-subject',
  账号: 'account',
  政务: 'government',
  服务商: 'vendor',
  外部: 'external',
  工作日: 'workdays',
  每天: 'every-day',
  读取: 'read',
  查询: 'query',
  新增: 'create',
  修改: 'update',
  删除: 'delete',
  导出: 'export',
  打印: 'print',
  下载: 'download',
  共享: 'share',
  调用: 'call',
};
const YES = new Set(['true', 'yes', 'y', '1', '是', '有', '√']);
const NO = new Set(['false', 'no', 'n', '0', '否', '无', '×']);

type Kind = 'text' | 'number' | 'boolean' | 'list' | 'word' | 'words' | 'date';

interface JsonSchema {
  type?: string;
  enum?: unknown[];
  pattern?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
}

const kinds = new Map<ListName, Map<string, Kind>>();

/** The value of a cell for a field of the list, as the entry's schema wants it; undefined when it is empty. */
export function valueOfCell(list: ListName, field: string, cell: Cell): unknown {
  if (cell === null || cell === undefined || cell === '') return undefined;
  const kind = kindOf(list, field);
  if (cell instanceof Date) return dayOf(cell);
  const text = String(cell).trim();
  if (text === '') return undefined;
  if (kind === 'number') return typeof cell === 'number' ? cell : numberOf(text);
  if (kind === 'boolean') return typeof cell === 'boolean' ? cell : truthOf(text);
  if (kind === 'date') return dateOf(text);
  if (kind === 'word') return WORDS[text] ?? text;
  if (kind === 'list' || kind === 'words') {
    const parts = text.split(/[;；、,，|\n]/).map((part) => part.trim());
    return parts.filter((part) => part !== '').map((part) => (kind === 'words' ? (WORDS[part] ?? part) : part));
  }
  return text;
}

function kindOf(list: ListName, field: string): Kind {
  let known = kinds.get(list);
  if (known === undefined) {
    known = new Map<string, Kind>();
    kinds.set(list, known);
  }
  let kind = known.get(field);
  if (kind === undefined) known.set(field, (kind = kindOfSchema(schemaOf(list, field))));
  return kind;
}

function kindOfSchema(schema: JsonSchema): Kind {
  if (schema.type === 'array') return schema.items?.enum === undefined ? 'list' : 'words';
  if (schema.type === 'number' || schema.type === 'integer') return 'number';
  if (schema.type === 'boolean') return 'boolean';
  if (schema.enum !== undefined) return 'word';
  return schema.pattern?.includes('\\d{4}-\\d{2}') === true ? 'date' : 'text';
}

function schemaOf(list: ListName, field: string): JsonSchema {
  let schema = z.toJSONSchema(ENTRIES[list], { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  for (const part of field.split('.')) schema = schema.properties?.[part] ?? {};
  return schema;
}

/** Thousands may be set apart; what is no number stays as it is, for the schema to name. */
function numberOf(text: string): number | string {
  const number = Number(text.replace(/[,，\s]/g, ''));
  return Number.isNaN(number) ? text : number;
}

function truthOf(text: string): boolean | string {
  const word = text.toLowerCase();
  if (YES.has(word)) return true;
  return NO.has(word) ? false : text;
}

/** `2026/3/1`, `2026.3.1`, `2026年3月1日`, with or without a time, become `2026-03-01`. */
function dateOf(text: string): string {
  const found = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{2})(:\d{2})?)?$/.exec(text);
  if (found === null) return text;
  const [, year = '', month = '', day = '', hour, minute = '', second = ''] = found;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return hour === undefined ? date : `${date}T${hour.padStart(2, '0')}:${minute}${second}`;
}

/** Spreadsheets have dates without a zone; they come as if in UTC. */
function dayOf(date: Date): string {
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19);
}
