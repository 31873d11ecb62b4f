const DAY_MS = 86_400_000;

/**
 * The range cut into windows from its end, each twice as long as the one after it, beginning with a day: who wants the newest
 * of what is frequent finds them in the first, and what is rare costs no more than a few further statements.
 */
export function* windowsFromEnd(from: number, to: number): Generator<{ from: number; to: number }> {
  for (let [end, length] = [to, DAY_MS]; end > from; length *= 2) {
    const begin = Math.max(from, end - length);
    yield { from: begin, to: end };
    end = begin;
  }
}
