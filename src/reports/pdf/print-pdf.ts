import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WanglouError } from '../../errors.ts';
import { findBrowser } from './find-browser.ts';
import { memoryOfGroup } from './group-memory.ts';
import { stamped } from './pdf-stamp.ts';

export interface PrintOptions {
  /** The setting `browser`; '' to look in PATH. */
  browser: string;
  path: string;
  maxMs?: number;
  maxBytes?: number;
}

const MAX_MS = 60_000;
const MAX_BYTES = 1_536 << 20;
const LOOK_EVERY_MS = 250;
const MOST_WAITING = 8;
const KEPT_OF_STDERR = 2_000;
/** Nothing of ours is handed on: no secret, no proxy, no session of a desktop. */
const ENVIRONMENT = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  DBUS_SESSION_BUS_ADDRESS: 'disabled:',
};
/** No name of a host and no way out: the page has all that it needs, and its own policy lets no script run. */
const ARGUMENTS = [
  '--headless=new',
  '--disable-gpu',
  '--no-first-run',
  '--no-pdf-header-footer',
  '--disable-extensions',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--proxy-server=http://127.0.0.1:9',
];

/** Prints pages as PDF with a browser of the Chromium family, one after the other, each in a process that is gone afterwards. */
export class PrintPdf {
  readonly #options: PrintOptions;
  #browser: string | undefined;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PrintOptions) {
    this.#options = options;
  }

  /** Looks for the browser. */
  async start(): Promise<void> {
    this.#browser = await findBrowser(this.#options.browser, this.#options.path);
  }

  /** Whether there is a browser, and if not, where it was looked for. */
  available(): { found: boolean; problem: string } {
    if (this.#browser !== undefined) return { found: true, problem: '' };
    const { browser } = this.#options;
    return {
      found: false,
      problem: browser === '' ? 'there is no Chromium in PATH' : `browser ${browser} can not be run`,
    };
  }

  /**
   * @param page as one file. @param stamp the time that stands in the PDF: the same page and stamp give the same bytes.
   * @throws WanglouError WL_BROWSER_AWAY, WL_TOO_MANY when 8 wait
   */
  print(page: string, stamp: { at: number }): Promise<Buffer> {
    if (this.#waiting >= MOST_WAITING)
      throw new WanglouError('WL_TOO_MANY', `${MOST_WAITING} PDFs wait to be printed`, {
        remedy: 'Try again in a minute.',
      });
    this.#waiting++;
    const printed = this.#last.then(() => this.#print(page)).finally(() => this.#waiting--);
    this.#last = printed.catch(() => undefined);
    return printed.then((pdf) => stamped(pdf, stamp.at));
  }

  async #print(page: string): Promise<Buffer> {
    if (this.#browser === undefined) await this.start();
    const browser = this.#browser;
    if (browser === undefined) throw away(this.available().problem);
    const folder = await mkdtemp(join(tmpdir(), 'wanglou-print-'));
    try {
      const [from, to] = [join(folder, 'report.html'), join(folder, 'report.pdf')];
      await writeFile(from, page, { mode: 0o600 });
      await this.#run(browser, folder, [`--print-to-pdf=${to}`, pathToFileURL(from).href]);
      const pdf = await readFile(to).catch(() => undefined);
      if (pdf?.subarray(0, 5).toString() !== '%PDF-') throw away('the browser has printed nothing');
      return pdf;
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  async #run(browser: string, folder: string, own: readonly string[]): Promise<void> {
    // Chromium's own sandbox needs a user that is not root.
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const child = spawn(browser, [...ARGUMENTS, ...sandbox, `--user-data-dir=${join(folder, 'profile')}`, ...own], {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
      cwd: folder,
      env: { ...ENVIRONMENT, HOME: folder },
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-KEPT_OF_STDERR)));
    const limits = this.#watch(child);
    try {
      const ended = await new Promise<string>((resolve) => {
        child.once('error', (error) => resolve(error.message));
        child.once('close', (code, signal) =>
          resolve(code === 0 ? '' : `it ended with ${signal ?? `code ${code ?? 0}`}`),
        );
      });
      if (limits.problem() !== '') throw tooLarge(limits.problem());
      if (ended !== '') throw away(`${ended}: ${lastLine(said)}`);
    } finally {
      limits.stop();
      killGroup(child);
    }
  }

  /** Ends the browser and all its processes when they take too long or too much memory. */
  #watch(child: ChildProcess): { problem: () => string; stop: () => void } {
    const { maxMs = MAX_MS, maxBytes = MAX_BYTES } = this.#options;
    let problem = '';
    const end = (why: string): void => {
      problem ||= why;
      killGroup(child);
    };
    const late = setTimeout(() => end(`it took longer than ${maxMs} ms`), maxMs);
    const looking = setInterval(() => {
      if (child.pid === undefined) return;
      void memoryOfGroup(child.pid).then((bytes) => {
        if (bytes > maxBytes) end(`it needed more than ${maxBytes >> 20} MB`);
      });
    }, LOOK_EVERY_MS);
    return {
      problem: () => problem,
      stop: () => {
        clearTimeout(late);
        clearInterval(looking);
      },
    };
  }
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // All of them are gone already.
  }
}

function lastLine(said: string): string {
  return said.trim().split('\n').at(-1)!.slice(0, 300);
}

function tooLarge(problem: string): WanglouError {
  return new WanglouError('WL_BROWSER_AWAY', `No PDF can be printed: ${problem}`, {
    remedy: 'Download the HTML, or make the report for a shorter span or a smaller subject.',
    details: {
      messageZh: `无法打印 PDF：报告太大（${problem}）`,
      remedyZh: '请下载 HTML，或缩短时间范围、缩小对象后重新制作。',
    },
  });
}

function away(problem: string): WanglouError {
  return new WanglouError('WL_BROWSER_AWAY', `No PDF can be printed: ${problem}`);
}
