import type { Frame } from './frame.ts';
import type { Subscription } from './subscription.ts';

/** What the feed needs of a WebSocket. */
export interface FeedSocket {
  readonly bufferedAmount: number;
  sendFrame(frame: Frame): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'pong' | 'close' | 'message' | 'error', listener: () => void): unknown;
}

/** A client with more than this on the way gets nothing new; at less than the second bound it gets what it missed. */
const MAX_BUFFERED_BYTES = 1_048_576;
const DRAINED_BYTES = 65_536;
/** One that has not read for this long is let go (1013: try again later). */
const MAX_BEHIND_MS = 30_000;
/** A close frame that can not be delivered is not waited for. */
const CLOSE_LIMIT_MS = 2_000;

/** One connection: where its client stands, and whether it reads. */
export class FeedClient {
  /** Number of the last change that was sent; undefined before the snapshot. */
  position: number | undefined;
  readonly subscription: Subscription;
  readonly #socket: FeedSocket;
  readonly #authorized: () => boolean;
  readonly #onGone: () => void;
  #behindSince = Infinity;
  #alive = true;

  constructor(socket: FeedSocket, subscription: Subscription, authorized: () => boolean, onGone: () => void) {
    this.#socket = socket;
    this.subscription = subscription;
    this.#authorized = authorized;
    this.#onGone = onGone;
    socket.on('pong', () => (this.#alive = true));
    socket.on('close', onGone);
    socket.on('error', () => this.#cutOff());
    socket.on('message', () => this.close(1008, 'the feed takes no messages'));
  }

  sendHello(hello: Frame): void {
    this.#socket.sendFrame(hello);
  }

  /**
   * Sends what the client lacks, unless it is still reading what it was sent before.
   * @param isBeat whether it is to be sent something also when nothing of its subscription has changed.
   */
  update(n: number, isBeat: boolean, frameAfter: (position: number | undefined) => Frame): void {
    if (this.position === n) return;
    const limit = this.#behindSince === Infinity ? MAX_BUFFERED_BYTES : DRAINED_BYTES;
    if (this.#socket.bufferedAmount > limit) return this.#fallBehind();
    // A ping from before waited with all the rest: its answer is still to come.
    if (this.#behindSince !== Infinity) this.#alive = true;
    this.#behindSince = Infinity;
    const frame = frameAfter(this.position);
    if (frame.isEmpty && !isBeat) return;
    this.#socket.sendFrame(frame);
    this.position = frame.n;
  }

  /**
   * Asks for a sign of life; ends the connection when the last question was not answered. One that is behind is not asked:
   * the question would wait behind all that it has not read.
   */
  ping(): void {
    if (this.#behindSince !== Infinity) return;
    if (!this.#alive) {
      // It is gone, or does not read: then this is what it reads last.
      this.#socket.close(1013, 'does not read');
      return this.#cutOff();
    }
    this.#alive = false;
    this.#socket.ping();
  }

  checkAuthorized(): void {
    if (!this.#authorized()) this.close(4401, 'signed out');
  }

  close(code: number, reason: string): void {
    this.#onGone();
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), CLOSE_LIMIT_MS).unref();
  }

  #fallBehind(): void {
    const now = performance.now();
    this.#behindSince = Math.min(this.#behindSince, now);
    if (now - this.#behindSince >= MAX_BEHIND_MS) this.close(1013, 'too slow');
  }

  #cutOff(): void {
    this.#onGone();
    this.#socket.terminate();
  }
}
