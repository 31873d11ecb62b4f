import type { ListSchema } from '../../../src/api/registry-schema.ts';
import type { EntryInput } from '../../../src/registry/change-set.ts';
import type { Difference } from '../../../src/registry/difference.ts';
import type { Recorded } from '../../../src/registry/history.ts';
import type { ListName } from '../../../src/registry/schema.ts';

/** What the server says of the registry, in its own words. */
export type { Difference, EntryInput, ListName, ListSchema, Recorded };
