import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WanglouError } from '../errors.ts';
import { createPrivateFile } from './private-file.ts';
import { drawSecret } from './secret.ts';

/**
 * The key under which identifiers of persons are hashed, from `access/subject-key` in the data directory; drawn by whoever
 * comes first. With another key the same person has another hash.
 * @throws WanglouError WL_FILE_UNREADABLE
 */
export async function readSubjectKey(dataDir: string): Promise<string> {
  const path = join(dataDir, 'access/subject-key');
  const read = (): Promise<string> => readFile(path, 'utf8').then((text) => text.trim());
  let key = await read().catch(() => undefined);
  if (key === undefined) {
    await createPrivateFile(path, `${drawSecret()}\n`);
    key = await read();
  }
  if (key.length >= 32) return key;
  throw new WanglouError('WL_FILE_UNREADABLE', `${path} holds no key of at least 32 characters`, {
    remedy: 'Restore the file: with another key the same person has another hash from then on.',
  });
}
