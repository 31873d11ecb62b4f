import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Within } from '../scope/scope.ts';
import type { Guard, Needs } from './guard.ts';

/** A route of the server and what it takes; `needs` is undefined when only its guard says that somebody must be signed in. */
export interface DeclaredRoute {
  method: string;
  url: string;
  needs: Needs | undefined;
  /** What it does for people with a scope; those that are open to everybody have none. */
  within: Within | undefined;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** All routes, complete when the application is ready. */
    declaredRoutes(): DeclaredRoute[];
  }
}

/** Keeps a list of all routes and refuses to start with one that neither says what it takes nor asks the guard. */
export function watchRoutes(app: FastifyInstance, guard: Guard): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));
  app.decorate('declaredRoutes', () => routes.flatMap(declared));
  app.addHook('onReady', async () => {
    const bare = routes.find((route) => route.config?.permission === undefined && !isGuarded(route, guard));
    if (bare)
      throw new Error(
        `The route ${declared(bare)[0]!.method} ${bare.url} is open to everybody: give it guard.may('…') with a permission of ` +
          `src/access/permissions.ts, or config: { permission: 'open' } when that is meant`,
      );
  });
}

function declared({ method, url, config }: RouteOptions): DeclaredRoute[] {
  return [method].flat().map((one) => ({ method: one, url, needs: config?.permission, within: config?.within }));
}

function isGuarded({ preHandler, preValidation }: RouteOptions, guard: Guard): boolean {
  const hooks: unknown[] = [preHandler, preValidation].flat();
  return hooks.includes(guard.signedIn) || hooks.includes(guard.signedInHere);
}
