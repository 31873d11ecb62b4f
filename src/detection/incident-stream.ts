import type { EventLog, KeyedTable, LogRecord, Subscription } from '../event-log/event-log.ts';
import { Correlator } from '../finding/correlation.ts';
import type { Surroundings } from '../finding/correlations.ts';
import type { Finding } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { Registry } from '../registry/registry.ts';
import { decodePlain, encodePlain } from './plain-codec.ts';
import { networkOf } from './subjects.ts';

const GROUP = 'correlate';

export interface IncidentStreamOptions {
  log: EventLog;
  registry: { current(): Registry };
  onFault(error: Error): void;
}

/**
 * Reads findings from the log, where they are in one order whatever the number of partitions of `events`, and appends the
 * incidents that they make. For each batch: incidents durable, then the state, then the position. After a crash findings
 * come again: what the state has of them is known, and a repeated incident has the same id and revision.
 */
export class IncidentStream {
  readonly #options: IncidentStreamOptions;
  readonly #table: KeyedTable;
  #correlator: Correlator | undefined;
  #subscription: Subscription | undefined;

  constructor(options: IncidentStreamOptions) {
    this.#options = options;
    this.#table = options.log.table('correlation');
  }

  /** The log must be started. */
  async start(): Promise<void> {
    this.#subscription = await this.#options.log.subscribe({
      topic: 'findings',
      group: GROUP,
      from: 'earliest',
      exclusive: true,
      onAssigned: (partitions) => this.#assign(partitions),
      onRecords: (partition, records) => this.#take(partition, records),
      onFault: (error) => this.#options.onFault(error),
    });
  }

  async stop(): Promise<void> {
    await this.#subscription?.stop();
  }

  async #assign(partitions: readonly number[]): Promise<void> {
    this.#correlator = undefined;
    if (partitions.length === 0) return;
    const correlator = new Correlator(surroundingsOf(this.#options));
    for await (const [key, value] of this.#table.entries()) correlator.restore(key, decodePlain(value));
    correlator.restored();
    this.#correlator = correlator;
  }

  async #take(partition: number, records: readonly LogRecord[]): Promise<void> {
    const { log } = this.#options;
    const correlator = this.#correlator!;
    const incidents = records.flatMap((record) => correlator.take(findingOf(record)));
    if (incidents.length > 0) await log.append(incidents.map(recordOf));
    const changed = correlator.drainChanged();
    if (changed.length > 0)
      await this.#table.put(changed.map(([key, value]) => [key, value && encodePlain(value)] as const));
    await log.commit(GROUP, [{ topic: 'findings', partition, offset: records.at(-1)!.offset + 1 }]);
  }
}

/** What correlations ask about the world. */
export function surroundingsOf({ registry }: Pick<IncidentStreamOptions, 'registry'>): Surroundings {
  return {
    contractEnd: (vendor, at) => {
      const ends = registry
        .current()
        .contractsOf(vendor)
        .filter(({ from, to }) => from <= at && at < to)
        .map(({ to }) => to);
      return ends.length === 0 ? undefined : Math.max(...ends);
    },
    derivedFrom: (asset, at) => registry.current().derivedFrom(asset, at),
    networkOf,
  };
}

function findingOf(record: LogRecord): Finding {
  return (record.live ?? JSON.parse(Buffer.from(record.value).toString())) as Finding;
}

function recordOf(incident: Incident) {
  const value = Buffer.from(JSON.stringify(incident));
  return { topic: 'incidents', partition: 0, key: incident.id, value, live: incident } as const;
}
