import type { Event } from '../event/event.ts';
import type { Signal } from '../finding/finding.ts';

/** What every signal has to say for itself. */
type Said = Pick<Signal, 'score' | 'observed' | 'threshold' | 'unit' | 'explanation'>;

/**
 * A signal about an event: actor, asset and address are the event's, and nothing rests on a window or a baseline, unless
 * `said` says otherwise. Windows are whole milliseconds, as the store keeps them.
 */
export function signalAt(event: Event, said: Said & Partial<Signal>): Signal {
  const { windowMs = 0, sampleSize = 0 } = said;
  return {
    actor: event.actor,
    asset: event.asset,
    clientAddress: event.clientAddress,
    expected: 0,
    baseline: 'none',
    eventIds: [event.id],
    ...said,
    windowMs: Math.round(windowMs),
    sampleSize: Math.round(sampleSize),
  };
}
