import { takeOver, type CatalogueConnector } from './catalogue.ts';
import type { RecordedRegistry } from './recorded-registry.ts';

/** Takes catalogues over at the start and then again and again; a catalogue that fails is tried again the next time. */
export class CatalogueSchedule {
  readonly #registry: RecordedRegistry;
  readonly #catalogues: readonly { connector: CatalogueConnector; everyMs: number }[];
  readonly #problems = new Map<string, string>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(registry: RecordedRegistry, catalogues: readonly { connector: CatalogueConnector; everyMs: number }[]) {
    this.#registry = registry;
    this.#catalogues = catalogues;
  }

  start(): void {
    for (const catalogue of this.#catalogues) this.#run(catalogue);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await this.#running;
  }

  /** What went wrong the last time, one sentence a catalogue. */
  problems(): readonly string[] {
    return [...this.#problems.values()];
  }

  #run(catalogue: { connector: CatalogueConnector; everyMs: number }): void {
    const { connector, everyMs } = catalogue;
    const { name } = connector;
    this.#running = this.#running
      .then(() => takeOver(this.#registry, connector))
      .then(() => this.#problems.delete(name))
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#problems.set(name, `catalogue ${name} was not taken over: ${reason}`);
      })
      .finally(() => {
        if (this.#stopped) return;
        this.#timers.set(name, setTimeout(() => this.#run(catalogue), everyMs).unref());
      });
  }
}
