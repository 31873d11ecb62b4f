import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { detectors } from '../detectors/index.ts';
import { configSchemaWith } from '../src/config-schema.ts';
import { printable, readConfig } from '../src/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'wanglou-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function configFile(text: string): string {
  const file = join(mkdtempSync(join(folder, 'config-')), 'wanglou.yaml');
  writeFileSync(file, text);
  return file;
}

describe('the configuration', () => {
  it('works without a file and without variables', () => {
    const config = readConfig({});
    expect(config.webPort).toBe(8080);
    expect(config.registryDir).toBe('./data/registry');
  });

  it('takes the environment over the file', () => {
    const file = configFile('webPort: 9001\nsyslogPort: 9002\n');
    const config = readConfig({ WANGLOU_CONFIG: file, WANGLOU_WEB_PORT: '9003' });
    expect([config.webPort, config.syslogPort]).toEqual([9003, 9002]);
  });

  it('refuses an unknown detector, an unknown setting of one and a wrong value, with file, line and what was meant', () => {
    const schema = configSchemaWith(detectors);
    const read = (text: string) => () => readConfig({ WANGLOU_CONFIG: configFile(text) }, schema);
    expect(read('webPort: 9001\ndetectors:\n  brute-forc: {}\n')).toThrow(
      /wanglou\.yaml:3: detectors\.brute-forc is no setting; did you mean brute-force\?/,
    );
    expect(read('detectors:\n  brute-force:\n    failureAtLeast: 3\n')).toThrow(
      /wanglou\.yaml:3: detectors\.brute-force\.failureAtLeast is no setting; did you mean failuresAtLeast\?/,
    );
    expect(read('detectors:\n  brute-force: { failuresAtLeast: many }\n')).toThrow(
      /wanglou\.yaml:2: detectors\.brute-force\.failuresAtLeast is "many": /,
    );
    expect(read('detectors:\n  brute-force: { failuresAtLeast: 5 }\n')().detectors).toMatchObject({
      'brute-force': { failuresAtLeast: 5 },
    });
  });

  it('refuses an unknown key with file, line and the name that was probably meant', () => {
    const file = configFile('webPort: 9001\nsyslogprot: 9002\n');
    expect(() => readConfig({ WANGLOU_CONFIG: file })).toThrow(
      /wanglou\.yaml:2: syslogprot is no setting; did you mean syslogPort\?/,
    );
  });

  it('refuses an alias that names nothing', () => {
    expect(() => readConfig({ WANGLOU_CONFIG: configFile('host: *nobody\n') })).toThrow(
      /wanglou\.yaml: Unresolved alias/,
    );
  });

  it('says in one line what is no YAML, and where', () => {
    const file = configFile('host: 127.0.0.1\nwebPort: 8080 }{\n files: [\n');
    expect(() => readConfig({ WANGLOU_CONFIG: file })).toThrow(
      /yaml:2: Nested mappings are not allowed in compact mappings$/,
    );
  });

  it('names the line of a file that is nested too deeply', () => {
    const file = configFile(`host: 127.0.0.1\ndetectors:\n  ${'- '.repeat(30_000)}1\n`);
    expect(() => readConfig({ WANGLOU_CONFIG: file })).toThrow(
      /wanglou\.yaml:3: what is here is nested too deeply to be read; write it with fewer levels/,
    );
  });

  it('refuses an unknown variable', () => {
    expect(() => readConfig({ WANGLOU_WEBPORT: '1' })).toThrow(
      /WANGLOU_WEBPORT is no setting; did you mean WANGLOU_WEB_PORT\?/,
    );
  });

  it('takes no variable of the tests for a setting', () => {
    expect(readConfig({ WANGLOU_TEST_SEED: '7' })).toEqual(readConfig({}));
  });

  it('names line, field and value of a wrong value', () => {
    const file = configFile('# trial\nwebPort: seventy\n');
    expect(() => readConfig({ WANGLOU_CONFIG: file })).toThrow(/wanglou\.yaml:2: webPort is "seventy"/);
  });

  it('names the variable of a wrong value', () => {
    expect(() => readConfig({ WANGLOU_PARTITIONS: '0' })).toThrow(/WANGLOU_PARTITIONS: partitions is "0"/);
  });

  it('refuses to keep events for less than the law demands', () => {
    expect(() => readConfig({ WANGLOU_RETENTION_DAYS: '90' })).toThrow(/retentionDays is "90": the law wants/);
  });

  it.each(['proxy.example', '192.0.2.7,', '192.0.2.0/33', '0'])('trusts no proxy at %j', (proxies) => {
    expect(() => readConfig({ WANGLOU_TRUSTED_PROXIES: proxies })).toThrow(/trustedProxies is .*: expected addresses/);
  });

  it('takes a password from the file that a variable names, and hides it', () => {
    const file = join(mkdtempSync(join(folder, 'secret-')), 'password');
    writeFileSync(file, 'from a file\n');
    const config = readConfig({ WANGLOU_KAFKA_PASSWORD_FILE: file });
    expect(config.kafkaPassword).toBe('from a file');
    expect(JSON.stringify(printable(config))).not.toContain('from a file');
    expect(() => readConfig({ WANGLOU_KAFKA_PASSWORD_FILE: '/nowhere' })).toThrow(
      /KAFKA_PASSWORD_FILE names \/nowhere/,
    );
    expect(() => readConfig({ WANGLOU_WEB_PORT_FILE: file })).toThrow(/is no setting/);
  });

  it('refuses TLS without a certificate, a certificate without its key, and to forget the audit trail too soon', () => {
    expect(() => readConfig({ WANGLOU_WEB_TLS: 'on' })).toThrow(/webTls is on, but tlsCert is not set/);
    expect(() => readConfig({ WANGLOU_KAFKA_CERT: 'x' })).toThrow(/kafkaCert and kafkaKey belong together/);
    expect(() => readConfig({ WANGLOU_AUDIT_RETENTION_DAYS: '90' })).toThrow(
      /auditRetentionDays is "90": the law wants/,
    );
  });

  it('names the line of a file that is no YAML', () => {
    const file = configFile('webPort: 1\n  bad: [\n');
    expect(() => readConfig({ WANGLOU_CONFIG: file })).toThrow(/wanglou\.yaml:\d/);
  });

  it('refuses two topics that would share a consumer group', () => {
    const topic = (name: string, group: string): string =>
      `  - { brokers: b, topic: ${name}, source: s, group: ${group} }\n`;
    const read = (...topics: string[]) => readConfig({ WANGLOU_CONFIG: configFile(`topics:\n${topics.join('')}`) });
    expect(() => read(topic('a', 'g'), topic('b', 'g'))).toThrow(/yaml:2: topics.*a group of its own/);
    expect(read(topic('a', 'g'), topic('b', 'h'), '  - { brokers: b, topic: c, source: s }\n').topics).toHaveLength(3);
  });

  it('refuses an unknown setting of a topic, and a missing one, with the line and what was meant', () => {
    const read = (topic: string) => () => readConfig({ WANGLOU_CONFIG: configFile(`topics:\n  - ${topic}`) });
    expect(read('brokers: b\n    topic: a\n    sourze: s\n')).toThrow(
      /yaml:4: topics\.0\.sourze is no setting; did you mean source\?/,
    );
    expect(read('brokers: b\n    topic: a\n')).toThrow(/yaml:2: topics\.0\.source is missing$/);
  });

  it('never prints a secret', () => {
    const config = readConfig({ WANGLOU_INGEST_TOKEN: 'wlk_secret' });
    expect(JSON.stringify(printable(config))).not.toContain('wlk_secret');
  });

  it('never prints a secret that is wrong', () => {
    const file = configFile('operatorPassword: [s3cret]\n');
    expect(() => readConfig({ WANGLOU_CONFIG: file })).toThrow(/^(?!.*s3cret).*operatorPassword is \(hidden\)/);
  });
});
