import { createHash } from 'node:crypto';
import { readSubjectKey } from './access/subject-key.ts';
import { hashOfSeal, keyIdOf, readSeal } from './evidence/seal.ts';
import { readSealKey } from './evidence/seal-key.ts';
import type { RecordKind } from './exports/export-job.ts';
import type { ExportOrder } from './exports/export-process.ts';
import { manifestOf, signedManifest, type SealsOfExport } from './exports/manifest.ts';
import type { ExportFile } from './exports/run-export.ts';
import { programVersion } from './keep-seals.ts';
import { SealQueries } from './store/seal-queries.ts';
import type { StoreClient } from './store/client.ts';

/** The stream of seals that a kind's records are in: what was passed on follows from events. */
const STREAM_OF: Readonly<Record<RecordKind, string>> = {
  events: 'events',
  findings: 'findings',
  audit: 'audit',
  sharing: 'events',
};

/** The manifest of a file that was made, signed with the key of the seals. */
export async function manifestFor(
  { job, name, dataDir, sealKeyFile }: ExportOrder,
  file: ExportFile,
  { client, mask }: { client: StoreClient; mask: <T>(data: T) => T },
): Promise<string> {
  const { query } = job;
  const program = programVersion();
  const key = await readSealKey({ dataDir, sealKeyFile });
  const manifest = manifestOf({
    // What was asked for may name a person; what is handed out does not.
    job: { ...job, asked: mask(job.asked) },
    ...{ file: { ...file, name }, program },
    masking: `wanglou-${program}, key ${await maskingKeyId(dataDir)}`,
    ...(query.of === 'sql'
      ? { seals: { state: 'computed' }, asOf: null }
      : {
          seals: await sealsOver(new SealQueries(client), STREAM_OF[query.of], file.taken),
          asOf: query.of === 'events' ? query.filter.asOf : query.asOf,
        }),
    madeAt: Date.now(),
  });
  return signedManifest(manifest, { private: key, id: keyIdOf(key) });
}

async function sealsOver(queries: SealQueries, stream: string, taken: ExportFile['taken']): Promise<SealsOfExport> {
  if (taken === null) return { state: 'no rows' };
  const [range, head, until] = await Promise.all([
    queries.sealsBetween([stream], taken[0], taken[1] + 1),
    queries.lastSeal(),
    queries.sealedUntil(stream),
  ]);
  if (range === undefined || head === undefined) return { state: 'not sealed yet' };
  const { chain, number, digest } = readSeal(head);
  return {
    state: until >= taken[1] ? 'sealed' : 'partly sealed',
    ...range,
    sealedUntil: new Date(until).toISOString(),
    head: { chain, number, hash: hashOfSeal(head, digest) },
  };
}

/** Tells pseudonyms of different keys apart, without the key. */
async function maskingKeyId(dataDir: string): Promise<string> {
  const key = await readSubjectKey(dataDir);
  return createHash('sha256').update(`wanglou masking ${key}`).digest('hex').slice(0, 16);
}
