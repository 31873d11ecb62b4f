import { userInfo } from 'node:os';
import pino from 'pino';
import { AuditTrail } from './access/audit/trail.ts';
import { storeAddress } from './ask.ts';
import type { Config } from './config.ts';
import { WanglouError } from './errors.ts';
import { evidenceFiles, STREAMS } from './evidence/evidence-export.ts';
import { readSealKey } from './evidence/seal-key.ts';
import { publicPemOf } from './evidence/seal.ts';
import { programVersion } from './keep-seals.ts';
import { logMasker } from './masking.ts';
import { storeClient } from './store/client.ts';
import { SealQueries } from './store/seal-queries.ts';
import { startEventLog } from './wire-common.ts';

export interface EvidenceCommand {
  from: string;
  to: string;
  streams?: string[];
  out: string;
  why: string;
}

/**
 * `wanglou evidence export`: into a folder, straight from the store, also while the programs run. Recorded in the audit trail
 * before anything is read.
 * @throws WanglouError WL_QUERY_INVALID, WL_NOT_FOUND, WL_AUDIT_AWAY
 */
export async function exportEvidence(
  config: Config,
  { from, to, streams = [...STREAMS], out, why }: EvidenceCommand,
): Promise<void> {
  const request = { from: timeOf('from', from), to: timeOf('to', to), streams: streams.map(known) };
  const log = pino({ level: config.logLevel, hooks: { streamWrite: logMasker() } }, pino.destination(2));
  const eventLog = await startEventLog(config, log);
  const client = storeClient(await storeAddress(config));
  try {
    const by = userInfo().username;
    const trail = new AuditTrail({ log: eventLog });
    const about = { account: by, object: `evidence export ${from} – ${to} ${streams.join(' ')}`, reason: why };
    const begun = await trail.begin({ ...AS_COMMAND, ...about, at: Date.now() });
    const key = await readSealKey(config);
    const parts = { key, folder: out, program: programVersion() };
    const files = evidenceFiles(new SealQueries(client), parts, { ...request, by });
    let records = 0;
    for (let next = await files.next(); ; next = await files.next()) {
      if (next.done === true) {
        records = next.value.records;
        break;
      }
      process.stderr.write(`${out}/${next.value}\n`);
    }
    await trail.end(begun, { outcome: 'success', rows: records });
    process.stdout.write(`${records} records in ${out}\n`);
  } finally {
    await client.close();
    await eventLog.stop();
  }
}

/** `wanglou evidence key`: the public key, to be kept elsewhere. */
export async function printPublicKey(config: Config): Promise<void> {
  process.stdout.write(publicPemOf(await readSealKey(config)));
}

const AS_COMMAND = {
  request: '',
  roles: [],
  session: '',
  address: '',
  action: 'evidence.export',
  code: '',
  asked: '',
  digest: '',
  rows: 0,
  count: 1,
} as const;

function timeOf(name: string, text: string): number {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new WanglouError('WL_QUERY_INVALID', `--${name} is ${text}, which is no time`, {
    remedy: 'Write it like 2026-11-26T00:00:00Z.',
  });
}

function known(stream: string): string {
  if (STREAMS.includes(stream)) return stream;
  throw new WanglouError('WL_QUERY_INVALID', `--streams names ${stream}, which is nothing that is sealed`, {
    remedy: `Name some of ${STREAMS.join(', ')}.`,
  });
}
