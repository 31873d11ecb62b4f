import type { FeedMessage } from '../../../src/feed/protocol.ts';
import { emptyState, take, type LiveState } from './live-state.ts';
import { Misfit, readMessage } from './misfit.ts';

export type Link = 'connecting' | 'live' | 'lost';

export interface LiveClientOptions {
  /** Opens a connection; `query` says where to go on: '' or `?epoch=…&after=…`. */
  open: (query: string, hear: (data: string) => void, lost: (code: number) => void) => { close: () => void };
  /** The state or the link has changed. */
  onChange: () => void;
  /** The connection was refused or ended because nobody is signed in. */
  onSignedOut: () => void;
  /** Asked after a connection that failed before its hello: browsers do not tell why. */
  isSignedIn: () => Promise<boolean>;
}

const PAUSES_MS = [250, 500, 1_000, 2_000, 5_000];
/** After a message that can not be read: the next one may be as bad. */
const MISFIT_PAUSES_MS = [1_000, 5_000, 15_000, 60_000];
/** As long without one, and the pauses begin anew. */
const MISFIT_FORGOTTEN_MS = 5 * 60_000;
/** Beats that may be missed before the link counts as lost. */
const MISSED_BEATS = 3.5;
const SIGNED_OUT = 4401;

/**
 * Keeps a LiveState up to date: connects, resumes where it stopped after a loss or a gap, notices silence that the socket
 * does not, and keeps what it has while it is alone. A message that does not fit the feed's description is not taken in:
 * everything is asked for anew, more and more rarely while it happens again.
 */
export class LiveClient {
  readonly state: LiveState = emptyState();
  link: Link = 'connecting';
  /** Server's clock less this browser's, ms. */
  clockOffsetMs = 0;
  /** When the last message came, by this browser's clock. */
  heardAt = 0;
  /** Messages that did not fit the feed's description, where the last one departed from it, and when (this browser's clock). */
  misfits = { count: 0, at: '', heardAt: 0 };
  readonly #options: LiveClientOptions;
  #socket: { close: () => void } | undefined;
  /** Counts connections, so that what an earlier one still says is not listened to. */
  #connection = 0;
  #greeted = false;
  #fails = 0;
  #misfitsInRow = 0;
  /** What is known is in doubt: to be replaced by a snapshot. */
  #anew = false;
  #beatMs = 1_000;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LiveClientOptions) {
    this.#options = options;
  }

  /** Connects now, also when a next try is already planned. */
  start(): void {
    this.stop();
    const { epoch, n } = this.state;
    const query = epoch === '' || this.#anew ? '' : `?epoch=${encodeURIComponent(epoch)}&after=${n}`;
    const connection = this.#connection;
    const current = (act: () => void): void => (connection === this.#connection ? act() : undefined);
    this.#greeted = false;
    this.#socket = this.#options.open(
      query,
      (data) => current(() => this.#read(data)),
      (code) => current(() => this.#lost(code)),
    );
    this.#listen();
  }

  stop(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    this.#connection++;
    this.#socket?.close();
    this.#socket = undefined;
  }

  #read(data: string): void {
    try {
      this.#hear(readMessage(data));
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      this.#misfit(error.at);
    }
  }

  #misfit(at: string): void {
    const heardAt = Date.now();
    if (heardAt - this.misfits.heardAt > MISFIT_FORGOTTEN_MS) this.#misfitsInRow = 0;
    this.misfits = { count: this.misfits.count + 1, at, heardAt };
    this.stop();
    this.#anew = true;
    this.link = 'lost';
    this.#options.onChange();
    const pauseMs = MISFIT_PAUSES_MS[Math.min(this.#misfitsInRow++, MISFIT_PAUSES_MS.length - 1)]!;
    this.#retry = setTimeout(() => this.start(), pauseMs);
  }

  #hear(message: FeedMessage): void {
    this.heardAt = Date.now();
    this.clockOffsetMs = message.now - this.heardAt;
    this.#listen();
    if (message.type === 'hello') {
      this.#greeted = true;
      this.#beatMs = message.beatMs;
      if (message.epoch !== this.state.epoch || this.#anew) return;
    } else if (!take(this.state, message)) {
      this.start();
      return;
    }
    this.#fails = 0;
    if (message.type === 'snapshot') this.#anew = false;
    this.link = 'live';
    this.#options.onChange();
  }

  /** The feed speaks once a beat: silence means that it is gone, even when the socket has not noticed. */
  #listen(): void {
    clearTimeout(this.#silence);
    const limitMs = this.#greeted ? this.#beatMs * MISSED_BEATS : 10_000;
    this.#silence = setTimeout(() => {
      this.stop();
      this.#lost(0);
    }, limitMs);
  }

  #lost(code: number): void {
    clearTimeout(this.#silence);
    const greeted = this.#greeted;
    this.#socket = undefined;
    this.link = 'lost';
    this.#options.onChange();
    if (code === SIGNED_OUT) {
      this.#options.onSignedOut();
      return;
    }
    const pauseMs = PAUSES_MS[Math.min(this.#fails++, PAUSES_MS.length - 1)]!;
    this.#retry = setTimeout(() => void this.#again(greeted), pauseMs * (0.75 + Math.random() / 2));
  }

  async #again(wasGreeted: boolean): Promise<void> {
    const signedIn = wasGreeted || (await this.#options.isSignedIn().catch(() => true));
    if (signedIn) this.start();
    else this.#options.onSignedOut();
  }
}
