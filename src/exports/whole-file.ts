import { createHash } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { ExportFault } from './export-fault.ts';

export interface FileLimits {
  /** The file may not be longer. */
  maxBytes: number;
  /** Share of the volume in use, 0 to 1. */
  used: () => Promise<number>;
}

/** From here to the 97 % at which events are refused is room for ingest alone. */
export const STOP_USED = 0.95;
const LOOK_EVERY_BYTES = 16 * 1024 * 1024;
const NO_ROOM: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Writes a file, chunk by chunk, each when the one before is written; when it resolves the file is whole and on the disk, when it
 * rejects there is none. @throws ExportFault disk-full, quota
 */
export async function writeWhole(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  { maxBytes, used }: FileLimits,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let [bytes, lookAt] = [0, 0];
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'w', 0o600);
    for await (const chunk of chunks) {
      if (bytes + chunk.length > maxBytes) throw overQuota(maxBytes);
      if (bytes >= lookAt) {
        lookAt = bytes + LOOK_EVERY_BYTES;
        const share = await used();
        if (share >= STOP_USED) throw volumeFull(`the volume is ${Math.floor(share * 100)} % full`);
      }
      hash.update(chunk);
      await writeAll(file, chunk);
      bytes += chunk.length;
      onBytes(bytes);
    }
    await file.sync();
  } catch (error) {
    await file?.close().catch(() => undefined);
    await rm(path, { force: true });
    throw NO_ROOM.has((error as NodeJS.ErrnoException).code) ? volumeFull((error as Error).message, error) : error;
  }
  await file.close();
  return { bytes, sha256: hash.digest('hex') };
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let at = 0;
  while (at < chunk.length) at += (await file.write(chunk, at)).bytesWritten;
}

function volumeFull(what: string, cause?: unknown): ExportFault {
  return new ExportFault(
    'disk-full',
    `${what}: exports stop at ${STOP_USED * 100} %, so that events still find room. Free space, or delete exports`,
    cause,
  );
}

function overQuota(maxBytes: number): ExportFault {
  return new ExportFault(
    'quota',
    `it would be longer than the ${Math.floor(maxBytes / 1e6)} MB that are left of exportQuotaGb. Delete exports, or ask for less`,
  );
}
