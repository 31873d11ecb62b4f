import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Debian's syslog-ng and those of its libraries that no other package of the tests brings. */
const PACKAGES = [
  'syslog-ng-core',
  'syslog-ng-mod-http',
  'libivykis0',
  'libjson-c5',
  'libnet1',
  'libwrap0',
  'libpcre3',
];

/** A real syslog-ng of a test's own: follows one file and hands its lines to one destination. */
export class SyslogNg {
  readonly #dir = mkdtempSync(join(tmpdir(), 'wanglou-syslog-ng-'));
  readonly #root = unpack();
  #process: ChildProcess | undefined;

  /** @param destination in syslog-ng's language. */
  constructor(destination: string) {
    writeFileSync(
      this.#path('conf'),
      `@version: 3.38
      options { log-msg-size(131072); time-reopen(1); stats-freq(0); use-uniqid(yes); };
      source lines { file("${this.#path('in.log')}" follow-freq(0.1) log-iw-size(20000) log-fetch-limit(1000) flags(no-parse) program-override("portal")); };
      destination wanglou { ${destination} };
      log { source(lines); destination(wanglou); flags(flow-control); };\n`,
    );
    writeFileSync(this.#path('in.log'), '');
  }

  /** Adds lines to the followed file. */
  write(lines: readonly string[]): void {
    appendFileSync(this.#path('in.log'), lines.map((line) => `${line}\n`).join(''));
  }

  start(): void {
    const libraries = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu', 'usr/lib/syslog-ng'];
    const own = { '-f': 'conf', '-R': 'persist', '-p': 'pid', '-c': 'control' };
    const files = Object.entries(own).flatMap(([option, name]) => [option, this.#path(name)]);
    const modules = ['--module-path', join(this.#root, 'usr/lib/syslog-ng/3.38')];
    this.#process = spawn(join(this.#root, 'usr/sbin/syslog-ng'), ['-F', '--no-caps', ...files, ...modules], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { LD_LIBRARY_PATH: libraries.map((folder) => join(this.#root, folder)).join(':') },
    });
  }

  async remove(): Promise<void> {
    const child = this.#process;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #path(name: string): string {
    return join(this.#dir, name);
  }
}

/** Unpacks the packages, once: installed, they would throw rsyslog out. @returns the folder that takes the place of `/`. */
function unpack(): string {
  const root = resolve('test/.cache/syslog-ng');
  if (existsSync(root)) return root;
  const unfinished = `${root}.${process.pid}.tmp`;
  mkdirSync(unfinished, { recursive: true });
  if (!run('apt-get', ['download', '-qq', ...PACKAGES], unfinished)) {
    run('apt-get', ['update', '-qq'], unfinished);
    if (!run('apt-get', ['download', '-qq', ...PACKAGES], unfinished))
      throw new Error(`the tests with syslog-ng need Debian's packages: apt-get download ${PACKAGES.join(' ')}`);
  }
  for (const file of readdirSync(unfinished)) {
    if (!run('dpkg-deb', ['-x', file, '.'], unfinished)) throw new Error(`${file} can not be unpacked`);
    rmSync(join(unfinished, file));
  }
  if (existsSync(root)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, root);
  return root;
}

function run(program: string, args: readonly string[], cwd: string): boolean {
  return spawnSync(program, args, { cwd, stdio: 'ignore' }).status === 0;
}
