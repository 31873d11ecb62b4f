import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Reveals } from '../../src/access/reveals.ts';
import { buildApi } from '../../src/api/server.ts';
import { EvidenceDesk } from '../../src/evidence/evidence-desk.ts';
import { StoreCheck } from '../../src/evidence/store-check.ts';
import { verifyProof } from '../../src/verifier/proof.ts';
import { verifyExport } from '../../src/verifier/verify.ts';
import { SealedPlatform } from '../evidence/sealed-platform.ts';
import { auditOf, event, testParts, type TestParts } from './parts.ts';

const WHY = { purpose: 'audit', reason: '年度审计取证' };
const OPTIONS = { host: '127.0.0.1', port: 0, publicOrigin: '', appDir: 'nowhere' };

let platform: SealedPlatform;
let parts: TestParts;
let app: Awaited<ReturnType<typeof buildApi>>;
/** The id of an event that is sealed. */
let id: string;

beforeEach(async () => {
  platform = new SealedPlatform();
  await platform.start();
  await platform.events(30);
  await platform.audit('one');
  await platform.sealer().seal();
  id = platform.store.events[7]!.fields[1]!;
  parts = await testParts();
  parts.store.events = [event({ id }), event({ id: '00000000-0000-8000-8000-00000000ffff' })];
  const { store, keys, log } = platform;
  const check = new StoreCheck({ store, keys, log, sealsKeptDays: 2_000, onProblem: () => undefined });
  parts.evidence = new EvidenceDesk({ store, keys, check, program: '0.1.0', spoolDir: platform.dir });
  app = await buildApi(OPTIONS, parts);
});
afterEach(async () => {
  await app.close();
  parts.remove();
  await platform.stop();
});

async function ask(method: 'GET' | 'POST', path: string, payload?: object) {
  const headers = { authorization: `Bearer ${parts.apiToken}` };
  return app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
}

describe('seals at the API', () => {
  it('say where the chain stands, and with which key it can be verified', async () => {
    expect((await ask('GET', '/evidence')).json()).toMatchObject({
      last: { number: 1, records: 31 },
      digest: 'sha256',
      key: { publicKey: platform.publicKey },
    });
  });

  it('are compared with what is stored when somebody asks', async () => {
    platform.store.events[3]!.fields[9] = 'changed';
    await ask('POST', '/evidence/check');
    const check = async () => (await ask('GET', '/evidence')).json<{ check: object }>().check;
    await expect.poll(check).toMatchObject({ state: 'done', seals: { checked: 1, total: 1 }, count: 1 });
    expect(await check()).toMatchObject({ differences: [{ seal: 1, stream: 'events/0', in: 'sealed', place: '0/3' }] });
  });

  it('prove an event without telling anything of it', async () => {
    const answer = await ask('GET', `/events/${id}/seal`);
    expect(answer.json()).toMatchObject({ state: 'sealed', seal: 1, proof: { wanglou: 'proof-1', index: 7 } });
    expect(answer.body).not.toContain('user7');
    const { proof } = answer.json<{ proof: object }>();
    expect(verifyProof(JSON.stringify(proof), platform.publicKey)).toMatchObject({ result: 'intact', seal: 1, stream: 'events/0' }); // prettier-ignore
  });

  it.each([
    ['leaf', { leaf: 'a'.repeat(64) }, 'path'],
    ['index', { index: 8 }, 'path'],
    ['path', { path: [] }, 'path'],
    ['signature', { signature: 'AAAA' }, 'signature'],
    ['block', { block: 9 }, 'path'],
  ])('give proofs of which a forged %s shows', async (_, forged, why) => {
    const { proof } = (await ask('GET', `/events/${id}/seal`)).json<{ proof: object }>();
    const text = JSON.stringify({ ...proof, ...forged });
    expect(verifyProof(text, platform.publicKey)).toMatchObject({ result: 'tampered', why });
  });

  it('say that an event is not sealed yet, and that one is not what was sealed', async () => {
    const other = (await ask('GET', '/events/00000000-0000-8000-8000-00000000ffff/seal')).json<object>();
    expect(other).toEqual({ state: 'unsealed' });
    platform.store.events[3]!.fields[9] = 'changed';
    expect((await ask('GET', `/events/${id}/seal`)).json()).toMatchObject({ state: 'differs', seal: 1 });
    expect((await ask('GET', '/events/00000000-0000-8000-8000-00000000eeee/seal')).statusCode).toBe(404);
  });

  it('prove an event together with it for who says why', async () => {
    expect((await ask('POST', `/events/${id}/proof`, { purpose: 'audit' })).statusCode).toBe(400);
    const { proof } = (await ask('POST', `/events/${id}/proof`, WHY)).json<{ proof: { record: string[] } }>();
    expect(proof.record).toContain('user7');
    expect(verifyProof(JSON.stringify(proof), platform.publicKey).result).toBe('intact');
    const changed = { ...proof, record: proof.record.map((field) => field.replace('user7', 'user8')) };
    expect(verifyProof(JSON.stringify(changed), platform.publicKey).result).toBe('tampered');
    expect(auditOf(parts.log).findLast(({ action }) => action === 'evidence.proof')?.reason).toBe(WHY.reason);
  });

  it('export a range as an archive that can be verified', async () => {
    const answer = await ask('POST', '/evidence/export', { from: '0', to: String(platform.now + 1), ...WHY });
    expect(answer.statusCode).toBe(200);
    const folder = join(platform.dir, 'unpacked');
    mkdirSync(folder);
    writeFileSync(join(folder, 'evidence.tar'), answer.rawPayload);
    execFileSync('tar', ['-xf', 'evidence.tar'], { cwd: folder });
    expect(await verifyExport({ folder, key: platform.publicKey })).toMatchObject({ result: 'intact', records: 31 });
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { manifest: string };
    expect(JSON.parse(manifest.manifest)).toMatchObject({ by: 'api-token', records: 31 });
    expect(auditOf(parts.log).map(({ action, phase }) => [action, phase])).toContainEqual(['evidence.export', 'begun']);
  });

  it('refuse a range without anything sealed, streams that there are not, and a range of no time', async () => {
    const range = { from: '0', to: String(platform.now + 1), ...WHY };
    const statuses = [];
    for (const body of [
      { ...range, to: '5' },
      { ...range, streams: ['secrets'] },
      { ...range, to: '0' },
      { from: '0', to: '5' },
    ])
      statuses.push((await ask('POST', '/evidence/export', body)).statusCode);
    expect(statuses).toEqual([404, 400, 400, 400]);
  });

  it('leave with records only when somebody else has agreed, where that is asked for', async () => {
    await app.close();
    parts.reveals = new Reveals({ needsApproval: true });
    app = await buildApi(OPTIONS, parts);
    const range = { from: '0', to: String(platform.now + 1), ...WHY };
    expect((await ask('POST', '/evidence/export', range)).statusCode).toBe(202);
    expect((await ask('POST', `/events/${id}/proof`, WHY)).statusCode).toBe(202);
    for (const { id: request } of parts.reveals.list()) parts.reveals.decide(request, true, 'sun');
    expect((await ask('POST', '/evidence/export', range)).headers['content-type']).toBe('application/x-tar');
    expect((await ask('POST', `/events/${id}/proof`, WHY)).body).toContain('user7');
  });
});
