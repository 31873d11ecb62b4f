import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { WanglouError } from '../errors.ts';

interface Cost {
  N: number;
  r: number;
  p: number;
}

/** 128 MiB and some tenths of a second a try, off the main thread. */
const COST: Cost = { N: 2 ** 17, r: 8, p: 1 };
const KEY_BYTES = 32;

/** `scrypt$N$r$p$salt$key`, salt and key in base64url: what may stand in the configuration instead of a password. */
export async function hashPassword(password: string, cost: Cost = COST): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** @throws WanglouError WL_CONFIG_INVALID when `hashed` is not of hashPassword's form. */
export async function isPassword(given: string, hashed: string): Promise<boolean> {
  const [, N, r, p, salt, key] =
    /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hashed) ?? refuse('is no scrypt$N$r$p$salt$key text');
  const kept = Buffer.from(key!, 'base64url');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const derived = await derive(given, Buffer.from(salt!, 'base64url'), cost);
  return kept.length === derived.length && timingSafeEqual(kept, derived);
}

/** Whether a configured value is a hash rather than the password itself. */
export function isHashed(configured: string): boolean {
  return configured.startsWith('scrypt$');
}

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, { ...cost, maxmem: 256 * cost.N * cost.r }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function refuse(why: string): never {
  throw new WanglouError('WL_CONFIG_INVALID', `operatorPassword ${why}`);
}
