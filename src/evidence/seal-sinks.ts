import { mkdir, open } from 'node:fs/promises';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { dirname } from 'node:path';

/** A place outside of the platform that seals are pushed to. */
export interface SealSink {
  name: 'file' | 'syslog' | 'http';
  /** Resolves when the line is there. A line may come twice. */
  send(line: string): Promise<void>;
}

const SEND_MS = 10_000;
/** RFC 5424: facility 13 (log audit), severity 5 (notice). */
const PRIORITY = 13 * 8 + 5;

/** Appends to a file, which may lie on another machine's volume; flushed when it resolves. */
export function fileSink(path: string): SealSink {
  return {
    name: 'file',
    send: async (line) => {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, 'a', 0o644);
      try {
        await file.appendFile(`${line}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

/** Posts each seal as JSON; anything but 2xx is tried again. */
export function httpSink(url: string): SealSink {
  return {
    name: 'http',
    send: async (line) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body: line, signal: AbortSignal.timeout(SEND_MS) });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`sealUrl answers ${answer.status}`);
    },
  };
}

/** Sends each seal as a syslog message (RFC 5424) over TCP, with its length before it (RFC 6587). @param address host:port */
export function syslogSink(address: string, now: () => number = Date.now): SealSink {
  const at = address.lastIndexOf(':');
  const [host, port] = [address.slice(0, at).replace(/^\[|\]$/g, ''), Number(address.slice(at + 1))];
  return {
    name: 'syslog',
    send: (line) => {
      const time = new Date(now()).toISOString();
      const message = Buffer.from(`<${PRIORITY}>1 ${time} ${hostname()} wanglou - seal - ${line}`);
      return new Promise((resolve, reject) => {
        const socket = connect({ host, port });
        socket.setTimeout(SEND_MS, () => socket.destroy(new Error(`sealSyslog ${address} does not answer`)));
        socket.once('error', reject);
        socket.once('close', () => resolve());
        socket.end(Buffer.concat([Buffer.from(`${message.length} `), message]));
        socket.resume();
      });
    },
  };
}
