import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readSubjectKey } from './access/subject-key.ts';
import type { ExportOrder } from './exports/export-process.ts';
import { manifestOf, signedManifest } from './exports/manifest.ts';
import type { ExportFile } from './exports/run-export.ts';

/** The manifest of a file that was made. */
export async function manifestFor(
  { job, name, dataDir }: ExportOrder,
  file: ExportFile,
  mask: <T>(data: T) => T,
): Promise<string> {
  const { query } = job;
  const program = programVersion();
  const manifest = manifestOf({
    // What was asked for may name a person; what is handed out does not.
    job: { ...job, asked: mask(job.asked) },
    ...{ file: { ...file, name }, program },
    masking: `wanglou-${program}, key ${await maskingKeyId(dataDir)}`,
    seals: { state: 'not sealed', why: 'this version makes no seals' },
    asOf: query.of === 'events' ? query.filter.asOf : query.asOf,
    madeAt: Date.now(),
  });
  return signedManifest(manifest, undefined);
}

/** Tells pseudonyms of different keys apart, without the key. */
async function maskingKeyId(dataDir: string): Promise<string> {
  const key = await readSubjectKey(dataDir);
  return createHash('sha256').update(`wanglou masking ${key}`).digest('hex').slice(0, 16);
}

function programVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
