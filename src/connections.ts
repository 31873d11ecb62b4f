import type { Server, Socket } from 'node:net';

/** How many connections a port keeps open. */
export interface ConnectionLimits {
  total: number;
  /** Of one IPv4 address, or of one IPv6 network of 64 bits, which is what one sender has. */
  perAddress: number;
}

/** What a port has unless it is said. */
export const DEFAULT_CONNECTIONS: ConnectionLimits = { total: 10_000, perAddress: 2_000 };

export interface ConnectionRefusal {
  /** As the system gives it. */
  address: string;
  reason: 'too many connections' | 'too many connections from this address';
}

/** When as many addresses as this are refused within a minute, the rest are only counted. */
const MAX_TOLD = 1_000;
const TELL_MS = 60_000;

/**
 * Who may connect to a port: so many in all, and so many from one address, so that nobody keeps the others out. What is refused
 * is closed before a byte of it is read.
 */
export class Connections {
  refused = 0;
  readonly #limits: ConnectionLimits;
  readonly #onRefused: (refusal: ConnectionRefusal) => void;
  readonly #byAddress = new Map<string, number>();
  #open = 0;

  constructor(limits: ConnectionLimits, onRefused: (refusal: ConnectionRefusal) => void) {
    this.#limits = limits;
    this.#onRefused = onRefused;
  }

  get open(): number {
    return this.#open;
  }

  /** Lets only those through to who listens for connections of the server by now, and keeps it up when none can be accepted. */
  guard(server: Server): void {
    const listeners = server.listeners('connection') as ((socket: Socket) => void)[];
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      if (this.#admits(socket)) for (const listener of listeners) listener.call(server, socket);
    });
  }

  #admits(socket: Socket): boolean {
    const address = socket.remoteAddress ?? '';
    const sender = senderOf(address);
    const ofSender = this.#byAddress.get(sender) ?? 0;
    const isFull = this.#open >= this.#limits.total;
    if (isFull || ofSender >= this.#limits.perAddress) {
      this.refused++;
      this.#onRefused({ address, reason: isFull ? 'too many connections' : 'too many connections from this address' });
      socket.on('error', () => {});
      socket.destroy();
      return false;
    }
    this.#open++;
    this.#byAddress.set(sender, ofSender + 1);
    socket.once('close', () => this.#leave(sender));
    return true;
  }

  #leave(sender: string): void {
    this.#open--;
    const left = this.#byAddress.get(sender)! - 1;
    if (left === 0) this.#byAddress.delete(sender);
    else this.#byAddress.set(sender, left);
  }
}

/**
 * Tells of refused connections at most once a minute and address, with how many there were since.
 * @param now ms, of a clock that only goes on.
 */
export function tellingOnce(
  tell: (refusal: ConnectionRefusal, connections: number) => void,
  now: () => number = () => performance.now(),
): (refusal: ConnectionRefusal) => void {
  const told = new Map<string, { at: number; since: number }>();
  return (refusal) => {
    const at = now();
    const known = told.get(refusal.address);
    if (known !== undefined && at - known.at < TELL_MS) {
      known.since++;
      return;
    }
    if (known === undefined && told.size >= MAX_TOLD) {
      for (const [address, { at: then }] of told) if (at - then >= TELL_MS) told.delete(address);
      if (told.size >= MAX_TOLD) return;
    }
    told.set(refusal.address, { at, since: 0 });
    tell(refusal, (known?.since ?? 0) + 1);
  };
}

/**
 * The limits of each of several ports of one process that may have so many files open.
 * @param descriptors undefined when it is not known.
 */
export function limitsWithin(
  wanted: ConnectionLimits,
  ports: number,
  descriptors: number | undefined,
): ConnectionLimits {
  if (descriptors === undefined) return wanted;
  const most = Math.max(16, Math.floor((descriptors - RESERVED_DESCRIPTORS) / ports));
  return { total: Math.min(wanted.total, most), perAddress: Math.min(wanted.perAddress, most) };
}

/** For the event log, the store, files that are followed, and what else a program opens. */
const RESERVED_DESCRIPTORS = 512;

/** An IPv4 address as it is, or the first 64 bits of an IPv6 address. */
function senderOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const groups = head.split(':');
  if (tail === undefined || groups.length >= 4) return groups.slice(0, 4).join(':');
  const behind = tail.split(':').filter((group) => group !== '');
  const zeros = 8 - groups.length - behind.length;
  return [...groups, ...new Array<string>(zeros).fill('0'), ...behind].slice(0, 4).join(':');
}
