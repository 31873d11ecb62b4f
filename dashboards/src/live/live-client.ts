import type { FeedMessage } from '../../../src/feed/protocol.ts';
import { emptyState, take, type LiveState } from './live-state.ts';

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
/** Beats that may be missed before the link counts as lost. */
const MISSED_BEATS = 3.5;
const SIGNED_OUT = 4401;

/**
 * Keeps a LiveState up to date: connects, resumes where it stopped after a loss or a gap, notices silence that the socket
 * does not, and keeps what it has while it is alone.
 */
export class LiveClient {
  readonly state: LiveState = emptyState();
  link: Link = 'connecting';
  /** Server's clock less this browser's, ms. */
  clockOffsetMs = 0;
  /** When the last message came, by this browser's clock. */
  heardAt = 0;
  readonly #options: LiveClientOptions;
  #socket: { close: () => void } | undefined;
  /** Counts connections, so that what an earlier one still says is not listened to. */
  #connection = 0;
  #greeted = false;
  #fails = 0;
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
    const query = epoch === '' ? '' : `?epoch=${encodeURIComponent(epoch)}&after=${n}`;
    const connection = this.#connection;
    const current = (act: () => void): void => (connection === this.#connection ? act() : undefined);
    this.#greeted = false;
    this.#socket = this.#options.open(
      query,
      (data) => current(() => this.#hear(JSON.parse(data) as FeedMessage)),
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

  #hear(message: FeedMessage): void {
    this.heardAt = Date.now();
    this.clockOffsetMs = message.now - this.heardAt;
    this.#listen();
    if (message.type === 'hello') {
      this.#greeted = true;
      this.#beatMs = message.beatMs;
      if (message.epoch !== this.state.epoch) return;
    } else if (!take(this.state, message)) {
      this.start();
      return;
    }
    this.#fails = 0;
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
