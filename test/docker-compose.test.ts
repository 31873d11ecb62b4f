import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../src/config.ts';
import { VERSION } from '../src/store/store-error.ts';

interface Service {
  image?: string;
  command?: string;
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const ours = Object.entries(compose.services).filter(([, service]) => service.image === undefined);

describe('docker-compose.yml', () => {
  it('starts Kafka, ClickHouse and the three programs that they leave to us', () => {
    expect(Object.keys(compose.services).toSorted()).toEqual(['clickhouse', 'collect', 'detect', 'kafka', 'serve']);
    expect(ours.map(([name, { command }]) => [name, command])).toEqual(ours.map(([name]) => [name, name]));
  });

  it('names the versions of Kafka and ClickHouse that the tests run', () => {
    const kafka = /kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(
      readFileSync('test/kafka-broker/pom.xml', 'utf8'),
    )?.[1];
    expect(compose.services['kafka']?.image).toBe(`apache/kafka:${kafka}`);
    expect(compose.services['clickhouse']?.image).toBe(
      `clickhouse/clickhouse-server:${VERSION.split('.').slice(0, 2).join('.')}`,
    );
  });

  it.each(ours)('gives %s only settings that the configuration knows', (_name, service) => {
    const environment = Object.entries(service.environment ?? {});
    const plain = Object.fromEntries(environment.map(([key, value]) => [key, value.replace(/^\$\{.*\}$/, 'secret')]));
    expect(() => readConfig(plain)).not.toThrow();
    expect(plain).toMatchObject({
      WANGLOU_KAFKA_BROKERS: 'kafka:9092',
      WANGLOU_CLICKHOUSE_URL: 'http://clickhouse:8123',
    });
  });

  it.each(Object.entries(compose.services))('checks the health of %s', (_name, service) => {
    expect(service.healthcheck?.test.length).toBeGreaterThan(1);
  });

  it.each(ours)('starts %s only when Kafka and ClickHouse are healthy', (_name, service) => {
    expect(service.depends_on).toMatchObject({
      kafka: { condition: 'service_healthy' },
      clickhouse: { condition: 'service_healthy' },
    });
  });

  it('declares every volume that is used', () => {
    const used = Object.values(compose.services).flatMap(({ volumes = [] }) =>
      volumes.map((volume) => volume.split(':')[0]!),
    );
    const named = used.filter((name) => !name.startsWith('.'));
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
  });
});
