import { createHash } from 'node:crypto';
import * as oidc from 'openid-client';
import { z } from 'zod';
import { openText, sealText } from './sealed-text.ts';
import { refusedReturn, signOnFault, signOnRefusal } from './sign-on-faults.ts';

/** Who somebody is at the provider: what an account is bound to. */
export interface Identity {
  issuer: string;
  /** The provider's own id of the person, which it never gives to another; names may change hands. */
  subject: string;
}

/** What the provider has proven about whoever comes back from it. */
export interface Proven extends Identity {
  /** Staff number or name, from the claim that the setting names. */
  person: string;
}

export interface SignOnSettings {
  /** What people call the provider. */
  label: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  scopes: string;
  /** Claim that says who somebody is. */
  personClaim: string;
  /** Values of `acr` or `amr` of which one proves a second factor. */
  secondFactor: readonly string[];
  /** At least 32 characters; the same in every `serve` program. */
  key: string;
  /** ms since the Unix epoch. */
  now?: () => number;
}

const TIMEOUT_S = 10;
/** From leaving for the provider to coming back. */
const AWAY_MS = 10 * 60_000;
const LABEL = 'sign-on';

const journey = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
  at: z.number(),
});

/**
 * Signing in at an OpenID Connect provider: authorization code with PKCE, state and nonce. What has to be remembered while
 * somebody is there travels sealed in a cookie, so that any `serve` program can take them back. The provider proves who it
 * is and nothing else: what they may do is for the administrators of this platform.
 */
export class SignOn {
  readonly #settings: SignOnSettings;
  readonly #key: Buffer;
  readonly #now: () => number;
  #provider: Promise<oidc.Configuration> | undefined;

  get label(): string {
    return this.#settings.label;
  }

  constructor(settings: SignOnSettings) {
    this.#settings = settings;
    this.#key = createHash('sha256').update(`sign-on\0${settings.key}`).digest();
    this.#now = settings.now ?? Date.now;
  }

  /**
   * @param redirectUri address of our page, registered with the provider.
   * @returns where to go, and what to keep in the meantime.
   * @throws WanglouError WL_PROVIDER_AWAY
   */
  async begin(redirectUri: string): Promise<{ url: string; kept: string }> {
    const provider = await this.#reach();
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    const { scopes, secondFactor } = this.#settings;
    const url = oidc.buildAuthorizationUrl(provider, {
      ...{ redirect_uri: redirectUri, scope: scopes, state, nonce, acr_values: secondFactor.join(' ') },
      ...{ code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
    });
    const kept = { state, nonce, verifier, redirectUri, at: this.#now() } satisfies z.infer<typeof journey>;
    return { url: url.href, kept: sealText(this.#key, LABEL, JSON.stringify(kept)) };
  }

  /**
   * @param query what the provider sent the browser back with.
   * @throws WanglouError WL_PROVIDER_REFUSED, WL_PROVIDER_AWAY, each with its reason.
   */
  async prove(query: string, kept: string): Promise<Proven> {
    const { state, nonce, verifier, redirectUri } = this.#opened(kept);
    const given = new URLSearchParams(query);
    if (given.get('state') !== state) throw signOnRefusal('sign-on-state');
    if (given.has('error')) throw refusedReturn(given);
    const provider = await this.#reach();
    try {
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
      const answer = await oidc.authorizationCodeGrant(provider, new URL(`${redirectUri}?${query}`), checks);
      const claims = answer.claims()!;
      if (!this.#hasSecondFactor(claims)) throw signOnRefusal('sign-on-factor', this.#factorSaid(claims));
      const { personClaim } = this.#settings;
      const told =
        claims[personClaim] ?? (await oidc.fetchUserInfo(provider, answer.access_token, claims.sub))[personClaim];
      if (typeof told !== 'string' || told.trim() === '') throw signOnRefusal('sign-on-claim', personClaim);
      return { issuer: claims.iss, subject: claims.sub, person: told.trim() };
    } catch (error) {
      throw signOnFault(error, this.#settings.issuer);
    }
  }

  /** Where to sign out at the provider too; undefined when it has no such place or does not answer. */
  async endUrl(returnTo: string): Promise<string | undefined> {
    const provider = await this.#reach().catch(() => undefined);
    if (provider?.serverMetadata().end_session_endpoint === undefined) return undefined;
    return oidc.buildEndSessionUrl(provider, { post_logout_redirect_uri: returnTo }).href;
  }

  #opened(kept: string): z.infer<typeof journey> {
    let opened;
    try {
      opened = journey.parse(JSON.parse(openText(this.#key, LABEL, kept)));
    } catch {
      throw signOnRefusal('sign-on-expired');
    }
    if (opened.at + AWAY_MS <= this.#now()) throw signOnRefusal('sign-on-expired');
    return opened;
  }

  #hasSecondFactor({ acr, amr }: Record<string, unknown>): boolean {
    return [acr, amr].flat().some((one) => typeof one === 'string' && this.#settings.secondFactor.includes(one));
  }

  #factorSaid({ acr, amr }: Record<string, unknown>): string {
    return JSON.stringify({ acr, amr }).slice(0, 200);
  }

  /** The provider's own description, asked for when it is needed first: we start without it. */
  async #reach(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const url = new URL(issuer);
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- its mark is a warning: config.ts allows http on loopback only
    const insecure = url.protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
    const execute = [...insecure, oidc.enableNonRepudiationChecks];
    this.#provider ??= oidc.discovery(url, clientId, undefined, authentication(clientSecret), {
      execute,
      timeout: TIMEOUT_S,
    });
    try {
      return await this.#provider;
    } catch (error) {
      this.#provider = undefined;
      throw signOnFault(error, issuer);
    }
  }
}

/** As providers take it by default, unless this one says that it takes only the other. */
function authentication(secret: string): oidc.ClientAuth {
  if (secret === '') return oidc.None();
  const [basic, post] = [oidc.ClientSecretBasic(secret), oidc.ClientSecretPost(secret)];
  return (server, ...rest) => {
    const taken = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    (taken.includes('client_secret_basic') ? basic : post)(server, ...rest);
  };
}
