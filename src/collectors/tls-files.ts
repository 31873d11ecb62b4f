import { X509Certificate } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server, TlsOptions } from 'node:tls';
import { WanglouError } from '../errors.ts';

export interface TlsFileOptions {
  /** Paths of PEM files: the server's certificate (chain), its key, and the CA of client certificates ('' for none). */
  certPath: string;
  keyPath: string;
  clientCaPath: string;
  /** With a client CA: whether senders without a certificate are refused (true) or only unauthenticated (false). */
  requireClientCertificate: boolean;
}

const LOOK_MS = 2_000;

/** Server certificate, key and client CA from files; reloaded when they change, all or nothing. */
export class TlsFiles {
  /** Why the files in use are not the ones on disk, or will soon not do; '' when all is well. */
  problem = '';
  readonly #options: TlsFileOptions;
  #validTo = 0;
  #server: Server | undefined;

  constructor(options: TlsFileOptions) {
    this.#options = options;
  }

  /** @throws WanglouError WL_FILE_UNREADABLE or WL_CONFIG_INVALID that names the file. */
  read(): TlsOptions {
    const { certPath, keyPath, clientCaPath, requireClientCertificate } = this.#options;
    const cert = readPem(certPath);
    this.#validTo = validToOf(cert, certPath);
    const hasCa = clientCaPath !== '';
    return {
      cert,
      key: readPem(keyPath),
      ...(hasCa ? { ca: readPem(clientCaPath) } : {}),
      requestCert: hasCa,
      rejectUnauthorized: hasCa && requireClientCertificate,
      minVersion: 'TLSv1.2',
    };
  }

  /** Puts changed files to use for new connections. */
  watch(server: Server): void {
    this.#server = server;
    for (const path of this.#paths()) watchFile(path, { interval: LOOK_MS, persistent: false }, this.#reload);
  }

  unwatch(): void {
    for (const path of this.#paths()) unwatchFile(path, this.#reload);
    this.#server = undefined;
  }

  /** Warns of a certificate that has expired or will within 14 days. */
  status(now: number): string {
    if (this.problem !== '') return this.problem;
    const until = new Date(this.#validTo).toISOString();
    if (this.#validTo <= now) return `the certificate ${this.#options.certPath} expired at ${until}`;
    if (this.#validTo - now < 14 * 86_400_000) return `the certificate ${this.#options.certPath} expires at ${until}`;
    return '';
  }

  readonly #reload = (): void => {
    try {
      this.#server?.setSecureContext(this.read());
      this.problem = '';
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.problem = `changed certificate files are not in use: ${why}`;
    }
  };

  #paths(): string[] {
    const { certPath, keyPath, clientCaPath } = this.#options;
    return [certPath, keyPath, clientCaPath].filter((path) => path !== '');
  }
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new WanglouError('WL_FILE_UNREADABLE', `${path} can not be read`, { cause });
  }
}

function validToOf(cert: Buffer, path: string): number {
  try {
    return Date.parse(new X509Certificate(cert).validTo);
  } catch (cause) {
    throw new WanglouError('WL_CONFIG_INVALID', `${path} holds no certificate in PEM form`, { cause });
  }
}
