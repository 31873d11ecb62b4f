import type { FastifyInstance } from 'fastify';
import type { Guard } from '../guard.ts';
import { liveSocket } from '../live-socket.ts';
import { showing } from '../mask-answers.ts';
import type { Live } from '../parts.ts';

/**
 * The door of the live feed: nobody gets to the WebSocket who is not signed in, no page but ours, and nobody with a
 * subscription that can not be meant.
 */
export function feedRoutes(app: FastifyInstance, guard: Guard, live: Live): void {
  const description = live.describe();
  app.get('/api/asyncapi.json', showing('own', guard.within('same').may('signed-in')), async () => description);
  const preValidation = [guard.signedInHere, async ({ query }: { query: unknown }) => live.check(query)];
  const config = { permission: 'follow-feed', within: 'own' } as const;
  app.get('/feed', { websocket: true, config, preValidation }, (socket, request) => {
    request.sees.live.connect(liveSocket(socket, request.raw.socket), request.query, () =>
      guard.stillSignedIn(request),
    );
  });
}
