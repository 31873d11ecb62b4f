/**
 * What a `collect` or `detect` program says about itself once a second: one JSON record in the topic `pulse`. From pulses
 * come the rates, the sources and the health that the page shows; a program whose pulses stop is shown as silent.
 */
export interface Pulse {
  /** ms since the Unix epoch. */
  at: number;
  program: 'collect' | 'detect';
  /** Tells several programs of one kind apart; not needed while there is one. */
  instance?: string;
  /**
   * Sources that had events since this program's previous pulse. Events are counted where they come in: of a `detect` pulse
   * only times and lag are taken.
   */
  sources: readonly SourcePulse[];
  /** Counters since the program's start; each is stated by one program only, and stays 0 in the other's pulses. */
  totals: Totals;
  collectors: readonly CollectorPulse[];
  parked: readonly ParkedDetector[];
  /** Event time up to which windows are closed, ms; 0 when the program has none. */
  watermark: number;
  /** Names that the registry does not know, most frequent first; left out when none. */
  unresolved?: readonly { kind: 'system' | 'account' | 'asset'; name: string; count: number }[];
  /** What is wrong, one sentence each, with what to do. */
  problems: readonly string[];
}

export interface SourcePulse {
  source: string;
  /** Events since the previous pulse, and how many of them could not be parsed. */
  events: number;
  unparsed: number;
  /** Latest event time claimed, ms since the Unix epoch. */
  lastEventTime: number;
  /** Ingest time − event time, ms. */
  lagMs: number;
  /** The least sure way in which its sender was known. */
  identity?: SenderIdentity;
}

/** How a sender was known: see IDENTITIES in src/collectors/collector.ts. From `network` on it is not authenticated. */
export type SenderIdentity = 'certificate' | 'token' | 'shared-token' | 'configured' | 'network' | 'claimed';

export interface Totals {
  received: number;
  refused: number;
  appended: number;
  duplicates: number;
  evaluated: number;
  stored: number;
  findings: number;
  unparsed: number;
}

/** A way in, as its status() says. */
export interface CollectorPulse {
  name: string;
  listening: string;
  ready: boolean;
  problem: string;
  received: number;
  refused: number;
  lost: number;
  connections: number;
}

export interface ParkedDetector {
  detector: string;
  reason: string;
}

/** Counters that all stand at 0. */
export function noTotals(): Totals {
  return {
    received: 0,
    refused: 0,
    appended: 0,
    duplicates: 0,
    evaluated: 0,
    stored: 0,
    findings: 0,
    unparsed: 0,
  };
}
