import type { Changes } from './protocol.ts';

/** Puts pseudonyms in the place of personal information in all texts of some data. */
export type Mask = <T>(data: T) => T;

/**
 * What of the feed's state is shown: everything masked. Findings and incidents go out many times, to each subscription and in
 * each snapshot, and are masked once.
 */
export class MaskedChanges {
  readonly #mask: Mask;
  readonly #known = new WeakMap<object, object>();

  constructor(mask: Mask) {
    this.#mask = mask;
  }

  of({ findings, incidents, ...others }: Changes): Changes {
    return {
      ...this.#mask(others),
      findings: findings.map((one) => this.#once(one)),
      ...(incidents && { incidents: incidents.map((one) => this.#once(one)) }),
    };
  }

  #once<T extends object>(data: T): T {
    let masked = this.#known.get(data) as T | undefined;
    if (masked === undefined) this.#known.set(data, (masked = this.#mask(data)));
    return masked;
  }
}
