import type { Logger } from 'pino';
import type { TlsFileOptions } from './access/tls-files.ts';
import type { Config } from './config.ts';

/** The certificate of a port for people, whose browsers are asked for none. What is wrong with changed files is in the log. */
export function tlsOfServer({ tlsCert, tlsKey }: Config, port: string, log: Logger): TlsFileOptions {
  return {
    certPath: tlsCert,
    keyPath: tlsKey,
    clientCaPath: '',
    onProblem: (problem) =>
      problem === '' ? log.info({ port }, 'the changed certificate is in use') : log.error({ port }, problem),
  };
}

/** The same for senders, who may show a certificate of their own. */
export function tlsOfSenders(config: Config, port: string, log: Logger): TlsFileOptions {
  return { ...tlsOfServer(config, port, log), clientCaPath: config.tlsClientCa, crlPath: config.tlsCrl };
}

/** What goes over a network in the clear can be read and changed there: tokens, sign-ins, events. */
export function warnOfPlain(config: Config, port: 'web' | 'intake', log: Logger): void {
  const { host } = config;
  const isLoopback = host === 'localhost' || host === '::1' || host.startsWith('127.');
  if (isLoopback || config[`${port}Tls`] === 'on') return;
  log.warn(
    { port, host },
    `plain HTTP on ${host}: set tlsCert, tlsKey and ${port}Tls, or put a proxy with TLS before it`,
  );
}
