import { sign, type KeyObject } from 'node:crypto';
import type { ExportFile } from './run-export.ts';
import type { ExportJob } from './export-job.ts';

/**
 * What can be said of the seals over the rows of an export: the first and the last that have blocks of the time in which the rows
 * were taken in, and the last seal of all, with its hash. Rows that were taken in after `sealedUntil` are not sealed yet.
 */
export type SealsOfExport =
  | { state: 'sealed' | 'partly sealed'; first: number; last: number; sealedUntil: string; head: SealNamed }
  | { state: 'not sealed yet' | 'no rows' }
  /** What a query in SQL computes is no record. */
  | { state: 'computed' };

export interface SealNamed {
  chain: string;
  number: number;
  hash: string;
}

export interface ManifestParts {
  job: ExportJob;
  file: ExportFile & { name: string };
  /** Version of this program. */
  program: string;
  /** Names the rules and the key by which personal information was replaced. */
  masking: string;
  seals: SealsOfExport;
  /** Null for what is as of when it ran. */
  asOf: number | null;
  madeAt: number;
}

/** What is signed: everything that says which rows these are, who asked for them, and by what they can be checked. */
export function manifestOf({ job, file, program, masking, seals, asOf, madeAt }: ManifestParts): object {
  const { id, by, scope, asked, query, format, zone } = job;
  return {
    wanglou: 'export-1',
    id,
    ...{ exporter: by, scope: scope ?? 'everything', of: query.of, query: asked, zone },
    ...{ asOf: asOf === null ? null : iso(asOf), askedAt: iso(job.at), madeAt: iso(madeAt), program, masking },
    ...(file.ranAt !== undefined && { ranAt: iso(file.ranAt) }),
    file: { name: file.name, format, bytes: file.bytes, sha256: file.sha256 },
    rows: {
      ...{ count: file.rows, columns: file.columns, digest: file.rowsDigest, cut: file.cut },
      form: format === 'ndjson' ? 'wanglou-line-1' : 'wanglou-row-1',
    },
    seals,
  };
}

/**
 * The manifest as it is handed out: the first line has, after `{"manifest":`, the text that is signed; the second the Ed25519
 * signature (base64) and the id of the key, or null where there is no key.
 */
export function signedManifest(manifest: object, key: { private: KeyObject; id: string } | undefined): string {
  const text = JSON.stringify(manifest);
  const signature = key && {
    algorithm: 'Ed25519',
    key: key.id,
    value: sign(null, Buffer.from(text), key.private).toString('base64'),
  };
  return `{"manifest":${text},\n"signature":${JSON.stringify(signature ?? null)}}\n`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
