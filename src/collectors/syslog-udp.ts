import { Worker } from 'node:worker_threads';
import { RecordDecoder } from './charset.ts';
import type { Collector, CollectorStatus, Identify, Intake, IntakeStream } from './collector.ts';
import { cannotListen } from './listen.ts';
import { peerAddress } from './peer-address.ts';
import { COUNTER, HEADER_BYTES } from './udp-batch.ts';
import type { DatagramBatch, FromUdpReader, UdpReaderOptions } from './udp-batch.ts';
import { kernelDrops } from './udp-drops.ts';

export interface SyslogUdpOptions {
  intake: Intake;
  identify: Identify;
  host: string;
  /** 0 for a free one; see `port`. */
  port: number;
  /** Asked of the kernel, which gives at most net.core.rmem_max. */
  receiveBufferBytes?: number;
}

interface Peer {
  source: string;
  stream: IntakeStream;
  decoder: RecordDecoder;
}

interface WaitingBatch extends DatagramBatch {
  /** Where the next datagram begins in `bytes`. */
  at: number;
}

/** How long datagrams may keep everybody else waiting: a flood of them must not hold up those who wait for an answer. */
const TURN_MS = 10;
/** Datagrams between two looks at the clock. */
const LOOK_EVERY = 64;
/** Peers whose stream is kept open; beyond, all are opened anew. Addresses of datagrams can be forged freely. */
const MAX_PEERS = 10_000;
/** Why a record was lost; shown with its source. */
const DROPPED = 'datagram dropped: receive buffer full';
const LOG_AWAY = 'datagram refused: nothing can be made durable now';

/**
 * Syslog over UDP. Read by a thread of its own, taken in turns with everything else; what is dropped, because more comes than
 * can be taken, is counted. Senders are never authenticated.
 */
export class SyslogUdp implements Collector {
  readonly name = 'syslog-udp';
  readonly #options: SyslogUdpOptions;
  readonly #counters: Int32Array<SharedArrayBuffer> = new Int32Array(new SharedArrayBuffer(8));
  readonly #peers = new Map<string, Peer>();
  /** Batches that have come and are not taken yet. */
  readonly #waiting: WaitingBatch[] = [];
  #isTurnDue = false;
  #awaitsRelief = false;
  #worker: Worker | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  #lossTimer: NodeJS.Timeout | undefined;
  #port = 0;
  #isReady = false;
  #problem = '';
  #received = 0;
  #refused = 0;
  #lost = 0;

  constructor(options: SyslogUdpOptions) {
    this.#options = options;
  }

