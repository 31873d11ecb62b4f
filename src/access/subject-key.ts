import { readKeyFile } from './key-file.ts';

/**
 * The key under which identifiers of persons are hashed, from `access/subject-key` in the data directory. With another key
 * the same person has another hash.
 * @throws WanglouError WL_FILE_UNREADABLE
 */
export function readSubjectKey(dataDir: string): Promise<string> {
  return readKeyFile(dataDir, 'subject-key', 'with another key the same person has another hash from then on');
}
