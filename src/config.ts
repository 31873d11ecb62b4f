import { existsSync, readFileSync } from 'node:fs';
import { isScalar, type Document, type LineCounter } from 'yaml';
import { z } from 'zod';
import { WanglouError } from './errors.ts';
import { DIGESTS } from './evidence/digest.ts';
import { LISTS, type ListName } from './registry/schema.ts';
import { parseYaml, yamlValues } from './yaml-text.ts';

/**
 * The one place that reads the environment and the configuration file. Every setting is a key of this schema; its
 * environment variable is WANGLOU_ and the key in capitals (`webPort` is WANGLOU_WEB_PORT) and wins over the file
 * (WANGLOU_CONFIG, default ./wanglou.yaml). Unknown keys are refused in both. docs/settings.md is generated from here.
 */
const port = z.coerce.number().int().min(0).max(65_535);
const positive = z.coerce.number().int().positive();
const path = z.string();
const onOff = z.enum(['on', 'off']).default('off');
const sasl = z.enum(['', 'plain', 'scram-sha-256', 'scram-sha-512']).default('');

const schema = z.strictObject({
  dataDir: path.default('./data').describe('Where the embedded log, the embedded store and secrets are kept.'),
  registryDir: path.default('').describe('Folder of registry YAML files; default `registry` in the data directory.'),
  host: z.string().default('127.0.0.1').describe('Address that every port listens on; 0.0.0.0 for all.'),
  webPort: port.default(8080).describe('Web app, REST API and live feed.'),
  intakePort: port.default(8088).describe('HTTP intake: /ingest, Elasticsearch _bulk.'),
  syslogPort: port.default(5514).describe('Syslog over UDP and TCP.'),
  syslogTlsPort: port.default(6514).describe('Syslog over TLS; listens when a certificate is set.'),
  storePort: port.default(8123).describe("The embedded store's ClickHouse HTTP interface (always on loopback)."),
  detectPort: port.default(9464).describe('Health of a separate detect program.'),
  tlsCert: path.default('').describe('Server certificate (PEM, with its chain) of every port that speaks TLS.'),
  tlsKey: path.default('').describe('Private key (PEM) of the certificate.'),
  tlsClientCa: path
    .default('')
    .describe('CA (PEM) of senders: syslog over TLS then takes no others, and the HTTP intake needs no token of them.'),
  tlsCrl: path.default('').describe('Certificates of that CA that are revoked (CRL, PEM); empty for none.'),
  webTls: onOff.describe('`on`: HTTPS on webPort, with tlsCert and tlsKey.'),
  intakeTls: onOff.describe('`on`: HTTPS on intakePort.'),
  publicOrigin: z.string().default('').describe('Origin under which browsers reach the web app, behind a proxy.'),
  trustedProxies: z
    .string()
    .refine(areNetworks, 'expected addresses or ranges, such as 192.0.2.7, 2001:db8::/48')
    .default('')
    .describe('Proxies before the web app: addresses or ranges whose X-Forwarded-For says who a client is.'),

  kafkaBrokers: z.string().default('').describe('Comma-separated brokers; empty for the embedded log.'),
  kafkaTls: onOff.describe('`on`: TLS to the brokers.'),
  kafkaCa: path.default('').describe('CA (PEM) of the brokers; empty for those that the system trusts.'),
  kafkaCert: path.default('').describe('Our certificate (PEM) for the brokers; empty for none.'),
  kafkaKey: path.default('').describe('Private key (PEM) of that certificate.'),
  kafkaSasl: sasl.describe('How to sign in to the brokers: plain, scram-sha-256, scram-sha-512; empty for not.'),
  kafkaUser: z.string().default('').describe('User at the brokers.'),
  kafkaPassword: z.string().default('').describe('Password of that user.'),
  kafkaTopicPrefix: z.string().default('wanglou.').describe('Prefix of all topics and consumer groups.'),
  kafkaReplication: positive.default(1).describe('Replication factor of topics that are created.'),
  partitions: z.coerce
    .number()
    .int()
    .min(1)
    .max(1024)
    .default(1)
    .describe('Partitions of `events`, fixed at first start.'),
  logKeepHours: positive.default(72).describe('Hours that the event log keeps what the store already has.'),
  logKeepGb: positive.default(20).describe('Size bound of the embedded log, GB (10⁹ bytes).'),

  clickhouseUrl: z.string().default('').describe('ClickHouse HTTP address; empty for the embedded store.'),
  clickhouseUser: z.string().default('default').describe('ClickHouse user.'),
  clickhousePassword: z.string().default('').describe('ClickHouse password; the embedded store draws its own.'),
  clickhouseSqlUser: z
    .string()
    .default('')
    .describe('ClickHouse user for the SQL of people (docs/sql.md); empty for `clickhouseUser`.'),
  clickhouseSqlPassword: z.string().default('').describe('Password of that user.'),
  clickhouseCa: path.default('').describe('CA (PEM) of the server; empty for those that the system trusts.'),
  clickhouseCert: path.default('').describe('Our certificate (PEM) for the server; empty for none.'),
  clickhouseKey: path.default('').describe('Private key (PEM) of that certificate.'),
  clickhouseDatabase: z.string().default('wanglou').describe('Database name.'),
  storeMemoryMb: positive.default(3_000).describe('Memory that the embedded store may use, MB.'),
  retentionDays: z.coerce
    .number()
    .int()
    .min(183, 'the law wants network logs kept for at least six months: 183 days')
    .default(400)
    .describe(
      'Days that events are kept, at least 183. With `access: full`, this and its like are lowered only when an administrator agrees.',
    ),
  auditRetentionDays: z.coerce
    .number()
    .int()
    .min(183, 'the law wants records of the platform itself kept for at least six months: 183 days')
    .default(1_826)
    .describe('Days that the audit trail of the platform itself is kept, at least 183.'),
  exportQuotaGb: positive.default(20).describe('Room for exported files in the data directory, GB (10⁹ bytes).'),
  exportKeepDays: positive.default(7).describe('Days after which an exported file is deleted.'),
  exportsPerPerson: positive.default(5).describe('Exports of one account that may wait or run at once.'),

  sharingRetentionDays: z.coerce
    .number()
    .int()
    .min(1_096, 'the law wants records of sharing kept for at least three years: 1096 days')
    .default(1_125)
    .describe('Days that the ledger of what was passed on to whom is kept, at least 1096.'),
  recordRetentionDays: z.coerce
    .number()
    .int()
    .min(1_096, 'findings, decisions and incidents must be kept for at least three years: 1096 days')
    .default(1_826)
    .describe(
      'Days that findings, decisions about them, incidents and sealed records are kept, at least 1096. Seals outlive all.',
    ),
  sealDigest: z
    .enum(DIGESTS)
    .default('sha256')
    .describe('Digest of seals: sha256, or sm3 (GB/T 32905). A chain may change from one to the other.'),
  sealKeyFile: path
    .default('')
    .describe('Ed25519 private key (PEM) that signs seals; default `access/seal-key.pem` in the data directory.'),
  sealFile: path.default('').describe('File, best on another machine, that every seal is appended to; empty for none.'),
  sealSyslog: z
    .string()
    .regex(/^(.+:\d{1,5})?$/, 'expected host:port')
    .default('')
    .describe('Syslog server (RFC 5424 over TCP, host:port) that every seal is sent to; empty for none.'),
  sealUrl: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('')
    .describe('HTTP address that every seal is posted to; empty for none.'),

  timeZone: z.string().default('Asia/Shanghai').describe('Zone of sources and departments that name none.'),
  reportWithin: z
    .enum(['1h', '2h', '4h'])
    .default('4h')
    .describe(
      'How soon an incident must be reported: 1h critical infrastructure, 2h central and state organs, 4h others.',
    ),
  browser: path
    .default('')
    .describe('Chromium that prints reports as PDF; empty to look for one in PATH. Without one there is the HTML.'),
  maxRecordBytes: positive.default(65_536).describe('Longer records are truncated, with length and hash kept.'),
  maxBodyBytes: positive.default(33_554_432).describe('Largest HTTP body, also after decompression.'),
  maxConnections: positive
    .default(10_000)
    .describe('Open connections at each port; fewer where fewer files may be open.'),
  maxConnectionsPerAddress: positive
    .default(2_000)
    .describe('Of those, how many one IPv4 address or IPv6 /64 network may have; more for a load balancer in front.'),
  maxPendingMb: positive.default(128).describe('Accepted but not yet durable data before senders are slowed, MB.'),
  checkpointMs: positive.default(2_000).describe('How often detector states and positions are made durable.'),
  coverageMs: positive
    .max(10_000)
    .default(5_000)
    .describe('How often the coverage ledger is written; what a collector refused since is lost when it is killed.'),
  forgetDuplicatesAfter: positive.default(1_000_000).describe('Ids per partition in which a repeated event is known.'),

  access: z
    .enum(['trial', 'full'])
    .default('trial')
    .describe('`trial`: one account that does everything. `full`: people with roles, three separate administrators.'),
  revealApproval: z
    .enum(['required', 'none'])
    .default('required')
    .describe('With `access: full`: whether another person agrees before an event is shown unmasked.'),
  operatorPassword: z
    .string()
    .default('')
    .describe('Trial: password of the account `operator`; empty for one-time codes.'),
  oidcIssuer: z
    .string()
    .refine(isIssuer, 'expected https:// (http:// on loopback only), without ? and #')
    .default('')
    .describe('OpenID Connect provider that signs people in, with `access: full`; empty for none.'),
  oidcName: z.string().max(40).default('SSO').describe('What people call the provider.'),
  oidcClientId: z.string().default('').describe('Our client id at the provider.'),
  oidcClientSecret: z.string().default('').describe('Our secret there; empty for a public client.'),
  oidcClientSecretFile: path.default('').describe('File that holds the secret, in place of the setting.'),
  oidcScopes: z.string().default('openid profile').describe('Scopes to ask for.'),
  oidcPersonClaim: z
    .string()
    .min(1)
    .default('preferred_username')
    .describe('Claim that says who somebody is: the account or its person must be the same when it is activated.'),
  oidcSecondFactor: z
    .string()
    .regex(/\S/, 'name at least one value')
    .default('mfa')
    .describe(
      'Values of `acr` or `amr`, separated by spaces, of which one proves a second factor; without, no sign-in.',
    ),
  ingestToken: z.string().default('').describe('Token that senders use; empty to draw one into the data directory.'),
  apiToken: z.string().default('').describe('Token for scripts that read the API; empty to draw one.'),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info').describe('Own log.'),

  files: z
    .array(z.strictObject({ path: z.string(), source: z.string().default('') }))
    .default([])
    .describe('Files to follow: path or glob, and the registry id of the source.'),
  topics: z
    .array(
      z.strictObject({
        brokers: z.string(),
        topic: z.string(),
        group: z.string().default(''),
        source: z.string(),
        tls: onOff,
        ca: path.default(''),
        cert: path.default(''),
        key: path.default(''),
        sasl,
        user: z.string().default(''),
        password: z.string().default(''),
      }),
    )
    .refine(haveOwnGroups, 'each topic needs a group of its own; leave `group` out for `wanglou-<topic>`')
    .default([])
    .describe(
      'Kafka topics of others to take events from: brokers, topic, group, source; tls, ca, cert, key, sasl, user, password.',
    ),
  catalogues: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        url: z.string(),
        view: z.string().regex(/^[^.]+(\.[^.]+)?$/, 'expected a view, with or without its schema'),
        list: z.enum(LISTS as [ListName, ...ListName[]]),
        columns: z.record(z.string(), z.string()).default({}),
        everyMinutes: z.number().positive().default(60),
      }),
    )
    .default([])
    .describe('PostgreSQL views to take registry entries from: name, url, view, list, columns, everyMinutes.'),
  detectors: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .default({})
    .describe('Settings by detector name; see detectors/README.md.'),
});

