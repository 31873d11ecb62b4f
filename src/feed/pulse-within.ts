import { noTotals, type Pulse, type SourcePulse, type Totals } from './pulse.ts';

/**
 * What programs say, for those who see only some sources: events of these, counted anew, and that the programs live. What is
 * wrong with a program, where it runs and how much it takes in for others is not for them.
 */
export class PulseWithin {
  readonly #seesSource: (source: string) => boolean;
  readonly #programs = new Map<string, { instance: string; totals: Totals }>();

  constructor(seesSource: (source: string) => boolean) {
    this.#seesSource = seesSource;
  }

  of(pulse: Pulse): Pulse {
    const key = `${pulse.program}/${pulse.instance ?? ''}`;
    const known = this.#programs.get(key) ?? { instance: String(this.#programs.size + 1), totals: noTotals() };
    this.#programs.set(key, known);
    const sources = pulse.sources.filter(({ source }) => this.#seesSource(source));
    const sum = (count: 'events' | 'unparsed'): number =>
      sources.reduce((total, source: SourcePulse) => total + source[count], 0);
    if (pulse.program === 'collect') {
      known.totals.received += sum('events');
      known.totals.unparsed += sum('unparsed');
    }
    return {
      ...{ at: pulse.at, program: pulse.program, instance: known.instance, watermark: pulse.watermark },
      ...{ sources, totals: { ...known.totals }, collectors: [], parked: [], problems: [] },
    };
  }
}
