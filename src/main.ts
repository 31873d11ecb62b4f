import { Command, Option } from 'commander';
import pino from 'pino';
import { configSchemaWith } from './config-schema.ts';
import { printable, readConfig, settingsTable, type Config } from './config.ts';
import { WanglouError } from './errors.ts';
import { logMasker, readMasker } from './masking.ts';
import { ask } from './ask.ts';
import { askLocal } from './local-server.ts';
import type { EvidenceCommand, KeyCommand } from './evidence-command.ts';
import { settingsScope } from './detection/settings-versions.ts';
import { askServe, parseChanges } from './settings-command.ts';
import { REFUSED_CODE, type ReadyMessage } from './supervisor.ts';
import { up } from './up.ts';
import type { WatchCommand } from './watch/watch-command.ts';
import type { Running } from './wire-common.ts';

/** Nobody may be left to end a program that can not stop by itself. */
const STOP_LIMIT_MS = 30_000;
const NOT_ALLOWED_CODE = 77;

/** The command line: starts and stops, nothing else. */
const program = new Command('wanglou').description('Security situational-awareness event monitor').version('0.1.0');

program
  .command('up')
  .description('run everything on this machine with the embedded log and store')
  .action(() => guarded(async (config) => up(config, {})));

program
  .command('demo')
  .description('the same, plus a simulated government platform that sends its logs')
  .option('--seed <n>', 'which simulated platform and day', '7')
  .option('--speed <n>', 'how many times faster than life the day runs', '')
  .action((options: { seed: string; speed: string }) => guarded(async (config) => up(config, { demo: options })));

/** Loaded only by the commands that run a program: it brings every part along. */
const wiring = () => import('./wiring.ts');

const programs = [
  ['pipeline', 'collect and detect in one process, on the embedded log', async () => (await wiring()).startPipeline],
  ['collect', 'receive, parse, append and acknowledge', async () => (await wiring()).startCollect],
  ['detect', 'judge events, write events and findings to the store', async () => (await wiring()).startDetect],
  ['store', 'own the embedded store and serve its ClickHouse HTTP interface', async () => (await wiring()).startStore],
  ['serve', 'web app, REST API and live feed', async () => (await import('./wire-serve.ts')).startServe],
] as const;
for (const [name, description, load] of programs)
  program
    .command(name)
    .description(`program: ${description}`)
    .action(() => guarded(async (config) => runProgram(name, config, await load())));

program
  .command('health <program>')
  .description('ask a running program whether it is ready (collect, detect or serve)')
  .action((name: string) => guarded((config) => health(config, name)));

program
  .command('query <sql>')
  .description('ask the store, in ClickHouse SQL')
  .option('--format <name>', 'ClickHouse output format', 'PrettyCompactMonoBlock')
  .action((sql: string, options: { format: string }) => guarded((config) => ask(config, sql, options.format)));

program
  .command('detectors')
  .description('print the catalogue of detectors as Markdown')
  .action(() =>
    guarded(async () => {
      const { catalogueMarkdown } = await import('./detection/catalogue.ts');
      const { detectors } = await import('../detectors/index.ts');
      console.log(catalogueMarkdown(detectors));
    }),
  );

program
  .command('permissions')
  .description('print which role has which permission, as Markdown')
  .action(() =>
    guarded(async () => {
      const { permissionsTable } = await import('./access/permissions-table.ts');
      console.log(permissionsTable());
    }),
  );

const settings = program
  .command('settings')
  .description('print the configuration in force (secrets hidden), or the table of all settings')
  .option('--table', 'the table, as Markdown')
  .action((options: { table?: boolean }) =>
    guarded(async (config) =>
      console.log(options.table ? settingsTable() : JSON.stringify(printable(config), null, 2)),
    ),
  );

const registry = program.command('registry').description('the registry of assets, grants, vendors, accounts, …');

registry
  .command('subject <identifier>')
  .description('print the keyed hash that events carry for a person, for watch tags')
  .action((identifier: string) =>
    guarded(async (config) => {
      const { readSubjectKey } = await import('./access/subject-key.ts');
      const { DataSubjects } = await import('./event/data-subjects.ts');
      console.log(new DataSubjects(await readSubjectKey(config.dataDir)).hashOf(identifier));
    }),
  );