function areNetworks(text: string): boolean {
  const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);
  return text === '' || text.split(',').every((one) => network.safeParse(one.trim()).success);
}

/** What travels to the provider must not be read on the way. */
function isIssuer(text: string): boolean {
  if (text === '') return true;
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash } = new URL(text);
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  return (protocol === 'https:' || (protocol === 'http:' && isLoopback)) && search === '' && hash === '';
}

/** Members of a group that read different topics would take partitions from each other. */
function haveOwnGroups(topics: readonly { brokers: string; group: string }[]): boolean {
  const named = topics.filter(({ group }) => group !== '').map(({ brokers, group }) => `${brokers} ${group}`);
  return new Set(named).size === named.length;
}

export type Config = z.infer<typeof schema>;

/** `catalogues` have passwords in their addresses, `topics` may have some of their own. */
const SECRETS = new Set<string>([
  'clickhousePassword',
  'clickhouseSqlPassword',
  'kafkaPassword',
  'operatorPassword',
  'ingestToken',
  'apiToken',
  'oidcClientSecret',
  'sealUrl',
  'catalogues',
  'topics',
]);

/** `webPort` → `WANGLOU_WEB_PORT`. */
export function variableOf(key: string): string {
  return `WANGLOU_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/**
 * @param detectors the settings of each detector by its name; without them those are taken unchecked.
 * @throws WanglouError WL_CONFIG_INVALID that names file and line or variable, field, value and remedy.
 */
export function readConfig(
  environment: Record<string, string | undefined> = process.env,
  detectors?: ReadonlyMap<string, z.ZodType>,
): Config {
  const file = environment['WANGLOU_CONFIG'] ?? 'wanglou.yaml';
  const fromFile = readFile(file, environment['WANGLOU_CONFIG'] !== undefined);
  const values = { ...fromFile.values, ...readVariables(environment) };
  const full = detectors === undefined ? schema : schema.extend({ detectors: settingsOf(detectors) });
  const result = full.safeParse(values);
  if (!result.success) throw invalid(result.error.issues[0]!, values, environment, fromFile.lineOf, detectors);
  const config: Config = { ...result.data, detectors: result.data.detectors as Config['detectors'] };
  expectPairs(config);
  if (config.access === 'full' && config.operatorPassword !== '')
    throw new WanglouError(
      'WL_CONFIG_INVALID',
      'operatorPassword is set, but with access: full there is no such account',
      {
        remedy: 'Leave operatorPassword out; the first administrators get activation codes.',
      },
    );
  checkSignOn(config);
  return { ...config, registryDir: config.registryDir || `${config.dataDir}/registry` };
}

function checkSignOn({ access, oidcIssuer, oidcClientId, oidcClientSecret, oidcClientSecretFile }: Config): void {
  const refuse = (message: string, remedy: string): never => {
    throw new WanglouError('WL_CONFIG_INVALID', message, { remedy });
  };
  if (oidcIssuer === '') return;
  if (access !== 'full') refuse('oidcIssuer is set, but a trial has no accounts of people', 'Set access: full.');
  if (oidcClientId === '') refuse('oidcIssuer is set, but oidcClientId is not', 'Register us with the provider.');
  if (oidcClientSecret !== '' && oidcClientSecretFile !== '')
    refuse('oidcClientSecret and oidcClientSecretFile are both set', 'Leave one of them out.');
}

/** @throws WanglouError WL_CONFIG_INVALID for a certificate without its key, and for TLS without a certificate. */
function expectPairs(config: Config): void {
  for (const [cert, key] of [
    ['tlsCert', 'tlsKey'],
    ['kafkaCert', 'kafkaKey'],
    ['clickhouseCert', 'clickhouseKey'],
  ] as const)
    if ((config[cert] === '') !== (config[key] === ''))
      throw new WanglouError('WL_CONFIG_INVALID', `${cert} and ${key} belong together, but only one of them is set`);
  if (config.clickhouseCert !== '' && config.clickhouseCa === '')
    throw new WanglouError('WL_CONFIG_INVALID', 'clickhouseCert is set, but clickhouseCa is not', {
      remedy: 'Set clickhouseCa to the PEM file of the CA that the server has its certificate from.',
    });
  for (const port of ['webTls', 'intakeTls'] as const)
    if (config[port] === 'on' && config.tlsCert === '')
      throw new WanglouError('WL_CONFIG_INVALID', `${port} is on, but tlsCert is not set`, {
        remedy: 'Set tlsCert and tlsKey to the PEM files of the certificate.',
      });
}

/** Unknown detectors and settings are refused, as everywhere in the configuration. */
function settingsOf(detectors: ReadonlyMap<string, z.ZodType>): z.ZodType {
  const strict = [...detectors].map(
    ([name, settings]) => [name, (settings instanceof z.ZodObject ? settings.strict() : settings).optional()] as const,
  );
  return z.strictObject(Object.fromEntries(strict)).default({});
}

/** The configuration for people: secrets hidden. */
export function printable(config: Config): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      SECRETS.has(key) && value !== '' && !(Array.isArray(value) && value.length === 0) ? '(hidden)' : value,
    ]),
  );
}

/** docs/settings.md. */
export function settingsTable(): string {
  const rows = Object.entries(schema.shape).map(([key, type]) => {
    const value: unknown = type.safeParse(undefined).data;
    const shown = value === '' ? '' : `\`${JSON.stringify(value).replaceAll('"', '')}\``;
    return `| \`${key}\` | ${shown} | ${type.description ?? ''} |`;
  });
  return [
    '# Settings',
    '',
    'Generated by `npm run -s wanglou -- settings --table`. `webPort` is `WANGLOU_WEB_PORT` in the environment and `webPort:` in `wanglou.yaml`. A password or token can be read from a file: `WANGLOU_CLICKHOUSE_PASSWORD_FILE` names it.',
    '',
    '| setting | default | what |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
}

