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
export async function readSealKey({ dataDir, sealKeyFile }: SealKeySettings): Promise<KeyObject> {
  const path = sealKeyFile === '' ? join(dataDir, 'access', 'seal-key.pem') : sealKeyFile;
  const pem = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (sealKeyFile === '' && (cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, cause);
  });
  if (pem === undefined) {
    await createPrivateFile(path, drawKey());
    return readSealKey({ dataDir, sealKeyFile });
  }
  return parse(path, pem);
}

export interface SealKeySettings {
  dataDir: string;
  /** '' for the one in the data directory. */
  sealKeyFile: string;
}

function drawKey(): string {
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
