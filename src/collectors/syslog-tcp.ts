import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { WanglouError } from '../errors.ts';
import { TlsFiles, type TlsFileOptions } from '../access/tls-files.ts';
import { certificateMissing, clientCertificate, type ClientCertificate } from './client-certificate.ts';
import { Connections, DEFAULT_CONNECTIONS, type ConnectionLimits, type ConnectionRefusal } from '../connections.ts';
import type { Collector, CollectorStatus, Identify, Intake, Origin } from './collector.ts';
import { FramedRecords } from './framed-records.ts';
import { listen } from './listen.ts';
import { peerAddress } from './peer-address.ts';

export interface SyslogTcpOptions {
  intake: Intake;
  identify: Identify;
  host: string;
  /** 0 for a free one; see `port`. */
  port: number;
  /** Longer records are truncated. */
  maxRecordBytes: number;
  /** Default: DEFAULT_CONNECTIONS. */
  connections?: ConnectionLimits;
  /** Called for every connection that is refused; it is counted here. */
  onTooMany?: (refusal: ConnectionRefusal) => void;
  /** With it, syslog over TLS (RFC 5425). */
  tls?: TlsFileOptions & {
    /** With a client CA: whether senders without a certificate are refused (true) or only unauthenticated (false). */
    requireClientCertificate: boolean;
  };
  /** Told of senders that are refused for their certificate, or for having none. */
  onRefused?: (reason: string, refused: WanglouError, peer: string) => void;
  handshakeTimeoutMs?: number;
  /** A connection on which nothing has come for so long since it began is ended; its sender may come again. */
  firstByteMs?: number;
  /** A record that has begun ends within this, or it is kept as far as it came and the connection is ended. */
  recordMs?: number;
}

interface Connection {
  socket: Socket;
  records: FramedRecords;
  origin: Origin;
  /** Whether anything came since the last look. */
  isActive: boolean;
  /** When it began, or the last record was whole; ms of `performance.now()`. */
  progressAt: number;
}

/** How long a connection is quiet before a frame is taken as ended where only the next byte would show it. */
const SETTLE_MS = 250;
/** See the options. Some senders connect when they start and have nothing to say for minutes. */
const FIRST_BYTE_MS = 300_000;
const RECORD_MS = 60_000;
/** How long, at the end, is read what senders have sent before they see that we end. */
const MAX_REST_MS = 2_000;

/** Syslog over TCP, octet counted or by lines, plain or with TLS. */
export class SyslogTcp implements Collector {
  readonly name: string;
  readonly #options: SyslogTcpOptions;
  readonly #admission: Connections;
  readonly #connections = new Set<Connection>();
  readonly #tls: TlsFiles | undefined;
  #server: Server | undefined;
  #settling: NodeJS.Timeout | undefined;
  #port = 0;
  #received = 0;
  #refused = 0;