interface FileValues {
  values: Record<string, unknown>;
  lineOf: (field: readonly PropertyKey[]) => string;
}

function readFile(file: string, required: boolean): FileValues {
  if (!existsSync(file)) {
    if (required) throw new WanglouError('WL_FILE_UNREADABLE', `WANGLOU_CONFIG names ${file}, which does not exist`);
    return { values: {}, lineOf: () => '' };
  }
  const { document, lines, faults } = parseYaml(readFileSync(file, 'utf8'));
  const [fault] = faults;
  if (fault) throw new WanglouError('WL_CONFIG_INVALID', `${file}:${fault.line}: ${fault.message}`);
  const values: unknown = valuesOf(document, file) ?? {};
  if (typeof values !== 'object' || Array.isArray(values))
    throw new WanglouError('WL_CONFIG_INVALID', `${file}:1: settings are expected as "name: value" lines`);
  return { values: values as Record<string, unknown>, lineOf: (field) => lineOf(document, lines, file, field) };
}

function valuesOf(document: Document, file: string): unknown {
  try {
    return yamlValues(document);
  } catch (cause) {
    throw new WanglouError('WL_CONFIG_INVALID', `${file}: ${(cause as Error).message}`, { cause });
  }
}

function lineOf(document: Document, lines: LineCounter, file: string, field: readonly PropertyKey[]): string {
  for (let depth = field.length; depth > 0; depth--) {
    const node = document.getIn(field.slice(0, depth), true);
    const range = isScalar(node) || (node && typeof node === 'object' && 'range' in node) ? node.range : undefined;
    if (Array.isArray(range)) return `${file}:${lines.linePos(range[0] as number).line}: `;
  }
  return `${file}: `;
}

