import { hash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { WanglouError } from '../errors.ts';

/**
 * Holds a directory for this process, so that no second one reads the embedded log for the same groups beside it: their
 * positions and states would overtake each other. Linux lets go of the name when the process ends, however it ends; other
 * systems have no such names, and nothing is held there.
 * @returns how to let go. @throws WanglouError WL_DATA_IN_USE
 */
export async function holdDirectory(dir: string): Promise<() => Promise<void>> {
  if (process.platform !== 'linux') return async () => undefined;
  mkdirSync(dir, { recursive: true });
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new WanglouError('WL_DATA_IN_USE', `another process works on ${dir}`, { cause })),
    );
    server.listen(`\0wanglou-${hash('sha256', realpathSync(dir))}`, resolve);
  });
  return () => new Promise((resolve) => server.close(() => resolve()));
}
