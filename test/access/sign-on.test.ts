import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignOn } from '../../src/access/sign-on.ts';
import type { WanglouError } from '../../src/errors.ts';
import { CLIENT, RealProvider, walkThrough } from './real-provider.ts';

const PAGE = 'https://wanglou.example/';
let provider: RealProvider;
let now: number;

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined); // it is for tests, it says
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  now = Date.now();
  provider = new RealProvider([
    { subject: 'u-1', name: '1024' },
    { subject: 'u-2', name: '2048', amr: ['pwd'] },
    { subject: 'u-3', name: ' ' },
  ]);
  await provider.listen();
  provider.start([PAGE]);
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await provider.stop();
});

function signOn(differently: object = {}): SignOn {
  return new SignOn({
    ...{ label: 'SSO', issuer: provider.issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret },
    ...{ scopes: 'openid profile', personClaim: 'preferred_username', secondFactor: ['mfa'] },
    ...{ key: 'k'.repeat(32), now: () => now },
    ...differently,
  });
}

/** To the provider and back to the moment where we are told with what. */
async function travelled(as: string, ours = signOn()): Promise<{ query: string; kept: string }> {
  const { url, kept } = await ours.begin(PAGE);
  return { query: await walkThrough(url, as), kept };
}

async function refusal(as: string, ours = signOn()): Promise<unknown> {
  const { query, kept } = await travelled(as, ours);
  return reasonOf(query, kept, ours);
}

async function reasonOf(query: string, kept: string, by = signOn()): Promise<unknown> {
  return by.prove(query, kept).then(
    () => 'proven',
    (error: unknown) => (error as WanglouError).details['reason'],
  );
}

describe('signing in at the provider', () => {
  it('proves who it is: the id of the provider and the claim that says so', async () => {
    const { query, kept } = await travelled('u-1');
    expect(await signOn().prove(query, kept)).toEqual({ issuer: provider.issuer, subject: 'u-1', person: '1024' });
  });

  it('sends no more than a code back, and keeps the verifier, nonce and state from everybody', async () => {
    const ours = signOn();
    const { url, kept } = await ours.begin(PAGE);
    const sent = new URL(url).searchParams;
    expect(sent.get('code_challenge_method')).toBe('S256');
    expect(sent.get('response_type')).toBe('code');
    expect(Buffer.from(kept, 'base64url').toString('latin1')).not.toContain(sent.get('nonce'));
    expect([...new URLSearchParams(await walkThrough(url, 'u-1')).keys()].sort()).toEqual(['code', 'iss', 'state']);
  });

  it.each([
    ['who denies', 'deny', 'sign-on-denied'],
    ['a sign-in without a second factor', 'u-2', 'sign-on-factor'],
    ['somebody of whom the provider does not say who it is', 'u-3', 'sign-on-claim'],
  ])('refuses %s', async (_what, as, reason) => {
    expect(await refusal(as)).toBe(reason);
  });

  it('refuses a way back twice, late, of another browser, and to another installation', async () => {
    const [first, second] = [await travelled('u-1'), await travelled('u-1')];
    expect(await reasonOf(first.query, second.kept)).toBe('sign-on-state');
    expect(await reasonOf(first.query, '')).toBe('sign-on-expired');
    expect(await reasonOf(first.query, first.kept, signOn({ key: 'l'.repeat(32) }))).toBe('sign-on-expired');
    expect(await reasonOf(first.query, first.kept)).toBe('proven');
    expect(await reasonOf(first.query, first.kept)).toBe('sign-on-expired'); // the provider takes a code once
    now += 10 * 60_000;
    expect(await reasonOf(second.query, second.kept)).toBe('sign-on-expired');
  });

  it('refuses a code that was stolen on its way, for want of the verifier', async () => {
    const ours = signOn();
    const theirs = await ours.begin(PAGE);
    const { query } = await travelled('u-1', ours);
    const state = new URL(theirs.url).searchParams.get('state')!;
    const stolen = new URLSearchParams(query);
    stolen.set('state', state);
    await expect(ours.prove(stolen.toString(), theirs.kept)).rejects.toMatchObject({ code: 'WL_PROVIDER_REFUSED' });
  });

  it('refuses a token that is signed with none of the keys of the provider', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const { query, kept } = await travelled('u-1');
    const own = (await (await fetch(`${provider.issuer}/jwks`)).json()) as { keys: object[] };
    provider.keys = { keys: own.keys.map((key) => ({ ...key, ...publicKey.export({ format: 'jwk' }) })) };
    expect(await reasonOf(query, kept)).toBe('sign-on-answer');
  });

  it('says by how much the clocks differ', async () => {
    const { query, kept } = await travelled('u-1');
    const madeAt = Date.now();
    provider.onIdToken = () => setImmediate(() => vi.setSystemTime(madeAt + 3_600_000)); // it is made an hour ago
    await expect(signOn().prove(query, kept)).rejects.toMatchObject({
      code: 'WL_PROVIDER_REFUSED',
      details: { reason: 'sign-on-clock', seconds: expect.closeTo(-3_600, -1) as number },
      remedy: 'Set both clocks (NTP), then try again.',
    });
  });

  it('says that the provider is away, and finds it when it is back', async () => {
    const { port } = await new Promise<AddressInfo>((done) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const address = server.address() as AddressInfo;
        server.close(() => done(address));
      });
    });
    const ours = signOn({ issuer: `http://127.0.0.1:${port}` });
    await expect(ours.begin(PAGE)).rejects.toMatchObject({ code: 'WL_PROVIDER_AWAY', status: 503 });
    expect(await ours.endUrl(PAGE)).toBeUndefined();
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      const issuer = `http://127.0.0.1:${port}`;
      response.end(
        JSON.stringify({ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` }),
      );
    });
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    expect((await ours.begin(PAGE)).url).toContain('/auth?');
    server.close();
  });

  it('can be ended there too', async () => {
    const url = new URL((await signOn().endUrl(PAGE))!);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(PAGE);
    expect((await fetch(url)).status).toBe(200);
  });
});
