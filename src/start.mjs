/**
 * The newcomer's way in, for any Node ≥ 20 and nothing installed: installs what is missing, builds the page, then hands over
 * to main.ts on the Node 24 that `npm ci` brought. Plain JavaScript, because an older Node can not read TypeScript.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = join(root, 'node_modules/node/bin/node');
const bin = join(root, 'node_modules/.bin');
const page = join(root, 'dashboards/dist');
const environment = {
  ...process.env,
  PATH: `${bin}:${process.env.PATH}`,
  // A program that starts again need not translate its TypeScript again; the folder is as private as the sources.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules/.cache/compiled'),
};

/** Debian packages that the tests drive, by a file that each brings. */
const TEST_PACKAGES = {
  chromium: '/usr/bin/chromium',
  'fonts-noto-cjk': '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  rsyslog: '/usr/sbin/rsyslogd',
  'rsyslog-gnutls': '/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so',
  'rsyslog-elasticsearch': '/usr/lib/x86_64-linux-gnu/rsyslog/omelasticsearch.so',
  bsdutils: '/usr/bin/logger',
  openssl: '/usr/bin/openssl',
  curl: '/usr/bin/curl',
  strace: '/usr/bin/strace',
  kcat: '/usr/bin/kcat',
  'openjdk-17-jre-headless': '/usr/bin/java',
  maven: '/usr/bin/mvn',
  'postgresql-15': '/usr/lib/postgresql/15/bin/postgres',
};

const [command = 'up', ...rest] = process.argv.slice(2);
const quiet = !['up', 'demo', 'test', 'bench', 'bench:detection', 'fuzz', 'screenshots'].includes(command);
await installPackages();
if (command === 'test') await runTests();
else if (command === 'bench') await handOver(['test/bench/run.ts', ...rest]);
else if (command === 'bench:detection') await handOver(['test/bench/detection.ts', ...rest]);
else if (command === 'fuzz') await handOver(['test/fuzz/run.ts', ...rest]);
else if (command === 'screenshots') {
  await buildPage();
  await handOver(['test/browser/screenshots.ts', ...rest]);
} else {
  if (command === 'up' || command === 'demo') await buildPage();
  await handOver(['src/main.ts', command, ...rest]);
}

async function installPackages() {
  const stamp = join(root, 'node_modules/.wanglou-installed');
  const wanted = digest([join(root, 'package-lock.json')]);
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  await step('installing packages (npm ci)', 'npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

async function buildPage() {
  const stamp = join(page, '.built-from');
  const wanted = digest([join(root, 'package-lock.json'), ...filesBelow(join(root, 'dashboards'))]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  await step('building the page', node, [
    join(root, 'node_modules/vite/bin/vite.js'),
    'build',
    'dashboards',
    '--logLevel=error',
  ]);
  writeFileSync(stamp, wanted);
}

async function runTests() {
  installTestPackages();
  await buildPage();
  if (rest.length === 0) await check();
  const report = join(root, 'node_modules/.wanglou-tests.json');
  const arguments_ = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...rest];
  const options = { cwd: root, env: environment, stdio: 'inherit' };
  const { status } = spawnSync(join(bin, 'vitest'), arguments_, options);
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  if (process.env.CI === 'true' && numPendingTests > 0) fail('a test was skipped; in CI every test must run');
  process.exit(status ?? 1);
}

/** Format, lint and types, side by side: each is busy with one processor. */
async function check() {
  const checks = [
    ['format', 'prettier', '--check', '.'],
    ['lint', 'eslint', '.'],
    ['types', 'tsc', '--noEmit'],
    ['types of the page', 'vue-tsc', '--noEmit', '-p', 'dashboards'],
  ];
  const done = await Promise.all(
    checks.map(async ([title, program, ...args]) => {
      const { code, output } = await outputOf(join(bin, program), args);
      console.log(`  ${title}: ${code === 0 ? 'well' : `${program} ended with ${code}`}`);
      return { code, output };
    }),
  );
  const wrong = done.filter(({ code }) => code !== 0);
  if (wrong.length > 0) fail(wrong.map(({ output }) => output).join('\n'));
}

/** The tests drive real programs; on Debian as root they are installed, elsewhere the missing ones are named. */
function installTestPackages() {
  const missing = Object.keys(TEST_PACKAGES).filter((name) => !existsSync(TEST_PACKAGES[name]));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    fail(`the tests need these Debian packages, which are not here: ${missing.join(' ')}`);
  const apt = { ...environment, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...missing];
  console.log(`  installing for the tests: ${missing.join(' ')}`);
  for (const args of [['update', '-qq'], install]) {
    const done = spawnSync('apt-get', args, { env: apt, encoding: 'utf8' });
    if (done.status !== 0) fail(`apt-get ${args[0]} failed:\n${done.stderr}`);
  }
}

/** Runs one step of the preparation, shows that it runs and how long it took; its output only when it fails. */
async function step(title, program, args) {
  const began = Date.now();
  const live = !quiet && process.stdout.isTTY;
  const line = () => `  ${title} … ${((Date.now() - began) / 1000).toFixed(0)} s`;
  const ticker = live ? setInterval(() => process.stdout.write(`\r${line()}`), 1000) : undefined;
  const { code, output } = await outputOf(program, args);
  clearInterval(ticker);
  if (!quiet) console.log(`${live ? '\r' : ''}${line()}`);
  if (code !== 0) fail(`${title} failed (${basename(program)} ${args.join(' ')}):\n${output}`);
}

async function outputOf(program, args) {
  const child = spawn(program, args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const code = await new Promise((resolve) => child.on('close', resolve).on('error', () => resolve(1)));
  return { code, output };
}

/** Goes on as the child; passes signals on and ends as it ends. */
async function handOver(args) {
  const child = spawn(node, [join(root, args[0]), ...args.slice(1)], {
    env: { ...environment, UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '16' },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the whole group; only a signal meant for us alone is passed on.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  process.exitCode = await new Promise((resolve) =>
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0))),
  );
}

function digest(files) {
  const sum = createHash('sha256');
  for (const file of files) sum.update(relative(root, file)).update(readFileSync(file));
  return sum.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder)
    .filter((name) => name !== 'dist' && name !== 'node_modules')
    .sort()
    .flatMap((name) => {
      const file = join(folder, name);
      return statSync(file).isDirectory() ? filesBelow(file) : [file];
    });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
