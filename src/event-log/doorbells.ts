/** Wakes those who wait for new records of a partition: at once for own appends, every `pollMs` for other processes'. */
export class Doorbells {
  readonly #pollMs: number;
  readonly #waiting = new Map<string, Set<() => void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(pollMs: number) {
    this.#pollMs = pollMs;
  }

  /** Resolves at the next ring of `name`, or after pollMs. */
  wait(name: string): Promise<void> {
    this.#timer ??= setInterval(() => this.ringAll(), this.#pollMs).unref();
    return new Promise((resolve) => {
      let waiting = this.#waiting.get(name);
      if (!waiting) this.#waiting.set(name, (waiting = new Set()));
      waiting.add(resolve);
    });
  }

  ring(name: string): void {
    const waiting = this.#waiting.get(name);
    this.#waiting.delete(name);
    waiting?.forEach((resolve) => resolve());
  }

  ringAll(): void {
    for (const name of this.#waiting.keys()) this.ring(name);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.ringAll();
  }
}
