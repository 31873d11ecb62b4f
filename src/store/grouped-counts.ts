import type { ForecastQueries, IdValue, SeriesRange, StepValue } from './forecast-queries.ts';

type Queries = Pick<
  ForecastQueries,
  | 'findings'
  | 'findingsByDetector'
  | 'rows'
  | 'rowsByDepartment'
  | 'outEdges'
  | 'events'
  | 'ingestLag'
  | 'ingestLagBySource'
  | 'grantsExpiring'
>;
type Grouped = readonly IdValue[];

const KEPT_MS = 3_600_000;

/**
 * The series of ForecastQueries, those by day with one look at the store for all ids of a kind: whoever asks for one
 * department mostly asks for the next one too. By hour, what is asked for is read alone.
 */
export class GroupedCounts {
  readonly #queries: Queries;
  readonly #sources: () => readonly string[];
  readonly #now: () => number;
  readonly #kept = new Map<string, { key: string; until: number; values: Promise<Grouped> }>();

  /** @param sources those of which the lag is watched; of others it is read alone. */
  constructor(queries: Queries, sources: () => readonly string[], now: () => number = Date.now) {
    this.#queries = queries;
    this.#sources = sources;
    this.#now = now;
  }

  async findings(id: string, range: SeriesRange): Promise<StepValue[]> {
    if (range.step === 'hour') return this.#queries.findings(id, range);
    return stepsOf(await this.#of('findings', range, () => this.#queries.findingsByDetector(range)), id);
  }

  async rows(id: string, range: SeriesRange): Promise<StepValue[]> {
    if (range.step === 'hour') return this.#queries.rows(id, range);
    return stepsOf(await this.#of('rows', range, () => this.#queries.rowsByDepartment(range)), id);
  }

  async ingestLag(id: string, range: SeriesRange): Promise<StepValue[]> {
    const sources = this.#sources();
    if (range.step === 'hour' || !sources.includes(id)) return this.#queries.ingestLag(id, range);
    const all = await this.#of('lag', range, () => this.#queries.ingestLagBySource(sources, range));
    return all.filter((one) => one.id === id).map(({ at, value }) => ({ at, value }));
  }

  outEdges(assets: readonly string[], range: SeriesRange): Promise<StepValue[]> {
    return this.#queries.outEdges(assets, range);
  }

  events(id: string, range: SeriesRange): Promise<StepValue[]> {
    return this.#queries.events(id, range);
  }

  grantsExpiring(range: SeriesRange): Promise<StepValue[]> {
    return this.#queries.grantsExpiring(range);
  }

  #of(kind: string, { from, to, zone }: SeriesRange, ask: () => Promise<Grouped>): Promise<Grouped> {
    const key = JSON.stringify([from, to, zone]);
    const known = this.#kept.get(kind);
    if (known?.key === key && known.until > this.#now()) return known.values;
    const values = ask();
    this.#kept.set(kind, { key, until: this.#now() + KEPT_MS, values });
    values.catch(() => this.#kept.get(kind)?.values === values && this.#kept.delete(kind));
    return values;
  }
}

/** Of one id, with 0 in steps in which only others have any; of all when it is ''. */
function stepsOf(all: Grouped, id: string): StepValue[] {
  const steps = new Map<number, number>();
  for (const { at, id: of, value } of all) steps.set(at, (steps.get(at) ?? 0) + (id === '' || of === id ? value : 0));
  return [...steps].map(([at, value]) => ({ at, value }));
}
