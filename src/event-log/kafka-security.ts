import { readFileSync } from 'node:fs';
import type { KafkaConfig } from 'kafkajs';
import { WanglouError } from '../errors.ts';

export interface KafkaSecurityOptions {
  tls: 'on' | 'off';
  /** Paths of PEM files, '' for none: CA of the brokers (else the system's), our own certificate and its key. */
  ca: string;
  cert: string;
  key: string;
  sasl: '' | 'plain' | 'scram-sha-256' | 'scram-sha-512';
  user: string;
  password: string;
}

/** How to connect to brokers, for kafkajs. @throws WanglouError WL_FILE_UNREADABLE that names the file. */
export function kafkaSecurity(options: KafkaSecurityOptions): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  const { tls, ca, cert, key, sasl, user: username, password } = options;
  return {
    ...(tls === 'on' && {
      ssl: {
        minVersion: 'TLSv1.2',
        ...(ca !== '' && { ca: [read(ca)] }),
        ...(cert !== '' && { cert: read(cert), key: read(key) }),
      },
    }),
    ...(sasl !== '' && { sasl: { mechanism: sasl, username, password } as NonNullable<KafkaConfig['sasl']> }),
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new WanglouError('WL_FILE_UNREADABLE', `${path} can not be read`, { cause });
  }
}
