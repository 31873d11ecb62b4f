const PRODUCERS_MAX = 1_000;

/** Header by which a record says who sent it and which one of theirs it is: `<epoch>/<number>`. */
export const SENT_AS = 'wanglou-sent';

/**
 * Finds records that are in a partition twice: a producer that got no answer sends again, and the first sending may have
 * arrived. A producer's numbers rise within a partition, so a number that does not is a repetition.
 */
export class Repeats {
  readonly #last = new Map<string, number>();

  /** @param sentAs the header's value; undefined for records of others, which are never repetitions. */
  isRepeat(sentAs: string | undefined): boolean {
    const slash = sentAs?.lastIndexOf('/') ?? -1;
    if (sentAs === undefined || slash < 0) return false;
    const producer = sentAs.slice(0, slash);
    const number = Number(sentAs.slice(slash + 1));
    const last = this.#last.get(producer);
    if (last !== undefined && number <= last) return true;
    this.#last.delete(producer);
    this.#last.set(producer, number);
    if (this.#last.size > PRODUCERS_MAX) this.#last.delete(this.#last.keys().next().value!);
    return false;
  }
}
