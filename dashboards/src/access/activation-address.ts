/** What somebody has been given to begin with: the name of an account and its one-time code. */
export interface Activation {
  account: string;
  code: string;
}

/** Reads `#account=…&activation=…`; undefined when the address carries none. */
export function activationIn(hash: string): Activation | undefined {
  const given = new URLSearchParams(hash.slice(1));
  const [account, code] = [given.get('account'), given.get('activation')];
  return account && code ? { account, code } : undefined;
}

/** The address that a person opens to activate the account. */
export function activationLink({ account, code }: Activation, origin: string): string {
  return `${origin}/#${new URLSearchParams({ account, activation: code }).toString()}`;
}
