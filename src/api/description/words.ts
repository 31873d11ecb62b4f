import { z } from 'zod';

/** What the parts of the description are put together of. */
export type Json = Record<string, unknown>;

export const TEXT = { type: 'string' };
export const INTEGER = { type: 'integer' };
export const TEXTS = { type: 'array', items: TEXT };
export const NUMBER = { type: 'number' };
export const MEASURED = { type: ['number', 'null'] };
export const TIME = { type: 'integer', description: 'ms since the Unix epoch, the beginning of the local day or hour' };
export const listOf = (properties: Json): Json => ({ type: 'array', items: { type: 'object', properties } });
export const ID = { name: 'id', in: 'path', required: true, schema: TEXT };

export function operation(
  summary: string,
  parameters: unknown[],
  requestBody: Json | undefined,
  responses: Json,
): Json {
  return {
    summary,
    parameters,
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: { ...responses, default: jsonAnswer(ref('Error')) },
  };
}

export function queryOf(schema: z.ZodObject): Json[] {
  const { properties = {} } = schemaOf(schema) as { properties?: Record<string, Json> };
  const required = new Set((schemaOf(schema)['required'] as string[] | undefined) ?? []);
  return Object.entries(properties).map(([name, type]) => ({
    name,
    in: 'query',
    required: required.has(name),
    schema: type,
  }));
}

export function schemaOf(schema: z.ZodType): Json {
  const described: Json = { ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) };
  delete described['$schema'];
  return described;
}

export function ref(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

export function arrayOf(name: string): Json {
  return { type: 'array', items: ref(name) };
}

export function content(schema: Json): Json {
  return { required: true, content: { 'application/json': { schema } } };
}

export function jsonAnswer(schema: Json): Json {
  return { description: 'The answer', content: { 'application/json': { schema } } };
}

export function answer(properties: Json): Json {
  return { 200: jsonAnswer({ type: 'object', properties }) };
}

/** What is wrong with one field. */
export const FAULT = {
  type: 'object',
  properties: {
    list: TEXT,
    id: TEXT,
    file: TEXT,
    line: { type: 'integer' },
    column: TEXT,
    field: TEXT,
    value: {},
    remedy: TEXT,
  },
};
/** Every refusal. */
export const ERROR = {
  type: 'object',
  required: ['code', 'message', 'remedy'],
  properties: { code: TEXT, message: TEXT, remedy: TEXT, faults: { type: 'array', items: FAULT } },
};
