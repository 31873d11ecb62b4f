/**
 * The canonical form of a stored event, `wanglou-event-1` (docs/evidence.md): these columns in this order, each as text. What
 * has been sealed in a form can be checked for as long as the form stays as it is: new columns need a new form.
 */
export const EVENT_FORM = 'wanglou-event-1';

type Kind = 'text' | 'time' | 'flag' | 'texts' | 'pairs';

/** A name with `=` is no plain text. */
const STATED =
  'id time=time ingest_time=time sequence source authenticated=flag format fault class_uid activity_id severity action ' +
  'outcome account client_address device session host service fields=texts rows bytes data_subjects=texts purpose ' +
  'case_number grant recipient work_order target message attributes=pairs raw actor person department vendor contract role ' +
  'privileged=flag system plane asset asset_level partition offset index';

const columns = STATED.split(' ').map((stated) => {
  const [name, kind = 'text'] = stated.split('=') as [string, Kind?];
  return { name, kind };
});

export const EVENT_FIELDS: readonly string[] = columns.map(({ name }) => name);

const net = (text: string): string => `toString(length(${text})), ':', ${text}`;

/** Bool as 0 or 1, times as ms since the Unix epoch, texts of a list with their lengths, a map by its sorted names. */
const TEXT: Readonly<Record<Kind, (column: string) => string>> = {
  text: (column) => `toString(${column})`,
  time: (column) => `toString(toUnixTimestamp64Milli(${column}))`,
  flag: (column) => `toString(toUInt8(${column}))`,
  texts: (column) => `arrayStringConcat(arrayMap(x -> concat(${net('x')}), ${column}))`,
  pairs: (column) =>
    `arrayStringConcat(arrayMap((k, v) -> concat(${net('k')}, ${net('v')}), mapKeys(mapSort(${column})), mapValues(mapSort(${column}))))`,
};

const named = (name: string): string => `field_${name}`;

/** The fields of events as columns `field_<name>`, and what blocks need, for a SELECT over `events_once`. */
export const FIELDS_SQL = columns.map(({ name, kind }) => `${TEXT[kind](`\`${name}\``)} AS ${named(name)}`).join(', ');
/** The names of these columns, the form before them. */
export const LINE_SQL = [`'${EVENT_FORM}'`, ...EVENT_FIELDS.map(named)].join(', ');
/** Their leaf in a Merkle tree of SHA-256, hexadecimal. */
export const LEAF_SQL = `lower(hex(SHA256(concat(char(0), '${EVENT_FORM.length}:${EVENT_FORM}', ${EVENT_FIELDS.map((name) => net(named(name))).join(', ')}))))`;
