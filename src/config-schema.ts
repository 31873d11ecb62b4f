import { z } from 'zod';
import { DIGESTS } from './evidence/digest.ts';
import { LISTS, type ListName } from './registry/schema.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const positive = z.coerce.number().int().positive();
const path = z.string();
const onOff = z.enum(['on', 'off']).default('off');
const sasl = z.enum(['', 'plain', 'scram-sha-256', 'scram-sha-512']).default('');

/** Every setting with its default, in the order of docs/settings.md, which is generated from here. */
export const configSchema = z.strictObject({
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

export type ConfigSchema = typeof configSchema | ReturnType<typeof configSchemaWith>;

/** The same with these detectors: others, and settings that they do not have, are refused, as everywhere. */
export function configSchemaWith(detectors: Iterable<{ name: string; settings: z.ZodType }>) {
  const strict = [...detectors].map(
    ({ name, settings }) =>
      [name, (settings instanceof z.ZodObject ? settings.strict() : settings).optional()] as const,
  );
  return configSchema.extend({ detectors: z.strictObject(Object.fromEntries(strict)).default({}) });
}

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

/** `catalogues` have passwords in their addresses, `topics` may have some of their own. */
export const SECRETS = new Set<string>([
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
