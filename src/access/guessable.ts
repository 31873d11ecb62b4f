import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

/** zxcvbn's best: more than 10¹⁰ tries; admin@123456 and woaini1314520 have fewer. */
const SCORE = 4;
/** Longer ones cost time and gain nothing: what is guessable is seen at their beginning. */
const LOOKED_AT = 64;

/** Words that somebody who attacks this platform would try. */
const OURS = ['wanglou', '望楼', 'operator', 'administrator'];

let loaded: Promise<ZxcvbnFactory> | undefined;

/**
 * Whether a password is among the first that would be tried: one of 40,000 common ones, keys in a row, dates, the same again
 * and again, or nearly so. Most characters of these do not matter, so there is no rule of what characters it must have.
 * @param words what is known of its owner.
 */
export async function isGuessable(password: string, words: readonly string[]): Promise<boolean> {
  const { score } = (await (loaded ??= load())).check(password.slice(0, LOOKED_AT), [...OURS, ...words]);
  return score < SCORE;
}

/** A list of megabytes, for those programs only where somebody chooses a password. */
async function load(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory: Factory }, { dictionary, adjacencyGraphs: graphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new Factory({ dictionary, graphs });
}