registry
  .command('import <path>')
  .description('import a CSV or XLSX file, or a folder of them called as their lists: all or nothing')
  .option('--list <name>', 'list that the file is for; without it the name of the file says so')
  .option('--complete', 'the file has the whole list: what it does not name ends now')
  .option('--dry-run', 'print what would change, and change nothing')
  .action((path: string, options: { list?: string; complete?: boolean; dryRun?: boolean }) =>
    guarded(async (config) => {
      const { importIntoRegistry } = await import('./import-command.ts');
      await importIntoRegistry(config, path, options);
    }),
  );

registry
  .command('catalogue [name]')
  .description('take the configured catalogues (or the named one) over now')
  .option('--dry-run', 'print what would change, and change nothing')
  .action((name: string | undefined, options: { dryRun?: boolean }) =>
    guarded(async (config) => {
      const { takeCataloguesOver } = await import('./import-command.ts');
      await takeCataloguesOver(config, name, options.dryRun === true);
    }),
  );

settings
  .command('versions')
  .description('list the versions of detector settings by scope: who, when, why, from when on (asks serve)')
  .option('--detector <name>', 'of one detector')
  .action((options: { detector?: string }) =>
    guarded(async (config) => {
      const query = options.detector === undefined ? '' : `?detector=${encodeURIComponent(options.detector)}`;
      print(await askServe(config, 'GET', `/settings${query}`));
    }),
  );

settings
  .command('change')
  .description('change settings of a detector for a scope, from a moment of ingest time on (asks serve)')
  .requiredOption('--detector <name>', 'which detector')
  .requiredOption('--why <text>', 'the reason, for the record')
  .option('--set <name=value...>', 'settings that differ; none takes the override of the scope back')
  .option('--department <id>', 'only for actors of the department')
  .option('--asset-level <level>', 'only for assets of the level')
  .option('--vendor <id>', 'only for actors of the vendor')
  .option('--from <time>', 'ingest time from which it holds; as soon as possible when left out')
  .action((options: SettingsOptions) =>
    guarded(async (config) => {
      const { detector, why, department, assetLevel, vendor, from: effectiveFrom } = options;
      const changes = options.set === undefined ? null : parseChanges(options.set);
      const body = { detector, why, effectiveFrom, scope: { department, assetLevel, vendor }, settings: changes };
      print(await askServe(config, 'POST', '/settings', body));
    }),
  );

const token = program.command('token').description('tokens of senders, each for one source (asks serve)');

token
  .command('create')
  .description('make a token: it is printed once and kept nowhere')
  .requiredOption('--source <id>', 'source of the registry that it appends for')
  .option('--network <range...>', 'addresses or CIDR ranges that it may be used from; anywhere when left out')
  .option('--expires <time>', 'until when it is good; for ever when left out')
  .action(({ source, network: networks, expires }: { source: string; network?: string[]; expires?: string }) =>
    guarded(async (config) => print(await askServe(config, 'POST', '/sender-tokens', { source, networks, expires }))),
  );

token
  .command('list')
  .description('list them: source, state, last use; never the tokens themselves')
  .action(() => guarded(async (config) => print(await askServe(config, 'GET', '/sender-tokens'))));

token
  .command('revoke <id>')
  .description('make a token worthless within a second')
  .action((id: string) =>
    guarded(async (config) =>
      print(await askServe(config, 'POST', `/sender-tokens/${encodeURIComponent(id)}/revoke`, {})),
    ),
  );

const evidence = program.command('evidence').description('what is sealed, to be shown elsewhere');

evidence
  .command('export')
  .description('write an evidence export of a range of time into a folder; `wanglou verify` checks it')
  .requiredOption('--from <time>', 'of events the time of ingest')
  .requiredOption('--to <time>', 'all blocks with a record before that time')
  .requiredOption('--out <folder>', 'where to')
  .requiredOption('--why <text>', 'the reason, for the record')
  .option('--streams <names...>', 'of events, findings, triage, incidents, audit, registry, reports; all when left out')
  .action((options: EvidenceCommand) =>
    guarded(async (config) => {
      const { exportEvidence } = await import('./evidence-command.ts');
      await exportEvidence(config, options);
    }),
  );

