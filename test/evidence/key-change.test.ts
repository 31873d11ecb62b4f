import { createPrivateKey, createPublicKey } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handOver, newBeginning, type KeyNote } from '../../src/evidence/key-change.ts';
import { SealKeyFiles } from '../../src/evidence/seal-key-files.ts';
import { keyIdOf, publicPemOf, signSeal, readSeal } from '../../src/evidence/seal.ts';
import { sealOfEvent } from '../../src/evidence/proof.ts';
import { StoreCheck } from '../../src/evidence/store-check.ts';
import { verifyProof } from '../../src/verifier/proof.ts';
import { verifyExport, type Report } from '../../src/verifier/verify.ts';
import { reportText } from '../../src/verifier/words.ts';
import { strangerKey } from '../verifier/tampering.ts';
import { SealedPlatform } from './sealed-platform.ts';

let platform: SealedPlatform;
let files: SealKeyFiles;
let path: string;
let oldKey: string;

beforeEach(async () => {
  platform = new SealedPlatform();
  await platform.start();
  path = join(platform.dir, 'access', 'seal-key.pem');
  files = new SealKeyFiles({ dataDir: platform.dir, sealKeyFile: '' });
  platform.keys = files;
  oldKey = publicPemOf(await files.current());
  await seal();
  await seal();
});
afterEach(() => platform.stop());

async function seal(): Promise<void> {
  await platform.events(5);
  await platform.audit(`a ${platform.now}`);
  platform.now += 60_000;
  await platform.sealer().seal();
}

async function exported(): Promise<string> {
  platform.key = await files.current();
  return platform.export();
}

async function verified(key: string): Promise<Report> {
  return verifyExport({ folder: await exported(), key });
}

const signers = (): string[] => platform.store.sealed.map(({ seal: { key } }) => key);
const idOf = (pem: string): string => keyIdOf(createPublicKey(pem));

describe('a seal key that is rotated', () => {
  it('is named by the last seal of the old key, and signs from the next one on', async () => {
    const { new: newKey } = await files.rotate();
    for (let n = 0; n < 3; n++) await seal();
    expect(signers()).toEqual([...Array<string>(3).fill(idOf(oldKey)), idOf(newKey), idOf(newKey)]);
    expect(platform.store.sealed[2]!.seal.notes).toMatchObject([{ kind: 'key' }]);
    expect([publicPemOf(await files.current()), existsSync(`${path}.next`)]).toEqual([newKey, false]);
  });

  it('lets who trusts the old key verify everything, and tells who trusts the new one from which seal on it vouches', async () => {
    const { new: newKey } = await files.rotate();
    for (let n = 0; n < 3; n++) await seal();
    const byOld = await verified(oldKey);
    expect(byOld).toMatchObject({ result: 'intact', vouchesFrom: 0, keyChanges: [{ seal: 3, old: idOf(oldKey), fresh: idOf(newKey), anew: '' }] }); // prettier-ignore
    const byNew = await verified(newKey);
    expect(byNew).toMatchObject({ result: 'intact', vouchesFrom: 4, problems: [] });
    expect(reportText(byNew, 'en')).toContain('verify those with the earliest public key you have. From seal 4');
    expect(reportText(byOld, 'zh')).toContain(`密钥更换，自封条 4: ${idOf(oldKey)} – ${idOf(newKey)}`);
  });

  it('is followed over several rotations, and proofs of events from before them still hold', async () => {
    const keys = [oldKey];
    for (let n = 0; n < 3; n++) {
      keys.push((await files.rotate()).new);
      await seal();
      await seal();
    }
    for (const key of keys) expect((await verified(key)).result).toBe('intact');
    const event = platform.store.events[0]!.fields[1]!;
    const found = await sealOfEvent(platform.store, await files.current(), event);
    const proof = JSON.stringify(found.state === 'sealed' && found.proof);
    for (const key of keys) expect(verifyProof(proof, key).result).toBe('intact');
  });

  it('goes on with the new key when the program ended right after the seal that names it', async () => {
    const { new: newKey } = await files.rotate();
    await seal();
    expect(publicPemOf(await files.current())).toBe(oldKey);
    platform.keys = files = new SealKeyFiles({ dataDir: platform.dir, sealKeyFile: '' });
    await seal();
    expect(signers().at(-1)).toBe(idOf(newKey));
    expect((await verified(oldKey)).result).toBe('intact');
  });

  it('is drawn once however often it is asked for before the next seal', async () => {
    expect(await files.rotate()).toEqual(await files.rotate());
  });

  it('is known to the comparison of the store, which takes a seal of any other key for forged', async () => {
    await files.rotate();
    for (let n = 0; n < 2; n++) await seal();
    const { store, log } = platform;
    const check = new StoreCheck({ ...{ store, log, keys: files, sealsKeptDays: 2_000 }, onProblem: () => undefined, now: () => platform.now, share: 1 }); // prettier-ignore
    await check.run();
    expect(check.state).toMatchObject({ state: 'done', count: 0 });
    const forged = signSeal(readSeal(store.sealed[1]!.signed), strangerKey());
    Object.assign(store.sealed[1]!.signed, forged);
    await check.run();
    expect(check.state.differences).toMatchObject([{ in: 'chain', seal: 2 }]);
  });

  it('does not come by another file: nothing is sealed until that is restored', async () => {
    const pem = readFileSync(path);
    writeFileSync(path, strangerKey().export({ type: 'pkcs8', format: 'pem' }));
    await expect(seal()).rejects.toMatchObject({
      code: 'WL_FILE_UNREADABLE',
      remedy: expect.stringContaining('wanglou evidence replace-key') as string,
    });
    writeFileSync(path, pem);
    await seal();
    expect((await verified(oldKey)).result).toBe('intact');
  });
});

