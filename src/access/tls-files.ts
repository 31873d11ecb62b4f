import { X509Certificate } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext, type Server, type TlsOptions } from 'node:tls';
import { WanglouError } from '../errors.ts';

export interface TlsFileOptions {
  /** Paths of PEM files: the server's certificate (chain) and its key. */
  certPath: string;
  keyPath: string;
  /** CA of client certificates, and its list of revoked ones (CRL); '' for none. */
  clientCaPath: string;
  crlPath?: string;
  /** Told when the files in use are no longer the ones on disk, and '' when they are again. */
  onProblem?: (problem: string) => void;
}

const LOOK_MS = 2_000;

/** TLS 1.3, and of TLS 1.2 what has forward secrecy and authenticated encryption. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/**
 * Certificate, key, client CA and revoked certificates of a server, from files; reloaded when they change, all or nothing:
 * new connections get the new ones, those that are open stay.
 */
export class TlsFiles {
  /** Why the files in use are not the ones on disk; '' when all is well. */
  problem = '';
  readonly #options: TlsFileOptions;
  #validTo = 0;
  #server: Pick<Server, 'setSecureContext'> | undefined;

  constructor(options: TlsFileOptions) {
    this.#options = options;
  }

  /**
   * Client certificates are asked for when there is a CA for them; whoever comes without a good one is let through to the
   * server, which can say why it refuses (client-certificate.ts).
   * @throws WanglouError WL_FILE_UNREADABLE or WL_CONFIG_INVALID that names the file.
   */
  read(): TlsOptions {
    const { certPath, keyPath, clientCaPath, crlPath = '' } = this.#options;
    const cert = readPem(certPath);
    const validTo = validToOf(cert, certPath);
    const hasCa = clientCaPath !== '';
    const files = {
      cert,
      key: readPem(keyPath),
      ...(hasCa && { ca: readPem(clientCaPath) }),
      ...(crlPath !== '' && { crl: readPem(crlPath) }),
      minVersion: 'TLSv1.2',
      ciphers: CIPHERS,
      honorCipherOrder: true,
    } as const;
    expectTogether(files, [certPath, keyPath, clientCaPath, crlPath].filter(Boolean));
    this.#validTo = validTo;
    return { ...files, requestCert: hasCa, rejectUnauthorized: false };
  }

  /** Puts the files to use, and changed ones from then on. @throws WanglouError as `read` does. */
  use(server: Pick<Server, 'setSecureContext'>): void {
    server.setSecureContext(this.read());
    this.watch(server);
  }

  /** Puts changed files to use for new connections. */
  watch(server: Pick<Server, 'setSecureContext'>): void {
    this.#server = server;
    for (const path of this.#paths()) watchFile(path, { interval: LOOK_MS, persistent: false }, this.#reload);
  }

  unwatch(): void {
    for (const path of this.#paths()) unwatchFile(path, this.#reload);
    this.#server = undefined;
  }

  /** Warns of files that could not be reloaded, and of a certificate that has expired or will within 14 days. */
  status(now: number): string {
    if (this.problem !== '') return this.problem;
    const until = new Date(this.#validTo).toISOString();
    if (this.#validTo <= now) return `the certificate ${this.#options.certPath} expired at ${until}`;
    if (this.#validTo - now < 14 * 86_400_000) return `the certificate ${this.#options.certPath} expires at ${until}`;
    return '';
  }

  readonly #reload = (): void => {
    const before = this.problem;
    try {
      this.#server?.setSecureContext(this.read());
      this.problem = '';
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.problem = `changed certificate files are not in use: ${why}`;
    }
    if (this.problem !== before) this.#options.onProblem?.(this.problem);
  };

  #paths(): string[] {
    const { certPath, keyPath, clientCaPath, crlPath = '' } = this.#options;
    return [certPath, keyPath, clientCaPath, crlPath].filter((path) => path !== '');
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

function expectTogether(files: TlsOptions, paths: readonly string[]): void {
  try {
    createSecureContext(files);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WanglouError('WL_CONFIG_INVALID', `${paths.join(', ')} do not go together: ${why}`, { cause });
  }
}