evidence
  .command('key')
  .description('print the public key that seals are verified with, to be kept elsewhere')
  .action(() =>
    guarded(async (config) => {
      const { printPublicKey } = await import('./evidence-command.ts');
      await printPublicKey(config);
    }),
  );

evidence
  .command('rotate-key')
  .description('draw the next seal key, to which the next seal hands over, and print its public key')
  .requiredOption('--why <text>', 'the reason, for the record')
  .action((options: KeyCommand) =>
    guarded(async (config) => {
      const { rotateSealKey } = await import('./evidence-command.ts');
      await rotateSealKey(config, options);
    }),
  );

evidence
  .command('replace-key')
  .description('put a new seal key in the place of one that was lost or stolen: trust begins anew there')
  .requiredOption('--why <text>', 'what happened, for the record and for the chain')
  .option('--old-public-key <file>', 'the public key of before, when its private key is gone')
  .action((options: KeyCommand) =>
    guarded(async (config) => {
      const { replaceSealKey } = await import('./evidence-command.ts');
      await replaceSealKey(config, options);
    }),
  );

program
  .command('verify [arguments...]')
  .description('verify an evidence export or an inclusion proof; `verify --help` says how')
  .allowUnknownOption()
  .helpOption(false)
  .action(async (args: string[]) => {
    const { runVerifier } = await import('./verifier/main.ts');
    await runVerifier(args);
  });

program
  .command('backtest')
  .description('judge stored events again, with other settings: what would be raised, what would be gone')
  .option('--detector <name>', 'only this detector')
  .option('--set <name=value...>', 'its settings to try')
  .option('--department <id>', 'try them only for actors of the department')
  .option('--asset-level <level>', 'try them only for assets of the level')
  .option('--vendor <id>', 'try them only for actors of the vendor')
  .option('--from <time>', 'ingest time; a week before `to` when left out')
  .option('--to <time>', 'ingest time; now when left out')
  .option('--warm-up-days <n>', 'days before `from` that make baselines and states', '28')
  .option('--analysts <n>', 'people who share the findings', '1')
  .option('--json', 'the report as JSON')
  .action((options: BacktestOptions) =>
    guarded(async (config) => {
      const { reportText } = await import('./backtest-report.ts');
      const masker = await readMasker(config.dataDir);
      const report = masker.data(await backtestWith(options, config));
      console.log(options.json === true ? JSON.stringify(report, null, 2) : reportText(report));
    }),
  );

program
  .command('watch')
  .description('print findings, incidents and changes of health as they come (asks serve); Ctrl-C ends')
  .option(
    '--topics <list>',
    'of posture, findings, incidents, sources, rates, health',
    'posture,findings,incidents,health',
  )
  .option('--severity <name>', 'at least: low, medium, high or critical')
  .option('--department <ids>', 'only of these departments')
  .option('--vendor <ids>', 'only of these vendors')
  .option('--system <ids>', 'only of these systems')
  .option('--detector <names>', 'only of these detectors')
  .option('--status <list>', 'only those that are new, acknowledged, closed or reopened')
  .option('--json', 'one JSON object a line')
  .addOption(
    new Option('--lang <language>', 'language of the lines; that of the locale when left out').choices(['zh', 'en']),
  )
  .action((options: WatchCommand) =>
    guarded(async (config) => {
      const { watchWith } = await import('./watch/watch-command.ts');
      await watchWith(options, config);
    }),
  );

program
  .command('forecast')
  .description('forecasts of findings, data use, streams and vendor risk')
  .command('report')
  .description(
    'forecast every day of a simulated year: error against naive and what the 80 % interval holds, per series',
  )
  .option('--seed <n>', 'which simulated platform and year', '7')
  .option('--year <year>', 'whose holidays and make-up days', '2025')
  .action((options: { seed: string; year: string }) =>
    guarded(async () => {
      const { forecastReport } = await import('./forecast-command.ts');
      console.log(await forecastReport(options, (name, done, all) => console.error(`${done} of ${all}: ${name}`)));
    }),
  );

await program.parseAsync();

