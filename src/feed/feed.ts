import { randomBytes } from 'node:crypto';
import type { Finding } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { LifeEvent } from '../finding/lifecycle.ts';
import { asyncApi } from './asyncapi.ts';
import { FeedClient, type FeedSocket } from './feed-client.ts';
import { FeedState, type FeedStateOptions } from './feed-state.ts';
import { changesFrame, helloFrame, type Frame } from './frame.ts';
import { MaskedChanges, type Mask } from './masked-changes.ts';
import { BEAT_MS, PROTOCOL, resumeSchema, type FeedHealth, type ScopeScore, type SourceState } from './protocol.ts';
import type { Pulse } from './pulse.ts';
import { PulseWithin } from './pulse-within.ts';
import { subscriptionOf, type Subscription } from './subscription.ts';

export interface FeedOptions extends Omit<FeedStateOptions, 'epoch'> {
  /** ms since the Unix epoch. */
  now?: () => number;
  /** Names that a subscription may have as `detector`; any when there are none. */
  detectors?: readonly string[];
  /** What nobody is to see of persons; everything is shown as it is when absent. */
  mask?: Mask;
}

/** What somebody with a scope sees (src/scope/reach.ts). */
export interface FeedReach {
  readonly sources: ReadonlySet<string>;
  sees(finding: Finding): boolean;
  seesIncident(incident: Incident): boolean;
  seesScore(kind: string, id: string): boolean;
}

/** A feed within a scope, and what it is to be told of. */
interface Part {
  feed: Feed;
  reach: FeedReach;
  pulses: PulseWithin;
}

/** Everything but alerts waits for the next tick, so that many changes make one frame. */
const TICK_MS = 100;
const HEARTBEAT_MS = 15_000;
/** Somebody whose session has ended sees nothing new after this, and what it takes the news to come here. */
const AUTHORIZED_MS = 250;

