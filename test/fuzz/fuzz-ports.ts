import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Authority } from '../integration/certificates.ts';
import { intakeHealth } from '../integration/collector-state.ts';
import { StoredEvents } from '../integration/stored-events.ts';
import { startWanglou, type RunningWanglou } from '../integration/wanglou.ts';
import type { FuzzOutcome } from './fuzz.ts';
import { LegitimateSender } from './legitimate-sender.ts';
import { damagedInputs } from './mutate.ts';
import { PORTS } from './ports.ts';

const TOGETHER = 32;
/** What each program may take at most while all ports are under fire. */
const MAX_RSS_MB = 2_500;
const STORED_MS = 600_000;

/** A platform to throw damaged inputs at, with a sender beside whose lines must all be stored in the end. */
export class PortRange {
  readonly wanglou: RunningWanglou;
  readonly #dir: string;
  readonly #pids: Record<string, number>;
  readonly #beside: LegitimateSender;
  #stopped: Promise<string> | undefined;

  private constructor(wanglou: RunningWanglou, dir: string) {
    this.wanglou = wanglou;
    this.#dir = dir;
    this.#pids = wanglou.pids();
    this.#beside = new LegitimateSender(wanglou);
    this.#beside.start();
  }

  static async start(): Promise<PortRange> {
    const dir = mkdtempSync(join(tmpdir(), 'wanglou-fuzz-'));
    const { cert, key } = new Authority(dir).issue('wanglou');
    return new PortRange(await startWanglou({ WANGLOU_TLS_CERT: cert, WANGLOU_TLS_KEY: key }), dir);
  }

  async fuzz(
    name: string,
    options: { inputs: number; seed: number; onProgress?: (taken: number) => void },
  ): Promise<FuzzOutcome> {
    const { inputs, seed, onProgress } = options;
    const port = PORTS[name]!(this.wanglou);
    let slowestMs = 0;
    let taken = 0;
    const together = fc.array(damagedInputs(port.corpus), { minLength: TOGETHER, maxLength: TOGETHER });
    const property = fc.asyncProperty(together, async (some) => {
      const startedAt = performance.now();
      await port.send(some);
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      onProgress?.((taken += some.length));
    });
    const result = await fc.check(property, { numRuns: Math.ceil(inputs / TOGETHER), seed });
    port.stop?.();
    const fault = (result.failed ? result.errorInstance : this.#beside.fault) as Error | undefined;
    if (fault === undefined) return { ok: true, inputs: taken, slowestMs, growthBytes: 0 };
    return {
      ok: false,
      error: String(fault),
      input: Buffer.concat(result.counterexample?.[0] ?? []),
      command: `npm run fuzz -- --only ${name} --inputs ${inputs} --seed ${seed}`,
    };
  }

  /** Ends it, once. @returns what is wrong with what it went through; '' when all is well. */
  stop(): Promise<string> {
    return (this.#stopped ??= this.#stop());
  }

  async #stop(): Promise<string> {
    const stored = new StoredEvents(this.wanglou);
    try {
      const { mark, sent } = await this.#beside.stop();
      const events = await stored.arrived(mark, sent, STORED_MS);
      if (events.length !== sent) return `${events.length} of ${sent} lines of the legitimate sender are stored`;
      const health = await intakeHealth(this.wanglou);
      if (!health.ready) return `not ready: ${health.problems.join('; ')}`;
      if (JSON.stringify(this.wanglou.pids()) !== JSON.stringify(this.#pids))
        return 'a program ended and was started again';
      const large = Object.entries(this.#pids).find(
        ([program, pid]) => program !== 'store' && peakMb(pid) > MAX_RSS_MB,
      );
      return large === undefined ? '' : `${large[0]} took ${peakMb(large[1])} MB`;
    } catch (error) {
      return String(error);
    } finally {
      await stored.close();
      await this.wanglou.stop();
      rmSync(this.#dir, { recursive: true });
    }
  }
}

function peakMb(pid: number): number {
  const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(found?.[1] ?? 0) / 1_000);
}