interface SettingsOptions {
  detector: string;
  why: string;
  set?: string[];
  department?: string;
  assetLevel?: string;
  vendor?: string;
  from?: string;
}

interface BacktestOptions extends Omit<SettingsOptions, 'detector' | 'why'> {
  detector?: string;
  to?: string;
  warmUpDays: string;
  analysts: string;
  json?: boolean;
}

/** Tells how far it is on the error stream, at most once a second. */
async function backtestWith(options: BacktestOptions, config: Config) {
  const { progressText } = await import('./backtest-command.ts');
  const { runBacktest } = await wiring();
  const { detector, department, assetLevel, vendor, from, to } = options;
  const scope = settingsScope.parse({ department, assetLevel, vendor });
  const settings = options.set && parseChanges(options.set);
  const [warmUpDays, analysts] = [Number(options.warmUpDays), Number(options.analysts)];
  let saidAt = 0;
  return runBacktest(
    config,
    pino({ level: config.logLevel, hooks: { streamWrite: logMasker() } }, pino.destination(2)),
    { detector, settings, scope, from, to, warmUpDays, analysts },
    (progress) => {
      if (Date.now() - saidAt < 1_000 && progress.events < progress.total) return;
      saidAt = Date.now();
      console.error(progressText(progress));
    },
  );
}

function print(answer: unknown): void {
  console.log(JSON.stringify(answer, null, 2));
}

/** Reads the configuration, runs, and turns an error for people into one clear line and an exit code. */
async function guarded(run: (config: Config) => Promise<unknown>): Promise<void> {
  try {
    const { detectors } = await import('../detectors/index.ts');
    await run(readConfig(undefined, configSchemaWith(detectors)));
  } catch (error) {
    if (!(error instanceof WanglouError)) throw error;
    console.error(logMasker()(`wanglou: ${error.message} (${error.code})\n  ${error.remedy}`));
    process.exit(exitCodeOf(error));
  }
}

/** As sysexits has them: what was asked for is wrong, who asks may not, anything else. */
function exitCodeOf({ code }: WanglouError): number {
  if (code.endsWith('_INVALID')) return REFUSED_CODE;
  return code === 'WL_UNAUTHORIZED' ? NOT_ALLOWED_CODE : 1;
}

/** Runs one program until a signal, or until the supervisor that started it is gone. */
async function runProgram(
  name: string,
  config: Config,
  start: (config: Config, log: pino.Logger) => Promise<Running>,
): Promise<void> {
  const log = pino({ level: config.logLevel, base: { program: name }, hooks: { streamWrite: logMasker() } });
  const asked = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve(signal));
    process.on('disconnect', () => resolve('the supervisor is gone'));
  });
  const running = await Promise.race([start(config, log), asked.then(() => undefined)]);
  if (running === undefined) {
    log.info({ reason: await asked }, 'stopped before it was ready');
    process.exit(0);
  }
  const message: ReadyMessage = { ready: true, where: running.where, ...(running.code ? { code: running.code } : {}) };
  process.send?.(message);
  log.info({ where: running.where }, 'ready');
  log.info({ reason: await asked }, 'stopping');
  setTimeout(() => process.exit(70), STOP_LIMIT_MS).unref();
  await running.stop();
  process.exit(0);
}

async function health(config: Config, name: string): Promise<void> {
  const ports: Record<string, number> = {
    collect: config.intakePort,
    detect: config.detectPort,
    serve: config.webPort,
  };
  const port = ports[name];
  if (port === undefined)
    throw new WanglouError('WL_NOT_FOUND', `${name} is no program with a health route`, {
      remedy: `Name one of ${Object.keys(ports).join(', ')}.`,
    });
  const isTls = { collect: config.intakeTls, detect: 'off', serve: config.webTls }[name] === 'on';
  const answer = await askLocal({ port, path: '/health', tls: isTls ? config : undefined }).catch((error: unknown) => {
    throw new WanglouError('WL_NOT_FOUND', `${name} does not answer on port ${port}`, {
      remedy: 'Start it, or set the port that it listens on.',
      cause: error,
    });
  });
  console.log(answer.text);
  if (!answer.ok) process.exitCode = 1;
}
