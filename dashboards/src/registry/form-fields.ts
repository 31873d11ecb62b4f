import type { EntryInput, ListName, ListSchema } from './entry-types.ts';

export type FieldKind =
  | 'text'
  | 'date'
  | 'number'
  | 'yes'
  | 'choice'
  | 'choices'
  | 'name'
  | 'list'
  | 'reference'
  | 'references'
  | 'group'
  | 'rows';

/** A field of an entry, as a form asks for it. */
export interface FormField {
  name: string;
  kind: FieldKind;
  isRequired: boolean;
  /** Of choice and choices. */
  choices: readonly string[];
  /** Lists that a reference may point into. */
  to: readonly ListName[];
  /** Of group and rows. */
  fields: readonly FormField[];
  /** What the registry takes when nothing is stated. */
  usual: unknown;
}

export type FieldValue = string | boolean | string[] | FieldValues | FieldValues[];
export interface FieldValues {
  [name: string]: FieldValue;
}

/** What is read of a JSON schema. */
interface Schema {
  type?: string;
  enum?: readonly string[];
  pattern?: string;
  anyOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  default?: unknown;
}

/** The fields of a list's entries, in the order of the schema. */
export function fieldsOf({ schema, references }: Pick<ListSchema, 'schema' | 'references'>): readonly FormField[] {
  return propertiesOf(schema, '', references);
}

function propertiesOf(schema: Schema, path: string, references: ListSchema['references']): FormField[] {
  return Object.entries(schema.properties ?? {}).map(([name, given]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const to = references[at] ?? [];
    const inner = given.type === 'array' ? rowOf(given.items) : given.type === 'object' ? given : undefined;
    return {
      name,
      kind: kindOf(given, to.length > 0),
      isRequired: schema.required?.includes(name) ?? false,
      choices: given.enum ?? given.items?.enum ?? [],
      to,
      fields: inner === undefined ? [] : propertiesOf(inner, at, references),
      usual: given.default,
    };
  });
}

/** The object that each of an array's items is, or can be written as. */
function rowOf(items: Schema | undefined): Schema | undefined {
  return [items, ...(items?.anyOf ?? [])].find((one) => one?.type === 'object');
}

function kindOf(given: Schema, isReference: boolean): FieldKind {
  if (given.type === 'array') {
    if (rowOf(given.items) !== undefined) return 'rows';
    if (isReference) return 'references';
    return given.items?.enum === undefined ? 'list' : 'choices';
  }
  if (isReference) return 'reference';
  if (given.anyOf !== undefined) return 'name';
  if (given.enum !== undefined) return 'choice';
  if (given.type === 'boolean') return 'yes';
  if (given.type === 'object') return 'group';
  if (given.type === 'integer' || given.type === 'number') return 'number';
  return given.pattern?.startsWith('^\\d{4}') === true ? 'date' : 'text';
}

/** What a form begins with. */
export function valuesOf(fields: readonly FormField[], entry: EntryInput): FieldValues {
  return Object.fromEntries(fields.map((field) => [field.name, valueOf(field, entry[field.name])]));
}

function valueOf(field: FormField, given: unknown): FieldValue {
  const stated = given ?? field.usual;
  switch (field.kind) {
    case 'yes':
      return stated === true;
    case 'name':
      return typeof stated === 'string' ? { zh: stated, en: '' } : { zh: '', en: '', ...(stated as FieldValues) };
    case 'list':
    case 'choices':
    case 'references':
      return Array.isArray(stated) ? stated.map(String) : [];
    case 'group':
      return valuesOf(field.fields, (stated ?? {}) as EntryInput);
    case 'rows':
      return (Array.isArray(stated) ? (stated as unknown[]) : []).map((row) =>
        valuesOf(field.fields, asRow(field, row)),
      );
    case 'number':
      return asText(given);
    default:
      return asText(stated);
  }
}

function asText(given: unknown): string {
  return typeof given === 'string' || typeof given === 'number' ? String(given) : '';
}

/** An item that is written as text alone is its first field. */
function asRow({ fields }: FormField, row: unknown): EntryInput {
  return typeof row === 'object' && row !== null ? (row as EntryInput) : { [fields[0]?.name ?? 'name']: row };
}

/** An empty row of a field of rows. */
export function emptyRow({ fields }: FormField): FieldValues {
  return valuesOf(fields, {});
}

/** The entry as the server takes it. What is empty, or as usual, is left out, but for what has to be stated. */
export function entryOf(fields: readonly FormField[], values: FieldValues): Record<string, unknown> {
  const stated = fields.map((field) => [field.name, statedOf(field, values[field.name] ?? '')] as const);
  return Object.fromEntries(stated.filter(([, value]) => value !== undefined));
}

function statedOf(field: FormField, value: FieldValue): unknown {
  const empty = field.isRequired ? '' : undefined;
  switch (field.kind) {
    case 'yes':
      return value === (field.usual ?? false) ? undefined : value;
    case 'name': {
      const { zh, en } = value as { zh: string; en: string };
      const [chinese, english] = [zh.trim(), en.trim()];
      return chinese !== '' && english !== '' ? { zh: chinese, en: english } : chinese || english || empty;
    }
    case 'list':
    case 'choices':
    case 'references': {
      const items = (value as string[]).map((one) => one.trim()).filter((one) => one !== '');
      return items.length > 0 || field.isRequired ? items : undefined;
    }
    case 'group': {
      const inner = entryOf(field.fields, value as FieldValues);
      return Object.values(inner).every((one) => one === '') ? undefined : inner;
    }
    case 'rows': {
      const rows = (value as FieldValues[]).map((row) => entryOf(field.fields, row));
      return rows.length > 0 ? rows : undefined;
    }
    case 'number': {
      const text = (value as string).trim();
      return text === '' ? empty : Number.isFinite(Number(text)) ? Number(text) : text;
    }
    default: {
      const text = (value as string).trim();
      return text === '' || (text === field.usual && !field.isRequired) ? empty : text;
    }
  }
}
