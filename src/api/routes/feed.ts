import type { FastifyInstance } from 'fastify';
import type { Guard } from '../guard.ts';
import type { Live } from '../parts.ts';

/** The door of the live feed: nobody gets to the WebSocket who is not signed in, and no page but ours. */
export function feedRoutes(app: FastifyInstance, guard: Guard, live: Live): void {
  app.get('/feed', { websocket: true, preValidation: guard.signedInHere }, (socket, request) => {
    live.connect(socket, request.query, () => guard.stillSignedIn(request));
  });
}
