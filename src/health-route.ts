import { createServer, type Server } from 'node:http';
import { WanglouError } from './errors.ts';

export interface HealthRouteOptions {
  host: string;
  port: number;
  health(): { ready: boolean; problems: readonly string[] };
}

/** `GET /health` of a program that has no other port. */
export class HealthRoute {
  readonly #options: HealthRouteOptions;
  readonly #server: Server;

  constructor(options: HealthRouteOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      const { ready, problems } = this.#options.health();
      const found = request.url === '/health';
      response.writeHead(!found ? 404 : ready ? 200 : 503, {
        'content-type': 'application/json; charset=utf-8',
        'x-content-type-options': 'nosniff',
      });
      response.end(`${JSON.stringify(found ? { ready, problems } : { message: 'only /health is here' })}\n`);
    });
  }

  /** @throws WanglouError WL_PORT_IN_USE */
  start(): Promise<void> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(new WanglouError('WL_PORT_IN_USE', `detectPort ${port} on ${host}: ${error.message}`, { cause: error })),
      );
      this.#server.listen(port, host, resolve);
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
