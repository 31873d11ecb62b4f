import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyExport, type Report } from '../../src/verifier/verify.ts';
import { SealedPlatform } from '../evidence/sealed-platform.ts';
import { readFiles, strangerKey, tamper, writeFiles, type Files, type Materials, type Tampering } from './tampering.ts';

/** An export, what a forger has at hand, and the seals as they were pushed outside. */
export interface Prepared {
  files: Files;
  materials: Materials;
  publicKey: string;
  outside: string;
  folder: string;
  remove(): void;
}

const MINUTE_MS = 60_000;

/** Some minutes of a platform: events in two seals of three, an audit trail, reports. */
export async function prepareExports(): Promise<Prepared> {
  const folder = mkdtempSync(join(tmpdir(), 'wanglou-tampered-'));
  const [platform, another] = [await someMinutes(4), await someMinutes(4)];
  const older = readFiles(await platform.export({}, 'older'));
  platform.now += 30 * MINUTE_MS;
  await minutes(platform, 3);
  platform.now += 30 * MINUTE_MS;
  const files = readFiles(await platform.export());
  const materials = { older, other: readFiles(await another.export()), key: strangerKey() };
  const outside = join(folder, 'outside.ndjson');
  writeFileSync(outside, platform.store.sealed.map(({ signed }) => `${JSON.stringify(signed)}\n`).join(''));
  // An older export that is shown as if it were of now.
  materials.older = readFiles(await asOfNow(platform));
  await Promise.all([platform.stop(), another.stop()]);
  return {
    ...{ files, materials, outside, folder },
    publicKey: platform.publicKey,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Everything of the last seals is gone from the store, and the platform exports what it has. */
async function asOfNow(platform: SealedPlatform): Promise<string> {
  platform.store.sealed.splice(-3);
  return platform.export({}, 'rolled-back');
}

async function someMinutes(count: number): Promise<SealedPlatform> {
  const platform = new SealedPlatform();
  await platform.start();
  await minutes(platform, count);
  return platform;
}

async function minutes(platform: SealedPlatform, count: number): Promise<void> {
  const sealer = platform.sealer();
  for (let minute = 0; minute < count; minute++) {
    await platform.events(5 + minute);
    await platform.audit(`a ${platform.now}`, `b ${platform.now}`);
    await platform.reports(`incident ${platform.now}`, `incident ${platform.now} "2"`);
    platform.now += MINUTE_MS;
    await sealer.seal();
  }
}

export interface Outcome {
  tampering: Tampering;
  report: Report;
  detected: boolean;
  located: boolean;
}

export async function tryTampering(seed: number, prepared: Prepared): Promise<Outcome> {
  const { folder, files, materials, publicKey: key, outside } = prepared;
  const tampering = tamper(seed, files, materials);
  writeFiles(folder, tampering.files);
  const report = await verifyExport({ folder, key, outside, threads: 1 });
  const located = report.problems.some(
    ({ kind, seal, record }) =>
      tampering.finds.includes(kind) &&
      (tampering.seal === undefined || seal === tampering.seal) &&
      (tampering.record === undefined || record === tampering.record),
  );
  return { tampering, report, detected: report.result === 'tampered', located };
}
