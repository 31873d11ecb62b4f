import type { EntryInput } from './change-set.ts';
import type { Difference } from './difference.ts';
import { changesOf } from './folder-changes.ts';
import type { RecordedRegistry } from './recorded-registry.ts';
import type { ListName } from './schema.ts';

/** Reads entries from a catalogue elsewhere: each time the whole of what it has of its list. */
export interface CatalogueConnector {
  /** Tells its entries from those of other ways in. */
  readonly name: string;
  readonly list: ListName;
  /** @throws when the catalogue can not be read. */
  read(): Promise<readonly EntryInput[]>;
}

/**
 * Records what a catalogue says differently from what it said last: what it has no more is taken out, if it came from there.
 * A catalogue that has nothing at all is taken for broken.
 * @throws RegistryRefusal with what is wrong; the error of the connector; nothing has changed then.
 */
export async function takeOver(
  registry: RecordedRegistry,
  connector: CatalogueConnector,
  dryRun = false,
): Promise<Difference[]> {
  const entries = await connector.read();
  if (entries.length === 0) throw new Error(`the catalogue ${connector.name} has no entries of ${connector.list}`);
  await registry.refresh();
  const origin = `catalogue:${connector.name}` as const;
  const proposals = changesOf({ [connector.list]: entries }, registry.history, origin);
  return registry.record(proposals, { origin, by: origin, dryRun });
}
