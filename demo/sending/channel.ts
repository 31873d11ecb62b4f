import type { Line } from '../line.ts';

/** The way of one source into the platform. */
export interface Channel {
  /** Keeps a line for the next flush. */
  add(line: Line): void;
  /** Resolves when what was added is acknowledged, or written where nobody acknowledges. */
  flush(): Promise<void>;
  stop(): Promise<void>;
  /** Lines answered with success; lines that were only written for protocols without answers. */
  readonly acknowledged: number;
}

export interface Target {
  /** Address of the platform. */
  host: string;
  ports: { syslog: number; intake: number };
  /** Bearer token of the HTTP intake. */
  token: string;
  /** Folder of followed log files; without it file lines go over syslog, as rsyslog's imfile sends them. */
  fileFolder?: string;
  /** Gives up waiting and repeating. */
  signal?: AbortSignal;
}

/** Local address to send from, so that sources can be told apart; undefined where the machine has only one. */
export function localAddress(target: Target, address: string): string | undefined {
  const isLoopback = target.host.startsWith('127.') || target.host === 'localhost';
  return isLoopback && process.platform === 'linux' ? address : undefined;
}

/** Waits, or until the signal. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', done);
  });
}
