import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, freePorts } from './wanglou.ts';

const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```sh\n(.*?)^```/gms)].map((match) => match[1]!.trim());

/** Commands that would take too long in full, or would run this very test again: the same with less to do. */
const SHORTER: Readonly<Record<string, string>> = {
  'npm test': 'npm test -- test/detectors/brute-force.test.ts',
  'npm run bench': 'npm run bench -- --only parse-rfc5424 --seconds 1',
  'npm run bench:detection': 'npm run bench:detection -- --days 3',
};
const PROGRAMS = ['npm start', 'npm run demo'];

/** A working copy as a newcomer has it, and ports that nobody else uses. */
const copy = mkdtempSync(join(tmpdir(), 'wanglou-readme-'));
let ports: Record<string, number>;

beforeAll(async () => {
  for (const file of spawnSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).stdout.split('\0').filter(Boolean)) {
    mkdirSync(join(copy, dirname(file)), { recursive: true });
    cpSync(file, join(copy, file));
  }
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  spawnSync('git', ['init', '-q'], { cwd: copy });
  spawnSync(
    'git',
    ['-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '-q', '--allow-empty', '-m', 'copy'],
    {
      cwd: copy,
    },
  );
  const [web, intake, syslog, store] = await freePorts(4);
  ports = { 8080: web!, 8088: intake!, 5514: syslog!, 8123: store! };
});
let started: ChildProcess | undefined;
afterEach(async () => {
  if (started?.exitCode === null && started.signalCode === null) await interrupt(started);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('the commands of README.md', () => {
  it('are all tried here', () => {
    const others = blocks.filter((block) => !PROGRAMS.includes(block) && !(block in SHORTER));
    expect(blocks).toEqual(expect.arrayContaining([...PROGRAMS, ...Object.keys(SHORTER)]));
    expect(others.length).toBeGreaterThan(3);
  });

  it('start everything, send, ask and find, as it says', async () => {
    const program = await startProgram('npm start');
    for (const block of blocks.filter((one) => !PROGRAMS.includes(one) && !(one in SHORTER))) {
      // A line is found within a moment, not at once.
      const expected = block.includes('events_once') ? 'civil.public.household' : '';
      await eventually(
        () => shell(block),
        ({ stdout }) => stdout.includes(expected),
      );
    }
    const found = await eventually(
      () => shell('npm run -s wanglou -- query "SELECT detector, actor FROM findings_latest" --format TSV'),
      ({ stdout }) => stdout.includes('brute-force'),
    );
    expect(found.stdout).toContain('root');
    await program.stop();
  });

  it('play the demo until Ctrl-C', async () => {
    rmSync(join(copy, 'data'), { recursive: true, force: true });
    const program = await startProgram('npm run demo');
    await program.says('history sent:');
    await program.stop();
  });

  it.each(Object.keys(SHORTER))(
    'run %s',
    async (command) => {
      expect(blocks).toContain(command);
      await shell(SHORTER[command]!);
    },
    600_000,
  );
});

function environment(): NodeJS.ProcessEnv {
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(WANGLOU_|VITEST|NODE_ENV)/.test(name)),
  );
  return {
    ...own,
    WANGLOU_WEB_PORT: String(ports['8080']),
    WANGLOU_INTAKE_PORT: String(ports['8088']),
    WANGLOU_SYSLOG_PORT: String(ports['5514']),
    WANGLOU_STORE_PORT: String(ports['8123']),
  };
}

/** @throws with what it printed when the command fails. */
async function shell(command: string): Promise<{ stdout: string; stderr: string }> {
  const here = command.replace(/\b(8080|8088|5514|8123)\b/g, (port) => String(ports[port]));
  return promisify(execFile)('bash', ['-euo', 'pipefail', '-c', here], {
    cwd: copy,
    env: environment(),
    maxBuffer: 1e8,
  });
}

/** Starts a program of the README; resolves when it has said how to end it. */
async function startProgram(
  command: string,
): Promise<{ says: (text: string) => Promise<unknown>; stop: () => Promise<void> }> {
  const child = spawn('bash', ['-c', `exec ${command}`], { cwd: copy, env: environment(), detached: true });
  started = child;
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (printed += text.toString()));
  const says = (text: string): Promise<unknown> =>
    eventually(
      async () => printed,
      () => printed.includes(text) || child.exitCode !== null,
      60_000,
    );
  await says('Ctrl-C');
  expect(printed).toContain('ready after');
  const stop = async (): Promise<void> => {
    await interrupt(child);
    expect(printed).toMatch(/stopping …\s+stopped\s*$/);
  };
  return { says, stop };
}

/** As Ctrl-C in a terminal: the whole group gets it. */
async function interrupt(child: ChildProcess): Promise<void> {
  const ended = new Promise((done) => child.once('close', done));
  process.kill(-child.pid!, 'SIGINT');
  await ended;
}
