import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WanglouError } from '../../errors.ts';

/** Where files of the page are; everybody may have them. */
const FILES = '/*';

/**
 * The web app: files of the built page. Those under assets/ have their content's hash in the name and never change; any
 * other path that a browser opens is the page itself, which knows its own addresses.
 */
export async function pageRoutes(app: FastifyInstance, appDir: string): Promise<void> {
  const built = existsSync(join(appDir, 'index.html'));
  app.addHook('onRoute', (route) => {
    if (route.url === FILES) route.config = { ...route.config, permission: 'open' };
  });
  if (built)
    await app.register(fastifyStatic, {
      root: appDir,
      cacheControl: false,
      preCompressed: true, // dashboards/vite.config.ts writes them
      setHeaders: (reply, path) => {
        const forever = path.startsWith(join(appDir, 'assets/'));
        void reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  app.setNotFoundHandler((request, reply) => {
    if (!opensPage(request)) throw new WanglouError('WL_NOT_FOUND', `There is nothing at ${pathOf(request)}`);
    return built ? reply.sendFile('index.html') : notBuilt(reply);
  });
}

function opensPage(request: FastifyRequest): boolean {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return reads && !/^\/(api|assets|feed)\//.test(request.url) && (request.headers.accept ?? '').includes('text/html');
}

function notBuilt(reply: FastifyReply): FastifyReply {
  return reply.code(503).type('text/plain; charset=utf-8').send('The web app is not built yet: run npm start.\n');
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0]!.slice(0, 200);
}
