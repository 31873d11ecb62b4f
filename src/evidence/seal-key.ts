import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPrivateFile } from '../access/private-file.ts';
import { WanglouError } from '../errors.ts';

/**
 * The Ed25519 key that signs seals: from the file that the setting names, else from `access/seal-key.pem` in the data
 * directory (0600), made by whoever comes first. Programs on several machines need the same key.
 * @throws WanglouError WL_FILE_UNREADABLE
 */
export async function readSealKey(settings: SealKeySettings): Promise<KeyObject> {
  const path = sealKeyPath(settings);
  const key = await readKeyFile(path);
  if (key !== undefined) return key;
  if (settings.sealKeyFile !== '') throw unreadable(path, undefined);
  await createPrivateFile(path, drawKey());
  return readSealKey(settings);
}

export function sealKeyPath({ dataDir, sealKeyFile }: SealKeySettings): string {
  return sealKeyFile === '' ? join(dataDir, 'access', 'seal-key.pem') : sealKeyFile;
}

/** Undefined when there is no such file. @throws WanglouError WL_FILE_UNREADABLE when it is no Ed25519 key. */
export async function readKeyFile(path: string): Promise<KeyObject | undefined> {
  const pem = await readFile(path, 'utf8').catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, cause);
  });
  return pem === undefined ? undefined : parse(path, pem);
}

export interface SealKeySettings {
  dataDir: string;
  /** '' for the one in the data directory. */
  sealKeyFile: string;
}

/** A new Ed25519 private key, PEM. */
export function drawKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

function parse(path: string, pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw unreadable(path, cause);
  }
  throw unreadable(path, undefined);
}

function unreadable(path: string, cause: unknown): WanglouError {
  return new WanglouError('WL_FILE_UNREADABLE', `${path} holds no Ed25519 private key in PEM`, {
    remedy: 'Restore the file, or make one: openssl genpkey -algorithm ed25519.',
    cause,
  });
}
