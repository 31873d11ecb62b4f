import { readFileSync } from 'node:fs';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import type { Config } from './config.ts';

/** What tells whether and how the programs of this installation speak TLS. */
export type LocalTls = Pick<Config, 'tlsCert'>;

export interface LocalAnswer {
  status: number;
  ok: boolean;
  text: string;
}

/**
 * Trusts our own server by the very certificate that it was given, whatever name that is for: the command line asks it on
 * loopback, where its public name does not lead.
 */
export function trustOwn({ tlsCert }: LocalTls): ConnectionOptions {
  return { ca: readFileSync(tlsCert), allowPartialTrustChain: true, checkServerIdentity: () => undefined };
}

/** Asks a program of this installation on this machine. @throws what the connection fails with. */
export async function askLocal(
  where: { port: number; path: string; tls: LocalTls | undefined },
  asked: { method?: 'GET' | 'POST'; headers?: Record<string, string>; body?: string } = {},
): Promise<LocalAnswer> {
  const { method = 'GET', headers = {}, body = '' } = asked;
  const options = { host: '127.0.0.1', port: where.port, path: where.path, method, headers };
  return new Promise((resolve, reject) => {
    const request =
      where.tls === undefined ? requestPlain(options) : requestTls({ ...options, ...trustOwn(where.tls) });
    request.once('error', reject);
    request.once('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => {
        const { statusCode: status = 0 } = response;
        resolve({ status, ok: status >= 200 && status < 300, text: Buffer.concat(parts).toString() });
      });
    });
    request.end(body);
  });
}
