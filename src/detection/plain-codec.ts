import { deserialize, serialize } from 'node:v8';

/**
 * Bytes of plain data. What JSON gives back as it was is JSON, everything else (Map, undefined, NaN, …) V8's structured clone,
 * which costs five times as much and leaves native memory to the garbage collector; its first byte is 0xff, JSON's never.
 */
export function encodePlain(value: unknown): Uint8Array {
  return isJson(value, 0) ? Buffer.from(JSON.stringify(value)) : serialize(value);
}

export function decodePlain(bytes: Uint8Array): unknown {
  return bytes[0] === 0xff ? deserialize(bytes) : (JSON.parse(Buffer.from(bytes).toString()) as unknown);
}

/**
 * Names that JSON writes with an escape: once an object with a backslash in a name was read, V8 13.6 takes the name `$"` for `$\`.
 * test/detection/plain-codec.test.ts shows it.
 */
const ESCAPED = /["\\\p{Cc}\p{Cs}]/u;

/** Deeper, or cyclic, data is for the structured clone. */
const MAX_DEPTH = 32;

function isJson(value: unknown, depth: number): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || depth === MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (!isJson(value[i], depth + 1)) return false;
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const name in value)
    if (ESCAPED.test(name) || !isJson((value as Record<string, unknown>)[name], depth + 1)) return false;
  return true;
}
