import type { Server } from 'node:net';
import { WanglouError } from '../errors.ts';

/** Binds; resolves with the port. @throws WanglouError WL_PORT_IN_USE that names address, port and reason. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (cause: Error): void => reject(cannotListen(host, port, cause));
    server.once('error', onError);
    server.listen({ host, port, backlog: 1_024 }, () => {
      server.off('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

export function cannotListen(host: string, port: number, cause: Error): WanglouError {
  const code = 'code' in cause ? cause.code : '';
  if (code === 'EADDRINUSE') return new WanglouError('WL_PORT_IN_USE', `port ${port} on ${host} is in use`, { cause });
  return new WanglouError('WL_CONFIG_INVALID', `can not listen on ${host}:${port}: ${cause.message}`, { cause });
}
