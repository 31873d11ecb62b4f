import { createHash, createHmac } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { WanglouError } from '../errors.ts';
import { readKeyFile } from './key-file.ts';
import { openText, sealText } from './sealed-text.ts';

const STEP_SECONDS = 30;
/** A device may be this many steps off and still sign in. */
const TOLERATED_STEPS = 1;
/** So far off is told from a wrong code, for the hint. */
const HINTED_STEPS = 20;

/** What became of a code. `clock-off`: the device is that many seconds fast (negative: slow), so the code did not count. */
export type CodeCheck =
  | { outcome: 'right'; step: number }
  | { outcome: 'wrong' }
  | { outcome: 'used' }
  | { outcome: 'clock-off'; seconds: number };

/**
 * The second factor: codes of six digits by RFC 6238 (SHA-1, 30 s, as every authenticator app has them). Secrets are sealed
 * with AES-256-GCM under the key of `access/account-key`, each for its account only.
 */
export class SecondFactor {
  readonly #key: Buffer;

  /** @param key at least 32 characters. */
  constructor(key: string) {
    this.#key = createHash('sha256').update(key).digest();
  }

  static async read(dataDir: string): Promise<SecondFactor> {
    return new SecondFactor(await readKeyFile(dataDir, 'account-key', 'without it no second factor can be read'));
  }

  /** The secret, in base32, that an activation code enrols: the same for the same code, so that nothing has to be kept. */
  secretFor(account: string, activationDigest: string): string {
    const bytes = createHmac('sha256', this.#key).update(`enrol\0${account}\0${activationDigest}`).digest();
    return new Secret({ buffer: new Uint8Array(bytes.subarray(0, 20)).buffer }).base32;
  }

  /** For authenticator apps: `otpauth://totp/…`. */
  uriOf(account: string, secret: string): string {
    return totpOf(secret, account).toString();
  }

  seal(account: string, secret: string): string {
    return sealText(this.#key, account, secret);
  }

  /** @throws WanglouError WL_FILE_UNREADABLE when it was sealed with another key or for another account. */
  open(account: string, sealed: string): string {
    try {
      return openText(this.#key, account, sealed);
    } catch (error) {
      throw new WanglouError('WL_FILE_UNREADABLE', `access/account-key does not open the second factor of ${account}`, {
        remedy: 'Restore the file access/account-key; every serve program needs the same one.',
        cause: error,
      });
    }
  }

  /**
   * @param lastStep the step of the last code that signed this account in: that one and all before it are spent.
   * @param now ms since the Unix epoch.
   */
  check(secret: string, code: string, now: number, lastStep: number): CodeCheck {
    const delta = totpOf(secret, '').validate({ token: code, timestamp: now, window: HINTED_STEPS });
    if (delta === null) return { outcome: 'wrong' };
    if (Math.abs(delta) > TOLERATED_STEPS) return { outcome: 'clock-off', seconds: delta * STEP_SECONDS };
    const step = Math.floor(now / 1_000 / STEP_SECONDS) + delta;
    return step <= lastStep ? { outcome: 'used' } : { outcome: 'right', step };
  }
}

function totpOf(secret: string, account: string): TOTP {
  const how = { algorithm: 'SHA1', digits: 6, period: STEP_SECONDS };
  return new TOTP({ ...how, issuer: 'Wanglou', label: account, secret: Secret.fromBase32(secret) });
}
