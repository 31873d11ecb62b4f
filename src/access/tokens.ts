import { existsSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WanglouError } from '../errors.ts';
import { createPrivateFile, replacePrivateFile } from './private-file.ts';
import { drawToken, sameSecret } from './secret.ts';

/** What tokens need of the configuration. */
export interface TokenSettings {
  dataDir: string;
  /** Set by the operator, or '' to draw one into the data directory. */
  ingestToken: string;
  apiToken: string;
}

export interface Tokens {
  /** Senders append with it. */
  ingest: string;
  /** Scripts read the API with it. */
  api: string;
  /** Password of the embedded store. */
  store: string;
}

const PREFIX: Record<keyof Tokens, string> = { ingest: 'wlk_', api: 'wla_', store: 'wls_' };

const OF_A_PERSON = 'wlp_';

/** How long a removed token may still be taken. */
const RECHECK_MS = 1_000;

/**
 * The tokens, from files that all programs on the machine share: `access/<name>-token` in the data directory. A missing one
 * is drawn by whoever comes first; a configured one replaces the file's content.
 */
export async function readTokens(settings: TokenSettings): Promise<Tokens> {
  return {
    ingest: await readToken(settings.dataDir, 'ingest', settings.ingestToken),
    api: await readToken(settings.dataDir, 'api', settings.apiToken),
    store: await readToken(settings.dataDir, 'store', ''),
  };
}

/** Path of a token's file. */
export function tokenPath(dataDir: string, name: keyof Tokens): string {
  return join(dataDir, `access/${name}-token`);
}

async function readToken(dataDir: string, name: keyof Tokens, configured: string): Promise<string> {
  const path = tokenPath(dataDir, name);
  if (configured.startsWith(OF_A_PERSON)) return configured; // for one command: in the file it would let everybody in
  if (configured !== '') {
    const asConfigured = `${configured}\n`;
    if (!existsSync(path) || (await readFile(path, 'utf8')) !== asConfigured)
      await replacePrivateFile(path, asConfigured);
    return configured;
  }
  if (!existsSync(path)) await createPrivateFile(path, `${drawToken(PREFIX[name])}\n`);
  const [first] = parseTokenFile(await readFile(path, 'utf8'));
  if (first) return first.token;
  throw new WanglouError('WL_FILE_UNREADABLE', `${path} holds no token`, {
    remedy: 'Remove the file; a new token is drawn at the next start.',
  });
}

interface Grant {
  token: string;
  /** Registry id of the source that the token is bound to; '' for any. */
  source: string;
}

/** One token a line, each with the registry id of its source behind it where it is bound to one; `#` begins a comment. */
export function parseTokenFile(text: string): Grant[] {
  return text.split('\n').flatMap((line) => {
    const [token = '', source = ''] = line
      .replace(/(^|\s)#.*/, '')
      .trim()
      .split(/\s+/);
    return token === '' ? [] : [{ token, source }];
  });
}

/**
 * A token file as it is now: a line that is added or removed counts within a second, so that tokens can be rotated and
 * revoked while everything runs. A file that can not be read lets nobody in.
 */
export class TokenFile {
  readonly #path: string;
  readonly #now: () => number;
  #grants: readonly Grant[] = [];
  #checkedAt = -Infinity;
  #version = '';

  constructor(path: string, now: () => number = () => performance.now()) {
    this.#path = path;
    this.#now = now;
  }

  /** What the token allows, or undefined. Looks at every line, so that the time says nothing about them. */
  grantOf(token: string): Grant | undefined {
    this.#refresh();
    let found: Grant | undefined;
    for (const grant of this.#grants) if (sameSecret(token, grant.token)) found = grant;
    return found;
  }

  /** Of each token the source that it is bound to, '' for any. */
  sources(): string[] {
    this.#refresh();
    return this.#grants.map(({ source }) => source);
  }

  #refresh(): void {
    if (this.#now() - this.#checkedAt < RECHECK_MS) return;
    this.#checkedAt = this.#now();
    try {
      const { mtimeMs, size, ino } = statSync(this.#path);
      const version = `${mtimeMs}/${size}/${ino}`;
      if (version === this.#version) return;
      this.#grants = parseTokenFile(readFileSync(this.#path, 'utf8'));
      this.#version = version;
    } catch {
      this.#grants = [];
      this.#version = '';
    }
  }
}

/** The credential of `Bearer <token>`, or ''. */
export function bearerOf(authorizationHeader: string): string {
  return /^bearer +(\S+) *$/i.exec(authorizationHeader)?.[1] ?? '';
}