describe('a forged change of keys', () => {
  it.each([
    ['signed by the new key alone', (note: KeyNote): KeyNote => ({ ...note, byOld: note.byNew })],
    ['in another place', (note: KeyNote): KeyNote => ({ ...note, statement: note.statement.replace('"seal":3', '"seal":4') })], // prettier-ignore
    ['to another key', (note: KeyNote): KeyNote => ({ ...note, statement: note.statement.replace(/"new":"[^"]+"/, `"new":${JSON.stringify(publicPemOf(strangerKey()))}`) })], // prettier-ignore
  ])('is found: %s', async (_, forge) => {
    await files.rotate();
    for (let n = 0; n < 3; n++) await seal();
    const folder = await exported();
    const changes = join(folder, 'key-changes.ndjson');
    writeFileSync(changes, `${JSON.stringify(forge(JSON.parse(readFileSync(changes, 'utf8')) as KeyNote))}\n`);
    const report = await verifyExport({ folder, key: oldKey });
    expect(report.problems).toContainEqual(expect.objectContaining({ kind: 'key-forged' }));
  });

  it('is found when a thief of the old key hands over once more', async () => {
    const thief = createPrivateKey(readFileSync(path));
    await files.rotate();
    for (let n = 0; n < 3; n++) await seal();
    const folder = await exported();
    appendFileSync(join(folder, 'key-changes.ndjson'), `${JSON.stringify(handOver(thief, strangerKey(), 3))}\n`);
    const report = await verifyExport({ folder, key: oldKey });
    expect(report.problems).toMatchObject([{ kind: 'key-forged' }]);
  });

  it('is found when the chain does not have it in the seal that it names', async () => {
    const thief = createPrivateKey(readFileSync(path));
    await seal();
    const folder = await exported();
    appendFileSync(join(folder, 'key-changes.ndjson'), `${JSON.stringify(handOver(thief, strangerKey(), 2))}\n`);
    const report = await verifyExport({ folder, key: oldKey });
    expect(report.problems).toContainEqual(expect.objectContaining({ kind: 'key-forged', seal: 2 }));
  });
});

describe('a seal key that was lost or stolen', () => {
  it('is replaced, and the verifier says where the trust begins anew', async () => {
    const { new: newKey } = await files.replace('laptop stolen');
    await seal();
    await seal();
    expect(signers()).toEqual([idOf(oldKey), idOf(oldKey), idOf(newKey), idOf(newKey)]);
    const byNew = await verified(newKey);
    expect(byNew).toMatchObject({ result: 'intact', vouchesFrom: 3, keyChanges: [{ seal: 2, anew: 'laptop stolen' }] });
    expect(reportText(byNew, 'en')).toContain('began anew (the one before was lost or stolen');
    const byOld = await verified(oldKey);
    expect(byOld).toMatchObject({ result: 'tampered', problems: [{ kind: 'key-anew', seal: 3 }] });
    expect(reportText(byOld, 'zh')).toContain('信任由此重新开始');
  });

  it('may be gone: with the public key of before all seals are verified, without it those from then on', async () => {
    rmSync(path);
    const { new: newKey } = await files.replace('disk failed', oldKey);
    await seal();
    expect((await verified(newKey)).result).toBe('intact');
    rmSync(path);
    const { new: later } = await files.replace('again');
    await seal();
    await seal();
    const { problems } = await verified(later);
    expect(problems.filter(({ kind }) => kind === 'seal-forged').map((one) => one.seal)).toEqual([1, 2, 3]);
    expect(problems.filter(({ seal: number }) => (number ?? 0) > 3)).toEqual([]);
  });

  it('takes no text for the public key of before', async () => {
    await expect(files.replace('why', 'no key')).rejects.toMatchObject({ code: 'WL_FILE_UNREADABLE' });
    expect(publicPemOf(await files.current())).toBe(oldKey);
  });

  it('is not replaced by a statement that nobody trusted has signed', async () => {
    await seal();
    const folder = await exported();
    const stranger = strangerKey();
    const note = newBeginning(stranger, 2, { old: oldKey, why: 'forged' });
    appendFileSync(join(folder, 'key-changes.ndjson'), `${JSON.stringify(note)}\n`);
    expect((await verifyExport({ folder, key: oldKey })).result).toBe('tampered');
  });
});
