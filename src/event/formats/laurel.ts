import { conclude } from './auditd-meaning.ts';
import { readActor } from './auditd.ts';
import type { AuditRecord } from './auditd-record.ts';
import { flatten, isObject, scalarText, type JsonObject } from './flatten.ts';
import { state } from './format.ts';
import type { JsonShape } from './json.ts';

const ID = /^(\d+(?:\.\d+)?):(\d+)$/;

/** laurel's JSON lines: one audit event an object, its records by their type. Read as the format `auditd` reads them. */
export const laurel: JsonShape = {
  name: 'laurel',

  fits(record) {
    const id = record['ID'];
    return typeof id === 'string' && ID.test(id);
  },

  read(object, event) {
    const id = ID.exec(scalarText(object['ID']));
    const records = recordsOf(object);
    const time = Math.round(Number(id?.[1] ?? 0) * 1000);
    if (Number.isSafeInteger(time) && time < 253_402_300_800_000) event.time = time;
    event.host = scalarText(object['NODE']) || event.host;
    event.service = event.service || 'auditd';
    state(event, 'audit.type', records.map((record) => record.type).join(','));
    state(event, 'audit.serial', id?.[2] ?? '');
    const kept = flatten(object);
    for (let i = 0; i < kept.length; i += 2)
      if (kept[i] !== 'ID' && kept[i] !== 'NODE') state(event, kept[i]!, kept[i + 1]!);
    readActor(records, event);
    conclude(records, event);
    event.message ||= records.map((record) => record.type).join(' ');
    return '';
  },
};

function recordsOf(object: JsonObject): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (const type of Object.keys(object)) {
    const value = object[type];
    for (const item of Array.isArray(value) ? value : [value])
      if (isObject(item) && records.length < 64) records.push(recordOf(type, item));
  }
  return records;
}

function recordOf(type: string, item: JsonObject): AuditRecord {
  const fields: string[] = [];
  const words = item['ARGV'];
  if (Array.isArray(words)) words.slice(0, 256).forEach((word, n) => fields.push(`a${n}`, scalarText(word)));
  else if (typeof item['ARGV_STR'] === 'string') fields.push('a0', item['ARGV_STR']);
  for (const name of Object.keys(item)) if (scalarText(item[name]) !== '') fields.push(name, scalarText(item[name]));
  return { type, stamp: '', serial: '', node: '', fields, text: '' };
}
