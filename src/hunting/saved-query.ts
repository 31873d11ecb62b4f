import { z } from 'zod';

const name = z.string().trim().min(1, 'give it a name').max(120);

/** What a query is asked with anew each time it is opened: `{{person}}` in a value of a filter, `{person:String}` in SQL. */
export const savedParameter = z.strictObject({
  name: z.string().regex(/^[A-Za-z_]\w{0,39}$/, 'is letters, digits and _, and begins with no digit'),
  title: z.string().trim().max(120).default(''),
  type: z.enum(['text', 'number', 'time']),
  default: z.string().max(500).default(''),
});
export type SavedParameter = z.output<typeof savedParameter>;

/** What a person states to save a query, or a new version of it. */
export const savedQueryRequest = z.strictObject({
  name,
  description: z.string().trim().max(2_000).default(''),
  kind: z.enum(['builder', 'sql']),
  /** Of the builder: what its address says behind `?`. Of SQL: the statement. */
  query: z.string().min(1).max(20_000),
  parameters: z
    .array(savedParameter)
    .max(20)
    .default([])
    .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'two parameters have the same name'),
  shared: z.boolean().default(false),
});
export type SavedQueryRequest = z.output<typeof savedQueryRequest>;

/** One version of a saved query; versions are only ever added. */
export interface SavedQueryVersion extends SavedQueryRequest {
  id: string;
  /** From 1 on. */
  version: number;
  /** Account of who made the first version, and alone may change it. */
  owner: string;
  by: string;
  at: number;
  /** The last version of one that was taken out. */
  removed: boolean;
}
