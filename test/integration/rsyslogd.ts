import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real rsyslogd of a test's own: follows one file and hands its lines to the given action. */
export class Rsyslogd {
  readonly #dir = mkdtempSync(join(tmpdir(), 'wanglou-rsyslogd-'));
  #process: ChildProcess | undefined;

  /**
   * @param action in rsyslog's language. @param input more parameters of the followed file.
   * @param globals more parameters of `global()`.
   */
  constructor(action: string, { input = '', globals = '' } = {}) {
    writeFileSync(
      this.#path('rsyslog.conf'),
      `global(workDirectory="${this.#dir}" maxMessageSize="64k" localHostname="portal-web-01" ${globals})
      module(load="imfile")
      template(name="line" type="string" string="%msg%\\n")
      syslog.* stop
      input(type="imfile" file="${this.#path('in.log')}" tag="portal:" severity="info" facility="local0" ${input})
      ${action}
      action(type="omfile" file="${this.#path('passed.log')}" template="line")\n`,
    );
    for (const name of ['in.log', 'passed.log']) writeFileSync(this.#path(name), '');
  }

  /** Adds lines to the followed file. */
  write(lines: readonly string[]): void {
    appendFileSync(this.#path('in.log'), lines.map((line) => `${line}\n`).join(''));
  }

  start(): void {
    const args = ['-n', '-f', this.#path('rsyslog.conf'), '-i', this.#path('pid')];
    this.#process = spawn('/usr/sbin/rsyslogd', args, { stdio: 'ignore' });
  }

  /** How many lines the action has taken: sent when it has no queue of its own. */
  passed(): number {
    return readFileSync(this.#path('passed.log'), 'utf8').split('\n').length - 1;
  }

  /** Ends it as the system does at shutdown: what is queued is sent, or kept for the next start. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #path(name: string): string {
    return join(this.#dir, name);
  }
}

/** Starts and remembers them, to remove them after each test. */
export class Rsyslogds {
  readonly #running: Rsyslogd[] = [];

  start(...args: ConstructorParameters<typeof Rsyslogd>): Rsyslogd {
    const one = new Rsyslogd(...args);
    this.#running.push(one);
    one.start();
    return one;
  }

  async removeAll(): Promise<void> {
    for (const one of this.#running.splice(0)) await one.remove();
  }
}
