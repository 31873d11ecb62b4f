import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** 256 random bits as 43 characters that need no quoting in a URL, header or shell. */
export function drawSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Prefix, 256 random bits and a checksum, so that scanners find leaked tokens and a cut-off one is told from a wrong one. */
export function drawToken(prefix: string): string {
  const body = prefix + drawSecret();
  return body + checksum(body);
}

/** Whether the text has a token's form with the right checksum. Says nothing about whether it is valid. */
export function isWholeToken(text: string): boolean {
  return /^wl[a-z]_[\w-]{43}[0-9a-f]{8}$/.test(text) && checksum(text.slice(0, -8)) === text.slice(-8);
}

/** SHA-256, in hexadecimal: what is kept of a secret that only has to be recognized. */
export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares in a time that does not depend on where the texts differ, nor on their lengths. */
export function sameSecret(given: string, kept: string): boolean {
  return timingSafeEqual(createHash('sha256').update(given).digest(), createHash('sha256').update(kept).digest());
}

function checksum(body: string): string {
  return crc32(body).toString(16).padStart(8, '0');
}
