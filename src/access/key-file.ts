import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WanglouError } from '../errors.ts';
import { createPrivateFile } from './private-file.ts';
import { drawSecret } from './secret.ts';

/**
 * A key of at least 32 characters from `access/<name>` in the data directory; drawn by whoever comes first.
 * @param otherwise what another key would break, for the remedy.
 * @throws WanglouError WL_FILE_UNREADABLE
 */
export async function readKeyFile(dataDir: string, name: string, otherwise: string): Promise<string> {
  const path = join(dataDir, 'access', name);
  const read = (): Promise<string> => readFile(path, 'utf8').then((text) => text.trim());
  let key = await read().catch(() => undefined);
  if (key === undefined) {
    await createPrivateFile(path, `${drawSecret()}\n`);
    key = await read();
  }
  if (key.length >= 32) return key;
  throw new WanglouError('WL_FILE_UNREADABLE', `${path} holds no key of at least 32 characters`, {
    remedy: `Restore the file: ${otherwise}.`,
  });
}
