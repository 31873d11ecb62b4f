import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of PEM files. */
export interface Certificate {
  cert: string;
  key: string;
}

/** A certificate authority of a test's own, in files of a folder. */
export class Authority {
  /** Path of its certificate, PEM. */
  readonly ca: string;
  readonly #dir: string;

  constructor(dir: string) {
    mkdirSync(dir, { recursive: true });
    this.#dir = dir;
    this.ca = this.#path('ca.pem');
    this.#draw('ca', ['-x509', '-days', '30', '-addext', 'basicConstraints=critical,CA:TRUE', '-out', this.ca]);
  }

  /** @param name its common name, and its DNS name beside localhost. */
  issue(name: string): Certificate {
    const [cert, request, extensions] = ['pem', 'request', 'extensions'].map((kind) => this.#path(`${name}.${kind}`));
    writeFileSync(extensions!, `subjectAltName=DNS:${name},DNS:localhost,IP:127.0.0.1\n`);
    const key = this.#draw(name, ['-out', request!]);
    const authority = ['-CA', this.ca, '-CAkey', this.#path('ca.key'), '-CAcreateserial', '-days', '30'];
    openssl(['x509', '-req', '-in', request!, ...authority, '-extfile', extensions!, '-out', cert!]);
    return { cert: cert!, key };
  }

  /** Path of the list of revoked certificates, PEM; `names` are revoked besides those that already are. */
  revoke(...names: string[]): string {
    const list = this.#path('crl.pem');
    const config = this.#path('ca.conf');
    const index = this.#path('index.txt');
    if (!existsSync(index)) writeFileSync(index, '');
    writeFileSync(config, `[ca]\ndefault_ca=own\n[own]\ndatabase=${index}\ndefault_md=sha256\ndefault_crl_days=30\n`);
    const own = ['ca', '-config', config, '-cert', this.ca, '-keyfile', this.#path('ca.key')];
    for (const name of names) openssl([...own, '-revoke', this.#path(`${name}.pem`)]);
    openssl([...own, '-gencrl', '-out', list]);
    return list;
  }

  /** @returns path of the new key. */
  #draw(name: string, options: readonly string[]): string {
    const key = this.#path(`${name}.key`);
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl(['req', ...kind, '-subj', `/CN=${name}`, ...options, '-keyout', key]);
    return key;
  }

  #path(name: string): string {
    return join(this.#dir, name);
  }
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
