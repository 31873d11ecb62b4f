import { randomUUID } from 'node:crypto';
import { WanglouError } from '../errors.ts';

/** How long somebody may look, and how long a request waits for somebody else's word. */
export const REVEALED_MS = 15 * 60_000;
const WAITING_MS = 24 * 3_600_000;
const MAX_KEPT = 10_000;

/** What somebody wants to see an event for. */
export const REVEAL_PURPOSES = ['investigation', 'complaint', 'audit', 'other'] as const;

/** One person's right to see one event as it is. */
export interface Reveal {
  id: string;
  event: string;
  by: string;
  purpose: (typeof REVEAL_PURPOSES)[number];
  reason: string;
  /** When it was asked for, ms since the Unix epoch. */
  at: number;
  state: 'waiting' | 'open' | 'refused';
  /** Until when the event is shown, or, of one that waits, until when it may be decided; ms. */
  until: number;
  /** Who agreed or refused; '' while nobody has, and where nobody has to. */
  decidedBy: string;
}

export interface RevealsOptions {
  /** Whether somebody else has to agree. */
  needsApproval: boolean;
  /** ms since the Unix epoch. */
  now?: () => number;
}

/**
 * Who may see which event unmasked, for fifteen minutes each. In memory only: after a restart everybody asks again; that they
 * asked, and what they saw, is in the audit trail.
 */
export class Reveals {
  readonly #needsApproval: boolean;
  readonly #now: () => number;
  readonly #kept = new Map<string, Reveal>();

  constructor({ needsApproval, now = Date.now }: RevealsOptions) {
    this.#needsApproval = needsApproval;
    this.#now = now;
  }

  /** What this person has asked for of this event, and has not run out. */
  of(account: string, event: string): Reveal | undefined {
    return [...this.#kept.values()].findLast((one) => one.by === account && one.event === event && this.#lasts(one));
  }

  /** Asks, or gives back what was asked for already and still lasts; a refusal is final until it has run out. */
  ask(wish: Pick<Reveal, 'event' | 'by' | 'purpose' | 'reason'>): Reveal {
    const before = this.of(wish.by, wish.event);
    if (before !== undefined) return before;
    for (const [id, one] of this.#kept) if (!this.#lasts(one) || this.#kept.size >= MAX_KEPT) this.#kept.delete(id);
    const at = this.#now();
    const state = this.#needsApproval ? 'waiting' : 'open';
    const until = at + (this.#needsApproval ? WAITING_MS : REVEALED_MS);
    const reveal: Reveal = { id: randomUUID(), ...wish, at, state, until, decidedBy: '' };
    this.#kept.set(reveal.id, reveal);
    return reveal;
  }

  /** All that last, oldest first. */
  list(): readonly Reveal[] {
    return [...this.#kept.values()].filter((one) => this.#lasts(one));
  }

  /** @throws WanglouError WL_NOT_FOUND, WL_FORBIDDEN, WL_CONFLICT */
  decide(id: string, agrees: boolean, by: string): Reveal {
    const reveal = this.list().find((one) => one.id === id);
    if (reveal === undefined)
      throw new WanglouError('WL_NOT_FOUND', `There is no request ${id}, or it has run out`, {
        remedy: 'Look at the list of requests.',
      });
    if (reveal.by === by)
      throw new WanglouError('WL_FORBIDDEN', `${by} asked for this and can not decide it`, {
        remedy: 'Somebody else decides it.',
      });
    if (reveal.state !== 'waiting')
      throw new WanglouError('WL_CONFLICT', `${reveal.decidedBy} has decided this already: ${reveal.state}`);
    const until = agrees ? this.#now() + REVEALED_MS : reveal.until;
    const decided: Reveal = { ...reveal, state: agrees ? 'open' : 'refused', until, decidedBy: by };
    this.#kept.set(id, decided);
    return decided;
  }

  #lasts({ until }: Reveal): boolean {
    return until > this.#now();
  }
}
