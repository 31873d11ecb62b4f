import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { replacePrivateFile } from './private-file.ts';
import { digest, drawSecret } from './secret.ts';

/** A printed code is good for 12 hours, a session for 12 hours after it began. */
const CODE_MS = 12 * 3_600_000;
const SESSION_MS = 12 * 3_600_000;
const MAX_CODES = 8;
const MAX_SESSIONS = 1_000;

const schema = z.object({
  codes: z.array(z.object({ digest: z.string(), expiresAt: z.number() })),
  sessions: z.array(
    z.object({ digest: z.string(), account: z.string(), version: z.string().default(''), expiresAt: z.number() }),
  ),
});

/** A running session. */
export interface Kept {
  account: string;
  /** Of the account, when the session began; '' in a trial. */
  version: string;
  /** ms since the Unix epoch. */
  expiresAt: number;
}

/**
 * Unused codes and running sessions, as digests in a private file, so that a restart signs nobody out and does not spoil
 * the link that was printed. Every change is durable before it counts.
 */
export class SignIns {
  readonly #path: string;
  readonly #now: () => number;
  #codes: { digest: string; expiresAt: number }[] = [];
  readonly #sessions = new Map<string, Kept>();
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
  }

  /** An unreadable or foreign file counts as empty: everybody signs in again. */
  async load(): Promise<void> {
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    const kept = schema.safeParse(text === '' ? undefined : safeJson(text));
    if (!kept.success) return;
    this.#codes = kept.data.codes;
    for (const { digest: key, ...session } of kept.data.sessions) this.#sessions.set(key, session);
  }

  async drawCode(): Promise<string> {
    const code = drawSecret();
    this.#codes = [...this.#codes, { digest: digest(code), expiresAt: this.#now() + CODE_MS }].slice(-MAX_CODES);
    await this.#save();
    return code;
  }

  /** Whether the code was good. It is spent before this resolves, also when two ask at once. */
  async spendCode(code: string): Promise<boolean> {
    const key = digest(code);
    const found = this.#codes.find((kept) => kept.digest === key);
    if (!found || found.expiresAt <= this.#now()) return false;
    this.#codes = this.#codes.filter((kept) => kept !== found);
    await this.#save();
    return true;
  }

  /** Begins a session. @returns the cookie's value, and when it ends. */
  async begin(account: string, version = ''): Promise<{ cookieValue: string; expiresAt: number }> {
    const cookieValue = drawSecret();
    const expiresAt = this.#now() + SESSION_MS;
    this.#sessions.set(digest(cookieValue), { account, version, expiresAt });
    if (this.#sessions.size > MAX_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value!);
    await this.#save();
    return { cookieValue, expiresAt };
  }

  find(cookieValue: string): Kept | undefined {
    const session = this.#sessions.get(digest(cookieValue));
    return session && session.expiresAt > this.#now() ? session : undefined;
  }

  async end(cookieValue: string): Promise<void> {
    if (this.#sessions.delete(digest(cookieValue))) await this.#save();
  }

  /** One write after the other; each writes what is true when it begins. */
  #save(): Promise<void> {
    const write = async (): Promise<void> => {
      const alive = (entry: { expiresAt: number }): boolean => entry.expiresAt > this.#now();
      const sessions = [...this.#sessions].map(([key, session]) => ({ digest: key, ...session })).filter(alive);
      await replacePrivateFile(this.#path, JSON.stringify({ codes: this.#codes.filter(alive), sessions }));
    };
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
