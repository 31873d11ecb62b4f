import { addDays, DAY, daysBetween, nextWorkday, startOfDay } from '../calendar.ts';
import type { Line } from '../line.ts';
import { Random } from '../random.ts';
import { Effects, type Effect } from './effects.ts';
import { hardNegatives } from './hard-negatives/index.ts';
import { platformEffects } from './hard-negatives/platform.ts';
import { PLOTS } from './incidents/index.ts';
import { DIFFICULTIES, type Difficulty, type SeasonLabel } from './label.ts';
import { lifeOf } from './life/life.ts';
import { LineNumbers } from './numbering.ts';
import { Scene, type Plot } from './scene.ts';
import type { World } from './world.ts';

/** Scenes of each plot and difficulty in so many days. */
export const SCENES = { count: 11, inDays: 90 };
const NIGHT_MS = DAY / 2;
const TRIES = 8;
const DAYS_TO_END = 26;

interface Part {
  plot: Plot;
  difficulty: Difficulty;
  number: number;
}

/** Plays the city day after day: ordinary life, what only looks bad, and labelled wrongdoing. Days are asked for in order. */
export class Season {
  /** Of what was staged so far. */
  readonly labels: SeasonLabel[] = [];
  /** Scenes that found nobody for their parts. */
  readonly unstaged: string[] = [];
  /** Incidents of which at least one line was sent, or which are about what was not. */
  readonly shown = new Set<string>();
  /** What hard negatives did to sources and hosts, with their times. */
  readonly disturbances: Effect[] = [];
  readonly #world: World;
  readonly #volume: number;
  readonly #effects = new Effects();
  readonly #numbers = new LineNumbers();
  readonly #busyUntil = new Map<string, number>();
  readonly #known = new Set<string>();
  readonly #waiting = new Map<string, Line[]>();
  readonly #parts: Map<string, Part[]>;

  /** @param volume lines of a workday, roughly */
  constructor(world: World, volume: number) {
    this.#world = world;
    this.#volume = volume;
    this.#parts = partsByDay(world);
  }

  /** Days of ordinary life before the season, then those of the season. */
  get days(): readonly string[] {
    return daysBetween(this.#world.leadIn, this.#world.last);
  }

  /** The lines of a day in the order in which they are sent. */
  lines(day: string): Line[] {
    const plan = this.#world.planOf(day);
    this.#effects.forgetBefore(plan.from);
    const isSeason = day >= this.#world.first;
    if (isSeason) {
      const disturbances = platformEffects(this.#world, plan);
      this.disturbances.push(...disturbances);
      this.#effects.add(disturbances);
      this.#parts.get(day)?.forEach((part) => this.#stage(part, day));
    }
    const lines = [
      ...lifeOf(this.#world, plan, this.#effects, this.#volume),
      ...(isSeason ? hardNegatives(this.#world, plan) : []),
      ...(this.#waiting.get(day) ?? []),
    ];
    this.#waiting.delete(day);
    const random = plan.random('effects');
    const sent = lines
      .filter(({ atMs }) => atMs >= plan.from && atMs < plan.to)
      .flatMap((line) => this.#held(line, random));
    const today = sent.filter(({ atMs }) => atMs < plan.to);
    for (const line of sent) if (line.atMs >= plan.to) this.#keep(line);
    today.sort((a, b) => a.atMs - b.atMs);
    const numbered = this.#numbers.number(today, this.#effects);
    for (const { incident } of numbered) if (incident !== '') this.shown.add(incident);
    return numbered;
  }

  /** What a source that stops or lags makes of a line. */
  #held(line: Line, random: Random): Line[] {
    const mute = this.#effects.at('mute', line.atMs, ({ source }) => source === line.source);
    if (mute !== undefined && random.chance(mute.share)) return [];
    const delay = this.#effects.at('delay', line.atMs, ({ source }) => source === line.source);
    if (delay !== undefined && random.chance(delay.share))
      return [
        {
          ...line,
          atMs: line.atMs + Math.floor(delay.ms * random.between(0.8, 1.2)),
          incident: line.incident || delay.incident,
        },
      ];
    return [mute !== undefined && line.incident === '' ? { ...line, incident: mute.incident } : line];
  }

  #stage({ plot, difficulty, number }: Part, day: string): void {
    const id = `${plot.name}/${difficulty}/${number}`;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const scene = new Scene(this.#world, day, `${id}/${attempt}`, this.#busyUntil, this.#known);
      const draft = plot.stage(scene, difficulty);
      if (draft === undefined) continue;
      const from =
        draft.from ?? Math.min(...scene.lines.map(({ atMs }) => atMs), ...scene.effects.map((effect) => effect.from));
      const to =
        draft.to ?? Math.max(...scene.lines.map(({ atMs }) => atMs), ...scene.effects.map((effect) => effect.to));
      if (to >= startOfDay(this.#world.last) + DAY) break;
      this.#take(scene, id, to);
      const about = { department: '', actor: '', source: '', host: '', system: '' };
      this.labels.push({
        ...about,
        ...draft,
        windows: scene.effects.map((effect) => ({ from: effect.from, to: effect.to })),
        id,
        detector: plot.name,
        isIncident: plot.isIncident ?? false,
        difficulty,
        from,
        to,
      });
      return;
    }
    this.unstaged.push(id);
  }

  #take(scene: Scene, incident: string, to: number): void {
    for (const name of scene.taken) this.#busyUntil.set(name, to + NIGHT_MS);
    if (scene.effects.length > 0) this.shown.add(incident);
    this.#effects.add(scene.effects.map((effect) => ({ ...effect, incident })));
    for (const line of scene.lines) this.#keep({ ...line, incident });
  }

  #keep(line: Line): void {
    const day = dayOfLine(line);
    const waiting = this.#waiting.get(day);
    if (waiting) waiting.push(line);
    else this.#waiting.set(day, [line]);
  }
}

function dayOfLine({ atMs }: Line): string {
  return new Date(atMs + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** Deals the scenes of each plot and difficulty over the days, those that need one to workdays. */
function partsByDay(world: World): Map<string, Part[]> {
  const { seed, first, days } = world;
  const parts = new Map<string, Part[]>();
  const each = Math.max(1, Math.round((SCENES.count * days) / SCENES.inDays));
  for (const plot of PLOTS) {
    const occasions = plot.occasions?.(world);
    for (const difficulty of DIFFICULTIES)
      for (let number = 1; number <= Math.min(each, occasions?.length ?? each); number++) {
        const random = new Random(seed, 'scene', plot.name, difficulty, number);
        // What takes weeks has to begin early enough to end.
        const span = difficulty === 'slow' ? Math.max(1, days - DAYS_TO_END) : days;
        const drawn = addDays(first, Math.floor(((number - 1 + random.next()) * span) / each));
        const day = occasions === undefined ? (plot.workdays ? nextWorkday(drawn) : drawn) : random.pick(occasions);
        const list = parts.get(day);
        if (list) list.push({ plot, difficulty, number });
        else parts.set(day, [{ plot, difficulty, number }]);
      }
  }
  return parts;
}
