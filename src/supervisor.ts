import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** One program under supervision: `main.ts <name>` in its own process. */
export interface Program {
  name: string;
  /** What people read: `collect + detect`. */
  title: string;
}

/** A child says this once it is ready to work; `where` is shown to people. */
export interface ReadyMessage {
  ready: true;
  where: string;
  /** The one-time sign-in code, from the program that drew it. */
  code?: string;
}

export interface SupervisorOptions {
  /** Path of main.ts. */
  entry: string;
  /** Folder of the programs' own logs. */
  logDir: string;
  environment: Record<string, string>;
  print: (line: string) => void;
}

/**
 * Room, MB, for what is young, mostly events on their way through: with V8's default, every other one is still in use when
 * the young generation is full, and is copied twice. And what lies outside the heap (batches, blocks) counts with the heap:
 * by default each 64 MB of it begin a collection of all that is old, which holds the states of every subject. A collection
 * begins when both have grown by half: hostile bodies must not pile up outside.
 */
const NODE_ARGUMENTS = [
  '--max-semi-space-size=64',
  '--external-memory-accounted-in-global-limit',
  '--heap-growing-percent=50',
];

/** A program ends with it (EX_CONFIG of sysexits.h) when settings or registry are wrong: it has said what. */
export const REFUSED_CODE = 78;

const BACK_OFF_MS = [200, 500, 1_000, 2_000, 5_000, 10_000];
const STOP_LIMIT_MS = 20_000;
/** One that had worked for so long is started again at once. */
const STABLE_MS = 10_000;

/**
 * Runs the programs of the embedded mode, each in its own process: starts them, starts one again when it ends by itself
 * (with growing pauses), and stops them in reverse order. Their logs go to files; warnings and worse are shown.
 */
export class Supervisor {
  readonly #programs: readonly Program[];
  readonly #options: SupervisorOptions;
  readonly #children = new Map<string, ChildProcess>();
  readonly #fails = new Map<string, number>();
  readonly #wasReady = new Set<string>();
  #stopping = false;

  constructor(programs: readonly Program[], options: SupervisorOptions) {
    this.#programs = programs;
    this.#options = options;
  }

  /**
   * Starts all programs at once; resolves with their first ready messages when every one is ready.
   * @throws when one refuses to start with these settings or this registry; what it said has been printed.
   */
  async start(): Promise<Map<string, ReadyMessage>> {
    mkdirSync(this.#options.logDir, { recursive: true });
    const began = performance.now();
    const starts = this.#programs.map(async (program) => {
      const message = await new Promise<ReadyMessage>((resolve, reject) => this.#run(program, resolve, reject));
      this.#wasReady.add(program.name);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      if (!this.#stopping)
        this.#options.print(`  ${program.title.padEnd(17)} ready in ${seconds} s   ${message.where}`);
      return [program.name, message] as const;
    });
    return new Map(await Promise.all(starts));
  }

  /** Stops in reverse order, each gracefully, by force after 20 s. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const program of this.#programs.toReversed()) {
      const child = this.#children.get(program.name);
      if (!child || child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const force = setTimeout(() => {
        this.#options.print(`  ${program.title} has not ended within ${STOP_LIMIT_MS / 1_000} s: ending it by force`);
        child.kill('SIGKILL');
      }, STOP_LIMIT_MS);
      await ended;
      clearTimeout(force);
    }
  }

  /** Process ids by program name, for those who test what happens when one is killed. */
  pids(): Record<string, number> {
    return Object.fromEntries([...this.#children].map(([name, child]) => [name, child.pid ?? 0]));
  }

  #run(program: Program, onReady: (message: ReadyMessage) => void, onRefused: (error: Error) => void): void {
    const began = Date.now();
    const log = createWriteStream(join(this.#options.logDir, `${program.name}.log`), { flags: 'a' });
    const child = fork(this.#options.entry, [program.name], {
      env: this.#options.environment,
      execArgv: [...process.execArgv, ...NODE_ARGUMENTS],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A terminal's Ctrl-C must reach only the supervisor, which stops the programs in order.
      detached: true,
    });
    this.#children.set(program.name, child);
    this.#follow(program, child, log);
    child.on('message', (message) => onReady(message as ReadyMessage));
    child.on('exit', (code, signal) => {
      log.end();
      if (this.#stopping) return;
      if (code === REFUSED_CODE && !this.#wasReady.has(program.name))
        return onRefused(new Error(`${program.title} can not start`));
      if (Date.now() - began > STABLE_MS) this.#fails.delete(program.name);
      const fails = this.#fails.get(program.name) ?? 0;
      this.#fails.set(program.name, fails + 1);
      const pauseMs = BACK_OFF_MS[Math.min(fails, BACK_OFF_MS.length - 1)]!;
      this.#options.print(`  ${program.title} ended (${signal ?? `code ${code}`}); starting it again in ${pauseMs} ms`);
      setTimeout(() => {
        if (!this.#stopping) this.#run(program, onReady, onRefused);
      }, pauseMs);
    });
  }

  #follow(program: Program, child: ChildProcess, log: WriteStream): void {
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`);
        const shown = forPeople(line);
        if (shown !== '') this.#options.print(`  ${program.title}: ${shown}`);
      });
    }
  }
}

/** A warning or error of a program's JSON log in one line, or a line that is no JSON as it is; '' when not worth showing. */
function forPeople(line: string): string {
  if (!line.startsWith('{')) return line.trim();
  try {
    const entry = JSON.parse(line) as { level?: number; msg?: string; remedy?: string; err?: { message?: string } };
    if ((entry.level ?? 0) < 40) return '';
    return [entry.msg, entry.err?.message, entry.remedy]
      .filter((part) => part !== undefined && part !== '')
      .join(' — ');
  } catch {
    return line;
  }
}