/**
 * The live feed: takes revisions of findings and pulses in, and keeps every connected client up to date, a frame a tick. A
 * finding that alerts does not wait for the tick. A frame is made once for all clients of a subscription that stand at the
 * same number, however many they are.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #state: FeedState;
  readonly #parts = new Set<Part>();
  readonly #now: () => number;
  readonly #detectors: readonly string[];
  readonly #masked: MaskedChanges;
  readonly #clients = new Set<FeedClient>();
  /** The last snapshot of each subscription; many who connect at a time share one. */
  readonly #snapshots = new Map<string, { frame: Frame; madeAt: number }>();
  #timers: NodeJS.Timeout[] = [];
  #soon: NodeJS.Timeout | undefined;
  #lastFlushAt = -Infinity;
  #onStopped: () => void = () => undefined;

  constructor(options: FeedOptions = {}) {
    this.#options = options;
    this.#state = new FeedState({ ...options, epoch: randomBytes(8).toString('hex') });
    this.#now = options.now ?? Date.now;
    this.#detectors = options.detectors ?? [];
    this.#masked = new MaskedChanges(options.mask ?? ((data) => data));
  }

  start(): void {
    this.#timers = [
      setInterval(() => this.#flush(false), TICK_MS),
      setInterval(() => this.#second(), BEAT_MS),
      setInterval(() => this.#each((client) => client.checkAuthorized()), AUTHORIZED_MS),
      setInterval(() => this.#each((client) => client.ping()), HEARTBEAT_MS),
    ];
  }

  /**
   * A feed of its own for those who see only a part, already started: it is told of that part alone, so nothing else can be in
   * any of its messages, and its numbers count nothing of others. `stop()` ends it.
   */
  within(reach: FeedReach): Feed {
    const feed = new Feed({ ...this.#options, problems: () => [] });
    const part = { feed, reach, pulses: new PulseWithin((source) => reach.sources.has(source)) };
    const { findings, lives, incidents, scores } = this.#state.all();
    feed.recall(findings.filter((one) => reach.sees(one)));
    feed.life(lives);
    for (const incident of incidents) if (reach.seesIncident(incident)) feed.incident(incident);
    feed.posture(scores.filter(({ kind, id }) => reach.seesScore(kind, id)));
    this.#parts.add(part);
    feed.#onStopped = () => this.#parts.delete(part);
    feed.start();
    return feed;
  }

  /** Ends the timers and every connection (1001: clients come back). */
  stop(): void {
    for (const { feed } of this.#parts) feed.stop();
    this.#onStopped();
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#each((client) => client.close(1001, 'the server stops'));
    this.#clients.clear();
  }

  /** A revision of a finding, as it happens. A revision that is known, or older, changes nothing. */
  finding(finding: Finding): void {
    if (this.#state.finding(finding) && finding.alert) this.#flushSoon();
    for (const { feed, reach } of this.#parts) if (reach.sees(finding)) feed.finding(finding);
  }

  /** Findings of the past, from the store: what a client sees before anything happens. */
  recall(findings: readonly Finding[]): void {
    for (const finding of findings) this.#state.recall(finding);
    for (const { feed, reach } of this.#parts) feed.recall(findings.filter((one) => reach.sees(one)));
  }

  /** Entries in the histories of findings: what people, or new signals, did with them. */
  life(events: readonly LifeEvent[]): void {
    for (const event of events) this.#state.life(event);
    for (const { feed } of this.#parts) feed.life(events);
  }

  /** A revision of an incident; one that is known, or older, changes nothing. */
  incident(incident: Incident): void {
    if (this.#state.incident(incident) && incident.alert) this.#flushSoon();
    for (const { feed, reach } of this.#parts) if (reach.seesIncident(incident)) feed.incident(incident);
  }

  /** The scores of all scopes as they are now; of those that changed clients are told at the next tick. */
  posture(scores: readonly ScopeScore[]): void {
    this.#state.posture(scores);
    for (const { feed, reach } of this.#parts) feed.posture(scores.filter(({ kind, id }) => reach.seesScore(kind, id)));
  }

  /** What a program says about itself, once a second. */
  pulse(pulse: Pulse): void {
    this.#state.pulse(pulse, this.#now());
    for (const { feed, pulses } of this.#parts) feed.pulse(pulses.of(pulse));
  }

  /** The AsyncAPI 3 document of this feed. */
  describe(): object {
    return asyncApi();
  }

  /** Looks at the query of a request before its connection is taken. @throws WanglouError WL_QUERY_INVALID */
  check(query: unknown): void {
    subscriptionOf(query, this.#detectors);
  }

  /**
   * Serves one WebSocket: hello, then a snapshot or, for a client that comes back, what it missed.
   * @param query of the request's URL: the subscription, and epoch and after of a client that comes back.
   * @param authorized asked four times a second; the connection ends (4401) when it says no.
   * @throws WanglouError WL_QUERY_INVALID
   */
  connect(socket: FeedSocket, query: unknown = {}, authorized: () => boolean = () => true): void {
    const subscription = subscriptionOf(query, this.#detectors);
    const client = new FeedClient(socket, subscription, authorized, () => this.#clients.delete(client));
    this.#clients.add(client);
    const epoch = this.#state.epochOf(subscription);
    client.sendHello(helloFrame({ type: 'hello', protocol: PROTOCOL, epoch, now: this.#now(), beatMs: BEAT_MS }));
    const { data: resume } = resumeSchema.safeParse(query);
    if (resume && this.#state.continues(resume.epoch, resume.after, subscription)) client.position = resume.after;
    const frames = this.#frames();
    client.update(this.#state.n, true, (after) => frames(subscription, after));
  }

  /** For health and the REST API. */
  sources(): SourceState[] {
    return this.#state.sources();
  }

  health(): FeedHealth {
    return this.#state.health();
  }

  /** Connected clients, those of scopes too. */
  get clients(): number {
    return [...this.#parts].reduce((sum, { feed }) => sum + feed.clients, this.#clients.size);
  }

  #second(): void {
    this.#state.second(this.#now());
    this.#snapshots.clear();
    this.#flush(true);
  }

  /** At once, or a few ms later while alerts pour in: sending to many clients takes its time. */
  #flushSoon(): void {
    if (this.#soon) return;
    const gapMs = Math.min(TICK_MS, 2 + this.#clients.size / 20);
    const waitMs = Math.max(0, this.#lastFlushAt + gapMs - performance.now());
    this.#soon = setTimeout(() => this.#flush(false), waitMs);
  }

  #flush(isBeat: boolean): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#lastFlushAt = performance.now();
    const frames = this.#frames();
    const { n } = this.#state;
    this.#each((client) => client.update(n, isBeat, (after) => frames(client.subscription, after)));
  }

  /** Frames by subscription and the position that they continue from; clients in step share one. */
  #frames(): (subscription: Subscription, after: number | undefined) => Frame {
    const made = new Map<string, Frame>();
    return (subscription, after) => {
      if (after === undefined || !this.#state.reachesBackTo(after)) return this.#snapshot(subscription);
      const key = `${subscription.key}/${after}`;
      const frame = made.get(key) ?? this.#changesFrame(after, subscription);
      made.set(key, frame);
      return frame;
    };
  }

  /** A snapshot may be a tick old: the next batch continues from its number. */
  #snapshot(subscription: Subscription): Frame {
    const known = this.#snapshots.get(subscription.key);
    if (known && performance.now() - known.madeAt < TICK_MS) return known.frame;
    const frame = this.#changesFrame(undefined, subscription);
    this.#snapshots.set(subscription.key, { frame, madeAt: performance.now() });
    return frame;
  }

  #changesFrame(after: number | undefined, subscription: Subscription): Frame {
    return changesFrame(this.#masked.of(this.#state.changes(after, this.#now(), subscription)));
  }

  #each(act: (client: FeedClient) => void): void {
    for (const client of this.#clients) act(client);
  }
}
