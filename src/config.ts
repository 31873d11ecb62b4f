import { existsSync, readFileSync } from 'node:fs';
import { isScalar, type Document, type LineCounter } from 'yaml';
import { z } from 'zod';
import { WanglouError } from './errors.ts';
import { nearestName } from './nearest-name.ts';
import { configSchema, SECRETS, variableOf } from './config-schema.ts';
import { parseYaml, yamlValues } from './yaml-text.ts';

/**
 * The one place that reads the environment and the configuration file. Every setting is a key of config-schema.ts; its
 * environment variable is WANGLOU_ and the key in capitals (`webPort` is WANGLOU_WEB_PORT) and wins over the file
 * (WANGLOU_CONFIG, default ./wanglou.yaml). Unknown keys are refused in both.
 */
export type Config = z.infer<typeof configSchema>;

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
  const full = detectors === undefined ? configSchema : configSchema.extend({ detectors: settingsOf(detectors) });
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
  const rows = Object.entries(configSchema.shape).map(([key, type]) => {
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
  const keyOf = new Map(Object.keys(configSchema.shape).map((key) => [variableOf(key), key]));
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
      throw new WanglouError(
        'WL_CONFIG_INVALID',
        `${variable} is no setting${nearestName(variable, [...keyOf.keys()])}`,
      );
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
      `${where}${name} is no setting${nearestName(key, namesAt(issue.path, detectors))}`,
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
  if (path.length === 0) return Object.keys(configSchema.shape);
  if (path[0] !== 'detectors') return [];
  const settings = path.length === 1 ? undefined : detectors.get(String(path[1]));
  return settings instanceof z.ZodObject ? Object.keys(settings.shape) : [...detectors.keys()];
}

function step(value: unknown, part: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined;
}
