import { rfc5424 } from './lines/syslog.ts';
import type { Line } from './line.ts';
import { SOURCES, type SourceOf } from './platform/sources.ts';
import { hash } from './random.ts';
import { pause, type Channel, type Target } from './sending/channel.ts';
import { FileChannel } from './sending/file-channel.ts';
import { BulkChannel, IngestChannel } from './sending/http-channel.ts';
import { SyslogTcpChannel, SyslogUdpChannel } from './sending/syslog-channel.ts';

export type { Target } from './sending/channel.ts';

const TICK_MS = 20;
const MAX_WAITING_LINES = 5_000;
const LOCAL0_INFO = 134;

export interface Pace {
  /** Simulated per real time at a simulated moment; Infinity for as fast as it is taken. */
  speed: (atMs: number) => number;
  /** Called for each line as it goes out. */
  onLine?: (line: Line) => void;
  /** Called about every second with the simulated moment. */
  onProgress?: (progress: Progress) => void;
}

export interface Progress {
  simulatedMs: number;
  lines: number;
  linesPerSecond: number;
}

export interface Sent {
  lines: number;
  /** Answered with success, or written where nobody answers. */
  acknowledged: number;
  wallMs: number;
}

/** Sends lines to the real ports, each source over its own connection, in the order of their times. */
export class Sender {
  readonly #target: Target;
  readonly #channels: Map<string, Channel>;
  #waiting = 0;
  #lines = 0;

  /** @param key of HTTP batches: the same lines sent again under the same key in the same pieces are known as the same */
  constructor(target: Target, key: string) {
    this.#target = target;
    this.#channels = new Map(SOURCES.map((source) => [source.id, channelFor(target, source, `${key}/${source.id}`)]));
  }

  /** Plays the lines at a pace; ends with them or with the target's signal. */
  async send(lines: Iterable<Line>, pace: Pace): Promise<Sent> {
    const began = performance.now();
    const before = { lines: this.#lines, acknowledged: this.#acknowledged() };
    const clock = new SimulatedClock(pace);
    let reported = { at: began, lines: this.#lines };
    for (const line of lines) {
      while (!clock.reached(line.atMs) && !this.#stopped) {
        await this.#flush();
        await pause(TICK_MS, this.#target.signal);
      }
      if (this.#stopped) break;
      this.#add(line, pace);
      if (this.#waiting >= MAX_WAITING_LINES) await this.#flush();
      const now = performance.now();
      if (!pace.onProgress || now - reported.at < 1_000) continue;
      const linesPerSecond = ((this.#lines - reported.lines) * 1_000) / (now - reported.at);
      pace.onProgress({ simulatedMs: line.atMs, lines: this.#lines - before.lines, linesPerSecond });
      reported = { at: now, lines: this.#lines };
    }
    await this.#flush();
    return {
      lines: this.#lines - before.lines,
      acknowledged: this.#acknowledged() - before.acknowledged,
      wallMs: performance.now() - began,
    };
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#channels.values()].map((channel) => channel.stop()));
  }

  get #stopped(): boolean {
    return this.#target.signal?.aborted ?? false;
  }

  #add(line: Line, pace: Pace): void {
    this.#channels.get(line.source)!.add(line);
    pace.onLine?.(line);
    this.#waiting++;
    this.#lines++;
  }

  async #flush(): Promise<void> {
    this.#waiting = 0;
    await Promise.all([...this.#channels.values()].map((channel) => channel.flush()));
  }

  #acknowledged(): number {
    return [...this.#channels.values()].reduce((sum, channel) => sum + channel.acknowledged, 0);
  }
}

/** How far simulated time has come: it begins at the first line that it is asked about. */
class SimulatedClock {
  readonly #pace: Pace;
  #simulated: number | undefined;
  #wall = 0;

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  reached(atMs: number): boolean {
    const now = performance.now();
    if (this.#simulated === undefined) {
      this.#simulated = atMs;
      this.#wall = now;
    }
    if (atMs <= this.#simulated) return true;
    const speed = this.#pace.speed(this.#simulated);
    this.#simulated = speed === Infinity ? atMs : this.#simulated + (now - this.#wall) * speed;
    this.#wall = now;
    return atMs <= this.#simulated;
  }
}

function channelFor(target: Target, source: SourceOf, key: string): Channel {
  if (source.transport === 'ingest') return new IngestChannel(target, source.address, key);
  if (source.transport === 'bulk') return new BulkChannel(target, source.address, key);
  if (source.transport === 'syslog-udp') return new SyslogUdpChannel(target, source.address);
  const framing = (hash(source.id) & 1) === 0 ? 'octet-counting' : 'line-feed';
  const tcp = new SyslogTcpChannel(target, source.address, framing);
  if (source.transport === 'syslog-tcp') return tcp;
  return target.fileFolder === undefined ? asImfile(tcp) : new FileChannel(target.fileFolder, source.id);
}

/** A followed file's lines in syslog envelopes. */
function asImfile(tcp: SyslogTcpChannel): Channel {
  return {
    add: (line) => tcp.add({ ...line, line: rfc5424(LOCAL0_INFO, line.atMs, 'db-files', 'postgres', '-', line.line) }),
    flush: () => tcp.flush(),
    stop: () => tcp.stop(),
    get acknowledged() {
      return tcp.acknowledged;
    },
  };
}
