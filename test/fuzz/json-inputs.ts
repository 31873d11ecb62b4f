import fc from 'fast-check';

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'length', '', 'id', 'time', 'message'];

/**
 * JSON objects whose keys are the given names, names that are special to JavaScript, and any others; values of every kind,
 * up to four levels deep, some in arrays of many.
 */
export function jsonObjects(names: readonly string[]): fc.Arbitrary<Buffer> {
  const key = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...names) },
    { weight: 2, arbitrary: fc.constantFrom(...NAMES) },
    { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'binary' }) },
  );
  const text = fc.oneof(
    fc.constantFrom('2026-11-20T10:00:00+08:00', '192.0.2.1', '13800138000', '110101199003074514', '', '0', 'success'),
    fc.string({ maxLength: 40, unit: 'binary' }),
  );
  const scalar = fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
  const { object } = fc.letrec<{ value: unknown; object: [string, unknown][] }>((tie) => ({
    value: fc.oneof(
      { weight: 5, arbitrary: scalar },
      { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 5 }) },
      { weight: 1, arbitrary: tie('object').map((members) => new Members(members)) },
    ),
    object: fc.array(fc.tuple(key, tie('value')), { maxLength: 8 }),
  }));
  return object.map((members) => Buffer.from(jsonText(new Members(members))));
}

/** Members of an object as they are written: names may come twice. */
class Members {
  readonly entries: readonly (readonly [string, unknown])[];
  constructor(entries: readonly (readonly [string, unknown])[]) {
    this.entries = entries;
  }
}

function jsonText(value: unknown): string {
  if (value instanceof Members)
    return `{${value.entries.map(([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`).join(',')}}`;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  return JSON.stringify(value) ?? 'null';
}
