import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import pino from 'pino';
import { BY_NO_REQUEST } from './access/audit/entry.ts';
import { AuditTrail } from './access/audit/trail.ts';
import { storeAddress } from './ask.ts';
import type { Config } from './config.ts';
import { WanglouError } from './errors.ts';
import { evidenceFiles, STREAMS } from './evidence/evidence-export.ts';
import { SealKeyFiles } from './evidence/seal-key-files.ts';
import { readSealKey } from './evidence/seal-key.ts';
import { keyIdOf, publicPemOf } from './evidence/seal.ts';
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
    const begun = await trail.begin({ ...BY_NO_REQUEST, action: 'evidence.export', ...about, at: Date.now() });
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

export interface KeyCommand {
  why: string;
  /** File with the public key of before, for when its private key is gone. */
  oldPublicKey?: string;
}

/**
 * `wanglou evidence rotate-key`: draws the key that the next seal hands over to. Recorded in the audit trail before.
 * @throws WanglouError WL_FILE_UNREADABLE, WL_AUDIT_AWAY
 */
export async function rotateSealKey(config: Config, { why }: KeyCommand): Promise<void> {
  const keys = await recordedKeyChange(config, 'seal-key.rotate', why, (files) => files.rotate());
  process.stdout.write(keys.new);
  process.stderr.write(
    '下一条封条（约一分钟内）由原密钥签署并移交给上面的新公钥；请另行保存，原公钥也请保留。\n' +
      'The next seal, in about a minute, is signed by the old key and hands over to the new public key above: keep a copy of it elsewhere, and keep the old one.\n',
  );
}

/**
 * `wanglou evidence replace-key`: for a key that was lost or stolen. Recorded in the audit trail before.
 * @throws WanglouError WL_FILE_UNREADABLE, WL_AUDIT_AWAY
 */
export async function replaceSealKey(config: Config, { why, oldPublicKey }: KeyCommand): Promise<void> {
  const old = oldPublicKey === undefined ? undefined : await readPublicKey(oldPublicKey);
  const keys = await recordedKeyChange(config, 'seal-key.replace', why, (files) => files.replace(why, old));
  process.stdout.write(keys.new);
  process.stderr.write(
    '下一条封条起由上面的新密钥签署，信任由此重新开始；请立即把新公钥分发给核验人员。\n' +
      'From the next seal on the new key above signs, and trust begins anew there: hand its public key to everybody who verifies.\n',
  );
}

async function recordedKeyChange(
  config: Config,
  action: 'seal-key.rotate' | 'seal-key.replace',
  why: string,
  change: (files: SealKeyFiles) => Promise<{ old: string; new: string }>,
): Promise<{ old: string; new: string }> {
  const log = pino({ level: config.logLevel, hooks: { streamWrite: logMasker() } }, pino.destination(2));
  const eventLog = await startEventLog(config, log);
  try {
    const trail = new AuditTrail({ log: eventLog });
    const about = { account: userInfo().username, object: 'seal key', reason: why };
    const begun = await trail.begin({ ...BY_NO_REQUEST, action, ...about, at: Date.now() });
    const keys = await change(new SealKeyFiles(config)).catch(async (error: unknown) => {
      await trail.end(begun, { outcome: 'failed' });
      throw error;
    });
    const named = (pem: string): string => (pem === '' ? '?' : keyIdOf(createPublicKey(pem)));
    await trail.end(begun, { outcome: 'success', object: `${about.object}: ${named(keys.old)} – ${named(keys.new)}` });
    return keys;
  } finally {
    await eventLog.stop();
  }
}

function readPublicKey(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new WanglouError('WL_FILE_UNREADABLE', `${path} can not be read: ${(cause as Error).message}`, { cause });
  });
}

/** `wanglou evidence key`: the public key, to be kept elsewhere. */
export async function printPublicKey(config: Config): Promise<void> {
  process.stdout.write(publicPemOf(await readSealKey(config)));
}

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
