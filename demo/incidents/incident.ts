import { accessLine, type Access } from '../activity/access.ts';
import type { DayPlan } from '../activity/day-plan.ts';
import { momentAt } from '../activity/rhythm.ts';
import type { Bilingual } from '../../src/finding/finding.ts';
import type { Line } from '../line.ts';
import type { Actor } from '../platform/people.ts';
import type { Random } from '../random.ts';

/** What a finding about an incident must say to count as having found it. */
export interface Label {
  /** `day/detector/variant`. */
  id: string;
  detector: string;
  /** Registry account id, or the login as tried when the registry has none; '' when it is about an address only. */
  actor: string;
  /** Registry id of the asset; '' when it is not about one. */
  asset: string;
  /** Address or network (`198.18.4.0/24`) that it came from; '' when that does not matter. */
  clientAddress: string;
  /** First and last line, ms. */
  from: number;
  to: number;
  /** False when the detector's definition leaves it out; `why` then says what does. */
  expected: boolean;
  why: Bilingual;
}

/** A labelled piece of wrongdoing and the lines it leaves. */
export interface Incident {
  label: Label;
  lines: Line[];
}

export type LabelDraft = Pick<Label, 'why'> & Partial<Pick<Label, 'actor' | 'asset' | 'clientAddress' | 'expected'>>;

/** Deals the people and networks of one detector's incidents, so that no two incidents share any. */
export class Cast {
  readonly plan: DayPlan;
  readonly random: Random;
  readonly #detector: string;
  readonly #used: Set<string>;
  #network: number;

  /** @param used logins that incidents of the day have taken already; shared between casts */
  constructor(plan: DayPlan, detector: string, used: Set<string>, firstNetwork: number) {
    this.plan = plan;
    this.random = plan.random('incidents', detector);
    this.#detector = detector;
    this.#used = used;
    this.#network = firstNetwork;
  }

  /** An officer who has worked here for long and plays no other part today. */
  officer(fits: (actor: Actor) => boolean): Actor {
    return this.#take(
      this.plan.platform.officers,
      (actor) => actor.openedAt < this.plan.from - 60 * 86_400_000 && fits(actor),
    );
  }

  staff(fits: (actor: Actor) => boolean): Actor {
    return this.#take(this.plan.platform.staff, fits);
  }

  #take(from: readonly Actor[], fits: (actor: Actor) => boolean): Actor {
    const actor = this.random.pick(from.filter((one) => !this.#used.has(one.login) && fits(one)));
    this.#used.add(actor.login);
    return actor;
  }

  /** The first three numbers of an IPv4 /24 (benchmarking range, RFC 2544) that nobody else uses today. */
  network4(): string {
    return `198.18.${this.#network++}`;
  }

  /** The first four groups of an IPv6 /64 (documentation range). */
  network6(): string {
    return `2001:db8:${(0x100 + this.#network++).toString(16)}:${this.random.int(0x1000, 0xffff).toString(16)}`;
  }

  /** A moment between two hours of the day. */
  moment(fromHour: number, toHour: number): number {
    return momentAt(this.plan, this.random.between(fromHour * 60, toHour * 60));
  }

  /** `count` moments within `spanMs` from `first`, in order, the first and last at the ends. */
  spread(first: number, count: number, spanMs: number): number[] {
    const gap = spanMs / Math.max(1, count - 1);
    return Array.from({ length: count }, (_, n) =>
      Math.floor(first + n * gap + (n === 0 || n === count - 1 ? 0 : this.random.between(-0.3, 0.3) * gap)),
    );
  }

  /** The incident that the lines make up; they get its id. */
  incident(variant: string, draft: LabelDraft, lines: readonly Line[]): Incident {
    const id = `${this.plan.day}/${this.#detector}/${variant}`;
    const times = lines.map((line) => line.atMs);
    return {
      label: {
        id,
        detector: this.#detector,
        actor: '',
        asset: '',
        clientAddress: '',
        expected: true,
        from: Math.min(...times),
        to: Math.max(...times),
        ...draft,
      },
      lines: lines.map((line) => ({ ...line, incident: id })),
    };
  }

  /** The line of a dataset access, as the asset's system logs it. */
  access(of: Pick<Access, 'atMs' | 'actor' | 'asset' | 'rows'> & { workOrder?: string }): Line {
    return accessLine(this.plan.platform, { workOrder: '', ...of, incident: '' });
  }
}