  /** The port it listens on. */
  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    const { host, port, receiveBufferBytes = 8_388_608 } = this.#options;
    const counters = this.#counters.buffer;
    const workerData: UdpReaderOptions = { host, port, receiveBufferBytes, counters };
    const worker = new Worker(new URL('./udp-reader.ts', import.meta.url), { workerData });
    this.#worker = worker;
    this.#exited = new Promise((resolve) => worker.once('exit', resolve));
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: FromUdpReader) => this.#onMessage(message, resolve, reject));
      worker.on('error', (error: Error) => {
        this.#fail(error.message);
        reject(cannotListen(host, port, error));
      });
    });
    this.#lossTimer = setInterval(() => this.#countLoss(), 1_000);
  }

  async stop(): Promise<void> {
    clearInterval(this.#lossTimer);
    if (this.#isReady) this.#countLoss();
    this.#isReady = false;
    this.#worker?.postMessage('stop');
    await this.#exited;
    while (this.#waiting.length > 0) this.#takeSome(Infinity);
    for (const peer of this.#peers.values()) peer.stream.end();
    this.#peers.clear();
    await this.#options.intake.durable();
  }

  status(): CollectorStatus {
    if (this.#isReady) this.#countLoss();
    return {
      name: this.name,
      listening: `${this.#options.host}:${this.#port}`,
      ready: this.#isReady,
      problem: this.#problem,
      received: this.#received,
      refused: this.#refused,
      lost: this.#lost,
      connections: 0,
    };
  }

  #onMessage(message: FromUdpReader, resolve: () => void, reject: (error: Error) => void): void {
    if (message.kind === 'batch') {
      this.#waiting.push({ ...message.batch, at: 0 });
      this.#scheduleTurn();
    } else if (message.kind === 'listening') {
      this.#port = message.port;
      this.#isReady = true;
      resolve();
    } else {
      this.#fail(message.message);
      reject(cannotListen(this.#options.host, this.#options.port, Object.assign(new Error(message.message), message)));
      void this.#worker?.terminate();
    }
  }

  #fail(message: string): void {
    this.#isReady = false;
    this.#problem = message;
  }

  #scheduleTurn(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    this.#isTurnDue = false;
    const end = performance.now() + TURN_MS;
    while (this.#waiting.length > 0 && performance.now() < end) {
      // What then becomes too much is dropped by the reading thread, and is not in the way of what others send.
      if (this.#options.intake.pressure() === 'slow') return this.#awaitRelief();
      this.#takeSome(end);
    }
    if (this.#waiting.length > 0) this.#scheduleTurn();
  };

  #awaitRelief(): void {
    if (this.#awaitsRelief) return;
    this.#awaitsRelief = true;
    this.#options.intake.onRelief(() => {
      this.#awaitsRelief = false;
      this.#scheduleTurn();
    });
  }

  /** Of the first batch, as much as there is time for. */
  #takeSome(end: number): void {
    const batch = this.#waiting[0]!;
    const bytes = Buffer.from(batch.bytes, 0, batch.length);
    const peers = batch.peers.map((address) => this.#peer(peerAddress(address)));
    const refuses = this.#options.intake.pressure() === 'refuse';
    for (let n = 1; batch.at < bytes.length; n++) {
      const start = batch.at + HEADER_BYTES;
      const stop = start + bytes.readUInt16LE(batch.at);
      const peer = peers[bytes.readUInt16LE(batch.at + 2)]!;
      if (refuses) this.#refuse(peer);
      else this.#takeDatagram(peer, bytes.subarray(start, withoutLineEnd(bytes, start, stop)));
      batch.at = stop;
      if (n % LOOK_EVERY === 0 && performance.now() > end) return;
    }
    this.#waiting.shift();
    Atomics.sub(this.#counters, COUNTER.batchesUnderway, 1);
  }

  #takeDatagram(peer: Peer, bytes: Buffer): void {
    this.#received++;
    const { text, encoding } = peer.decoder.decode(bytes);
    if (text === '') peer.stream.accept('', '', { fault: 'empty datagram', encoding: '' });
    else if (encoding === '') peer.stream.accept(text, '');
    else peer.stream.accept(text, '', { fault: '', encoding });
  }

  #refuse(peer: Peer): void {
    this.#refused++;
    this.#options.intake.refused(peer.source, LOG_AWAY, 1);
  }

  #peer(address: string): Peer {
    const known = this.#peers.get(address);
    if (known) return known;
    if (this.#peers.size >= MAX_PEERS) this.#forgetPeers();
    const { intake, identify } = this.#options;
    const origin = identify({
      collector: this.name,
      protocol: 'udp',
      address,
      certificateSubject: '',
      boundSource: '',
      hasToken: false,
    });
    const unproven = { ...origin, authenticated: false };
    const peer = {
      source: origin.source,
      stream: intake.open(unproven),
      decoder: new RecordDecoder(origin.encoding),
    };
    this.#peers.set(address, peer);
    return peer;
  }

  #forgetPeers(): void {
    for (const peer of this.#peers.values()) peer.stream.end();
    this.#peers.clear();
  }

  #countLoss(): void {
    const lost = (kernelDrops(this.#port) ?? 0) + Atomics.load(this.#counters, COUNTER.dropped);
    if (lost <= this.#lost) return;
    this.#options.intake.lost('udp', DROPPED, lost - this.#lost);
    this.#lost = lost;
  }
}

/** Some senders end datagrams like lines. */
function withoutLineEnd(bytes: Buffer, start: number, end: number): number {
  let stop = end;
  while (stop > start && (bytes[stop - 1] === 0x0a || bytes[stop - 1] === 0x0d || bytes[stop - 1] === 0x00)) stop--;
  return stop;
}
