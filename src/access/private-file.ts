import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WanglouError } from '../errors.ts';

/**
 * Files that only their owner may read (0600, in a 0700 folder), written so that a reader sees the old content or the new
 * one, never a part, also after a power failure.
 * @throws WanglouError WL_FILE_UNREADABLE when the folder can not be written.
 */
export async function replacePrivateFile(path: string, content: string): Promise<void> {
  await withDraft(path, content, (draft) => rename(draft, path));
}

/** Creates the file unless somebody else has: whoever comes first decides the content. */
export async function createPrivateFile(path: string, content: string): Promise<void> {
  await withDraft(path, content, async (draft) => {
    await link(draft, path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
    await rm(draft);
  });
}

async function withDraft(path: string, content: string, place: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await chmod(dirname(path), 0o700);
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(draft);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new WanglouError('WL_FILE_UNREADABLE', `${path} can not be written: ${(error as Error).message}`, {
      remedy: 'Check that the data directory exists and that this user may write there.',
      cause: error,
    });
  }
}
