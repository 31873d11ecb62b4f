import { randomUUID } from 'node:crypto';
import type { Draw } from '../../verifier/tampering.ts';

const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Columns that take only some values. */
const ONE_OF: Readonly<Record<string, readonly string[]>> = {
  severity: ['low', 'medium', 'high', 'critical'],
  phase: ['begun', 'done'],
};

/** Another value of the same type, as a forger might write it. */
export function changedValue(column: string, value: unknown, draw: Draw): unknown {
  const few = ONE_OF[column]?.filter((one) => one !== value);
  if (few && typeof value === 'string') return few[draw(few.length)]!;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return changedNumber(value, draw);
  if (typeof value === 'string') return changedText(value, draw);
  if (Array.isArray(value)) return changedList(value as unknown[], draw);
  return { ...(value as object), forged: String(draw(1_000)) };
}

function changedNumber(value: number, draw: Draw): number {
  if (value > 0 && draw(2) === 0) return value - 1;
  return value + 1 + draw(3);
}

function changedText(value: string, draw: Draw): string {
  if (UUID.test(value)) return randomUUID();
  if (TIME.test(value)) {
    const ways = [1, 1_000, 3_600_000, 86_400_000];
    return new Date(Date.parse(`${value.replace(' ', 'T')}Z`) - ways[draw(ways.length)]!).toISOString().replace('T', ' ').slice(0, -1); // prettier-ignore
  }
  const ways = [`${value}x`, `${value} `, value.slice(1), value.replace(/[0-9a-z]/, 'Z')].filter(
    (one) => one !== value,
  );
  return ways[draw(ways.length)]!;
}

function changedList(value: readonly unknown[], draw: Draw): unknown[] {
  if (value.length > 0 && draw(2) === 0) return value.slice(1);
  const [first] = value;
  return [...value, typeof first === 'string' && UUID.test(first) ? randomUUID() : `forged ${draw(1_000)}`];
}