const NO_SETTINGS = /^WANGLOU_(CONFIG$|TEST_)/;

/** Variables that are settings of ours; WANGLOU_CONFIG and WANGLOU_TEST_* are not settings. */
function readVariables(environment: Record<string, string | undefined>): Record<string, string> {
  const keyOf = new Map(Object.keys(schema.shape).map((key) => [variableOf(key), key]));
  const values: Record<string, string> = {};
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith('WANGLOU_') || NO_SETTINGS.test(variable) || value === undefined) continue;
    const key = keyOf.get(variable);
    const secret = keyOf.get(variable.replace(/_FILE$/, ''));
    if (key === undefined && secret !== undefined && SECRETS.has(secret)) {
      values[secret] = readSecret(variable, value);
      continue;
    }
    if (key === undefined)
      throw new WanglouError('WL_CONFIG_INVALID', `${variable} is no setting${nearest(variable, [...keyOf.keys()])}`);
    values[key] = value;
  }
  return values;
}

/** A secret from a file, so that no process list or environment shows it. */
function readSecret(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new WanglouError('WL_FILE_UNREADABLE', `${variable} names ${file}, which can not be read`, { cause });
  }
}

function invalid(
  issue: z.core.$ZodIssue,
  values: Record<string, unknown>,
  environment: Record<string, string | undefined>,
  line: FileValues['lineOf'],
  detectors: ReadonlyMap<string, z.ZodType> = new Map(),
): WanglouError {
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const where = line([...issue.path, key]);
    const name = [...issue.path, key].join('.');
    return new WanglouError(
      'WL_CONFIG_INVALID',
      `${where}${name} is no setting${nearest(key, namesAt(issue.path, detectors))}`,
    );
  }
  const key = String(issue.path[0]);
  const variable = variableOf(key);
  const where = environment[variable] === undefined ? line(issue.path) : `${variable}: `;
  const value = SECRETS.has(key) ? '(hidden)' : JSON.stringify(issue.path.reduce<unknown>(step, values));
  return new WanglouError('WL_CONFIG_INVALID', `${where}${issue.path.join('.')} is ${value}: ${issue.message}`);
}

/** Folders in which programs are looked for. */
export function searchPath(): string {
  return process.env['PATH'] ?? '';
}

/** What may stand at a place of the configuration. */
function namesAt(path: readonly PropertyKey[], detectors: ReadonlyMap<string, z.ZodType>): string[] {
  if (path.length === 0) return Object.keys(schema.shape);
  if (path[0] !== 'detectors') return [];
  const settings = path.length === 1 ? undefined : detectors.get(String(path[1]));
  return settings instanceof z.ZodObject ? Object.keys(settings.shape) : [...detectors.keys()];
}

function step(value: unknown, part: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined;
}

/** "; did you mean …?" when a known name is at most three edits away. */
function nearest(name: string, known: readonly string[]): string {
  const [best] = known.map((other) => ({ other, edits: editDistance(name, other) })).sort((a, b) => a.edits - b.edits);
  return best && best.edits <= 3 ? `; did you mean ${best.other}?` : '';
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