  constructor(options: SyslogTcpOptions) {
    this.#options = options;
    this.#admission = new Connections(options.connections ?? DEFAULT_CONNECTIONS, (refusal) => {
      this.#countRefused(refusal.address, refusal.reason);
      options.onTooMany?.(refusal);
    });
    this.#tls = options.tls && new TlsFiles(options.tls);
    this.name = options.tls ? 'syslog-tls' : 'syslog-tcp';
  }

  /** The port it listens on. */
  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    this.#server = this.#tls === undefined ? createServer(this.#connect) : this.#createTlsServer(this.#tls);
    this.#admission.guard(this.#server);
    this.#port = await listen(this.#server, this.#options.host, this.#options.port);
    this.#settling = setInterval(this.#settleQuiet, SETTLE_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#settling);
    this.#tls?.unwatch();
    const server = this.#server;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    await this.#readRest();
    for (const connection of this.#connections) connection.socket.destroy();
    await closed;
    await this.#options.intake.durable();
  }

  status(): CollectorStatus {
    const problem = this.#tls?.status(Date.now()) ?? '';
    let received = this.#received;
    for (const connection of this.#connections) received += connection.records.received;
    return {
      name: this.name,
      listening: `${this.#options.host}:${this.#port}`,
      ready: this.#server?.listening ?? false,
      problem,
      received,
      refused: this.#refused,
      lost: 0,
      connections: this.#admission.open,
    };
  }

  #createTlsServer(files: TlsFiles): Server {
    const handshakeTimeout = this.#options.handshakeTimeoutMs ?? 10_000;
    const server = createTlsServer({ ...files.read(), handshakeTimeout }, this.#connect);
    server.on('tlsClientError', (error, socket) => {
      const code = 'code' in error ? String(error.code) : error.message;
      this.#countRefused(socket.remoteAddress, `TLS handshake failed: ${code}`);
      socket.destroy();
    });
    files.watch(server);
    return server;
  }

  readonly #connect = (socket: Socket | TLSSocket): void => {
    const { intake, identify, maxRecordBytes } = this.#options;
    const certificate = clientCertificate(socket);
    if (!this.#isGood(certificate, socket)) return;
    const origin = identify({
      collector: this.name,
      protocol: this.#tls === undefined ? 'tcp' : 'tls',
      address: peerAddress(socket.remoteAddress),
      certificateSubject: certificate.certificateSubject,
      certificateFingerprint: certificate.certificateFingerprint,
      boundSource: '',
      hasToken: false,
    });
    const records = new FramedRecords(origin, intake.open(origin), maxRecordBytes);
    const connection: Connection = { socket, records, origin, isActive: false, progressAt: performance.now() };
    this.#connections.add(connection);
    this.#read(connection);
  };

  #isGood({ certificateFingerprint, fault }: ClientCertificate, socket: Socket): boolean {
    const isMissing = this.#options.tls?.requireClientCertificate === true && certificateFingerprint === '';
    const refusal = fault ?? (isMissing ? certificateMissing() : undefined);
    if (refusal === undefined) return true;
    this.#options.onRefused?.(refusal.reason, refusal.refused, peerAddress(socket.remoteAddress));
    this.#countRefused(socket.remoteAddress, refusal.reason);
    socket.destroy();
    return false;
  }

  #read(connection: Connection): void {
    const { socket, records } = connection;
    const { intake } = this.#options;
    let hasEnded = false;
    /** Put back, and not taken yet. */
    let waiting: Buffer | undefined;
    const resume = (): void => void socket.resume();
    const pause = (): void => {
      socket.pause();
      intake.onRelief(resume);
    };
    const take = (chunk: Buffer): void => {
      const before = records.received;
      records.push(chunk);
      if (records.received > before) connection.progressAt = performance.now();
    };
    socket.setKeepAlive(true, 60_000);
    socket.on('data', (chunk: Buffer) => {
      connection.isActive = true;
      waiting = undefined;
      if (intake.pressure() === 'none') {
        take(chunk);
        if (intake.pressure() !== 'none') pause();
        return;
      }
      // A thousand connections may have sent at once: what each of them brings would hold up everybody else.
      pause();
      socket.unshift(chunk);
      waiting = chunk;
    });
    socket.on('end', () => (hasEnded = true));
    socket.on('error', () => {}); // 'close' follows and tells what was cut
    socket.on('close', () => {
      if (waiting !== undefined) take(waiting);
      records.end(hasEnded);
      this.#received += records.received;
      this.#connections.delete(connection);
    });
  }

  /**
   * Says that we end and reads on until the senders have closed or been quiet: one that looks before it sends, as rsyslog
   * does, keeps the rest for our successor, and nothing that was sent before is lost.
   */
  async #readRest(): Promise<void> {
    const end = Date.now() + MAX_REST_MS;
    for (const { socket } of this.#connections) socket.end();
    for (let isQuiet = false; !isQuiet && this.#connections.size > 0 && Date.now() < end;) {
      for (const connection of this.#connections) connection.isActive = false;
      await new Promise((resume) => setTimeout(resume, SETTLE_MS));
      isQuiet = [...this.#connections].every((connection) => !connection.isActive);
    }
  }

  #countRefused(address: string | undefined, reason: string): void {
    this.#refused++;
    const protocol = this.#tls === undefined ? 'tcp' : 'tls';
    this.#options.intake.refused(`${protocol}/${peerAddress(address)}`, reason, 1);
  }

  readonly #settleQuiet = (): void => {
    const now = performance.now();
    for (const connection of this.#connections) {
      // Where it is us who do not read, the next byte may be there.
      if (!connection.isActive && !connection.socket.isPaused()) connection.records.settle();
      connection.isActive = false;
      this.#endIfSlow(connection, now);
    }
  };

  /** Who opens connections and sends nothing, or never ends a record, would keep others out for ever. */
  #endIfSlow(connection: Connection, now: number): void {
    const { socket, records } = connection;
    if (socket.isPaused()) {
      connection.progressAt = now; // it is us who do not read
      return;
    }
    const { firstByteMs = FIRST_BYTE_MS, recordMs = RECORD_MS } = this.#options;
    const quietMs = now - connection.progressAt;
    if (records.isWaiting ? quietMs <= recordMs : records.received > 0 || quietMs <= firstByteMs) return;
    this.#countRefused(socket.remoteAddress, records.isWaiting ? 'a record that does not end' : 'nothing was sent');
    connection.progressAt = Infinity; // once
    socket.end();
    socket.destroySoon();
  }
}
