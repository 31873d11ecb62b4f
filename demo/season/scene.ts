import type { DayPlan } from '../activity/day-plan.ts';
import { isAssigned } from '../activity/maintenance.ts';
import { addDays, HOUR, isWorkday, startOfDay } from '../calendar.ts';
import type { Bilingual } from '../../src/finding/finding.ts';
import type { Line } from '../line.ts';
import type { AssetOf, SystemOf } from '../platform/catalogue.ts';
import type { Actor } from '../platform/people.ts';
import { Random } from '../random.ts';
import type { Effect } from './effects.ts';
import type { Difficulty, SeasonLabel } from './label.ts';
import type { World } from './world.ts';

/** What a plot has to say about what it staged. */
export type Draft = { why: Bilingual } & Partial<
  Pick<SeasonLabel, 'department' | 'actor' | 'source' | 'host' | 'system' | 'from' | 'to'>
>;

/** How the wrongdoing of one kind is done. */
export interface Plot {
  /** The detector, or the correlation, whose matter it is. */
  name: string;
  isIncident?: boolean;
  /** Only on workdays. */
  workdays?: boolean;
  /** Days on which it can happen at all, where those are few. */
  occasions?(world: World): readonly string[];
  /** @returns undefined when nobody fits the part on that day */
  stage(scene: Scene, difficulty: Difficulty): Draft | undefined;
}

type Effecting = Effect extends infer E ? (E extends Effect ? Omit<E, 'incident'> : never) : never;

/** One incident in the making: its day, its numbers, its people, the lines it leaves and what it does to others' lines. */
export class Scene {
  readonly world: World;
  readonly plan: DayPlan;
  readonly random: Random;
  readonly lines: Line[] = [];
  readonly effects: Effecting[] = [];
  readonly taken: string[] = [];
  readonly #busyUntil: ReadonlyMap<string, number>;
  readonly #known: Set<string>;

  /**
   * @param busyUntil who or what plays another part, and until when, ms
   * @param known what somebody has got to know in an earlier scene: it is new no longer
   */
  constructor(world: World, day: string, key: string, busyUntil: ReadonlyMap<string, number>, known: Set<string>) {
    this.world = world;
    this.plan = world.planOf(day);
    this.random = new Random(world.seed, key, day);
    this.#busyUntil = busyUntil;
    this.#known = known;
  }

  /** Whether the actor has not had anything to do with it in an earlier scene. */
  isNew(actor: Actor, what: string): boolean {
    return !this.#known.has(`${actor.login} ${what}`);
  }

  seen(actor: Actor, what: string): void {
    this.#known.add(`${actor.login} ${what}`);
  }

  /** A moment between two hours of a day. */
  at(fromHour: number, toHour: number, day = this.plan.day): number {
    return startOfDay(day) + Math.floor(this.random.between(fromHour, toHour) * HOUR);
  }

  /** `count` workdays from the scene's day on, about `every` days apart. */
  workdays(count: number, every = 1): string[] {
    const days: string[] = [];
    for (let day = this.plan.day; days.length < count; day = addDays(day, 1)) {
      if (!isWorkday(day)) continue;
      days.push(day);
      if (every > 1) day = addDays(day, this.random.int(every - 1, every) - 1);
    }
    return days;
  }

  /** `count` moments over `spanMs` from `first`, in order. */
  spread(first: number, count: number, spanMs: number): number[] {
    const gap = spanMs / Math.max(1, count);
    return Array.from({ length: count }, (_, n) => Math.floor(first + (n + this.random.between(0.1, 0.9)) * gap));
  }

  /** An officer who has long been here, is at work and plays no other part. */
  officer(fits: (actor: Actor) => boolean = () => true): Actor | undefined {
    const { moves, leaves, leadIn } = this.world;
    const long = Date.parse(leadIn) - 60 * 24 * HOUR;
    return this.take(
      this.plan.platform.officers,
      (one) => `person ${one.login}`,
      (one) => one.openedAt < long && !moves.has(one.login) && !leaves.has(one.login) && fits(one),
    );
  }

  /** An officer with a usual dataset that fits, whose reads state rows. */
  reader(fits: (actor: Actor, asset: AssetOf) => boolean = () => true): Actor | undefined {
    return this.officer((one) => {
      const asset = one.habits[0]?.asset;
      return (
        asset !== undefined &&
        one.shift === 'office' &&
        this.plan.platform.system(asset.system).log !== 'gateway' &&
        fits(one, asset)
      );
    });
  }

  /** Somebody of a vendor whose contract runs, and will for the next weeks. */
  engineer(fits: (actor: Actor) => boolean = () => true): Actor | undefined {
    const later = this.world.planOf(addDays(this.plan.day, 20));
    return this.take(
      this.plan.platform.staff,
      (one) => `person ${one.login}`,
      (one) => isAssigned(this.plan, one) && isAssigned(later, one) && fits(one),
    );
  }

  dataset(fits: (asset: AssetOf) => boolean): AssetOf | undefined {
    return this.take(this.plan.platform.assets, ({ id }) => `asset ${id}`, fits);
  }

  system(fits: (system: SystemOf) => boolean): SystemOf | undefined {
    return this.take(this.plan.platform.systems, ({ id }) => `system ${id}`, fits);
  }

  /** One of them that plays no other part; it is this scene's until it is over. */
  take<T>(from: readonly T[], nameOf: (one: T) => string, fits: (one: T) => boolean): T | undefined {
    const free = from.filter((one) => (this.#busyUntil.get(nameOf(one)) ?? 0) <= this.plan.from && fits(one));
    if (free.length === 0) return undefined;
    const one = this.random.pick(free);
    this.taken.push(nameOf(one));
    return one;
  }

  say(...lines: (Line | readonly Line[])[]): void {
    for (const line of lines) this.lines.push(...(Array.isArray(line) ? (line as readonly Line[]) : [line as Line]));
  }

  affect(effect: Effecting): void {
    this.effects.push(effect);
  }
}
