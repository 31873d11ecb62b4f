import messages from '../../../src/feed/messages.schema.json' with { type: 'json' };
import type { FeedMessage } from '../../../src/feed/protocol.ts';

/** What of JSON Schema the description of the feed uses. */
interface Schema {
  type?: string | readonly string[];
  const?: unknown;
  enum?: readonly unknown[];
  $ref?: string;
  anyOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
}

const DEFINITIONS: Readonly<Record<string, Schema>> = messages.definitions;
const REF = '#/definitions/';

/** A message that is no JSON or not as the feed's description has it; `at` is where: `findings.3.severity`. */
export class Misfit extends Error {
  readonly at: string;

  constructor(at: string) {
    super(`the message of the feed does not fit its description at ${at}`);
    this.at = at;
  }
}

/**
 * Reads a message of the feed. Fields that the description does not know are let pass: a newer server may say more.
 * @throws Misfit
 */
export function readMessage(text: string): FeedMessage {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw new Misfit('JSON');
  }
  const type = kindOf(message) === 'object' ? (message as { type?: unknown }).type : undefined;
  const at = misfitAt({ $ref: REF + (type === 'hello' ? 'Hello' : 'Changes') }, message, '');
  if (at !== undefined) throw new Misfit(at === '' ? 'JSON' : at);
  return message as FeedMessage;
}

/** Where the value first departs from the schema; undefined when it fits. */
function misfitAt(schema: Schema, value: unknown, path: string): string | undefined {
  if (schema.$ref !== undefined) return misfitAt(DEFINITIONS[schema.$ref.slice(REF.length)]!, value, path);
  if (schema.anyOf !== undefined)
    return schema.anyOf.some((one) => misfitAt(one, value, path) === undefined) ? undefined : path;
  if (schema.const !== undefined && value !== schema.const) return path;
  if (schema.enum !== undefined && !schema.enum.includes(value)) return path;
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  const kind = kindOf(value);
  if (types.length > 0 && !types.includes(kind)) return path;
  if (kind === 'object') return inObject(schema, value as Record<string, unknown>, path);
  return kind === 'array' ? inArray(schema, value as unknown[], path) : undefined;
}

function inObject(
  { properties = {}, required = [] }: Schema,
  value: Record<string, unknown>,
  path: string,
): string | undefined {
  for (const [name, schema] of Object.entries(properties)) {
    const there = value[name];
    const optional = there === undefined && !required.includes(name);
    const at = optional ? undefined : misfitAt(schema, there, path === '' ? name : `${path}.${name}`);
    if (at !== undefined) return at;
  }
  return undefined;
}

function inArray({ items = {} }: Schema, value: readonly unknown[], path: string): string | undefined {
  for (const [n, item] of value.entries()) {
    const at = misfitAt(items, item, `${path}.${n}`);
    if (at !== undefined) return at;
  }
  return undefined;
}

/** As JSON Schema names it. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
