import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isatty } from 'node:tty';
import { variableOf } from './config-schema.ts';
import type { Config } from './config.ts';
import { WanglouError } from './errors.ts';
import { activationCodesPath } from './keep-people.ts';
import { REFUSED_CODE, Supervisor } from './supervisor.ts';

const entry = fileURLToPath(new URL('./main.ts', import.meta.url));

/** The embedded mode's programs, in the order in which they start. */
const PROGRAMS = [
  { name: 'store', title: 'store' },
  { name: 'pipeline', title: 'collect + detect' },
  { name: 'serve', title: 'serve' },
];

/** Runs everything on this machine until Ctrl-C; with `demo`, a simulated platform sends its logs to the real ports. */
export async function up(config: Config, options: { demo?: { seed: string; speed: string } }): Promise<void> {
  const began = performance.now();
  const print = (line: string): void => console.log(line);
  print('望楼 Wanglou — security situational awareness for government data platforms');
  if (options.demo) {
    const { writeDemoRegistry } = await import('../demo/main.ts');
    await writeDemoRegistry(config.registryDir, Number(options.demo.seed));
  }
  const supervisor = new Supervisor(PROGRAMS, {
    entry,
    logDir: join(config.dataDir, 'log'),
    environment: environment(),
    print,
  });
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  const ending = new AbortController();
  const ready = await Promise.race([supervisor.start(), asked]).catch((error: unknown) => error as Error);
  if (ready instanceof Map) {
    print(`  ready after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    print(invitation(config, await waysIn(config, ready.get('serve')?.code ?? '')));
    if (options.demo) void playDemo(config, options.demo, ending.signal, print);
    await asked;
  }
  print(ready instanceof Error ? `  ${ready.message}; stopping …` : isatty(1) ? '\n  stopping …' : '  stopping …');
  ending.abort();
  await supervisor.stop();
  print('  stopped');
  process.exit(ready instanceof Error ? REFUSED_CODE : 0);
}

async function playDemo(
  config: Config,
  demo: { seed: string; speed: string },
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<void> {
  if (config.webTls === 'on' || config.intakeTls === 'on')
    throw new WanglouError('WL_CONFIG_INVALID', 'webTls or intakeTls is on, and the demo speaks plain HTTP', {
      remedy: 'Play the demo without them.',
    });
  const { runDemo } = await import('../demo/main.ts');
  const { readTokens } = await import('./access/tokens.ts');
  const { ingest, api } = await readTokens(config);
  await runDemo({
    host: config.host,
    ports: { syslog: config.syslogPort, intake: config.intakePort },
    token: ingest,
    api: { url: `http://${config.host}:${config.webPort}`, token: api },
    seed: Number(demo.seed),
    ...(demo.speed === '' ? {} : { speed: Number(demo.speed) }),
    signal,
    print,
  });
}

/** What the children inherit: chDB needs threads for queries beside inserts. */
function environment(): Record<string, string> {
  // eslint-disable-next-line no-restricted-properties -- handed on, not read: PATH, HOME, WANGLOU_*
  return { ...(process.env as Record<string, string>), UV_THREADPOOL_SIZE: '16' };
}

/** How people sign in: one line each. */
async function waysIn(config: Config, code: string): Promise<string[]> {
  const web = `${config.webTls === 'on' ? 'https' : 'http'}://${config.host}:${config.webPort}/`;
  if (code !== '') return [`${web}#code=${code}`, 'this sign-in works once'];
  if (config.access === 'trial')
    return [web, `sign in as operator with the password of ${variableOf('operatorPassword')}`];
  const codes = await readFile(activationCodesPath(config), 'utf8').catch(() => '');
  const links = codes
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [`${web}#account=${line.replace(' ', '&activation=')}`]));
  return links.length === 0
    ? [web]
    : [web, 'each administrator once, by a person of their own, within 72 hours:', ...links];
}

function invitation(config: Config, waysIn: readonly string[]): string {
  const intake = `${config.intakeTls === 'on' ? 'https' : 'http'}://${config.host}:${config.intakePort}`;
  const token = join(config.dataDir, 'access/ingest-token');
  return `
  Open    ${waysIn.join('\n          ')}
  Send    logger -n ${config.host} -T -P ${config.syslogPort} "hello from $(hostname)"
          curl -H "Authorization: Bearer $(cat ${token})" --data-binary @events.ndjson ${intake}/ingest
  Ask     npm run -s wanglou -- query "SELECT time, source, message FROM events_once ORDER BY ingest_time DESC LIMIT 5"
  Stop    Ctrl-C
`;
}
