import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { LiveSocket } from './parts.ts';

type Connected = Pick<
  WebSocket,
  'bufferedAmount' | 'readyState' | 'OPEN' | 'extensions' | 'ping' | 'close' | 'terminate' | 'on'
>;

/**
 * A WebSocket (package ws) that takes frames which are ready to send: with a thousand clients, a frame of its own for each
 * would be most of the work. They go past ws to the connection below it, which is safe as ws itself sends nothing in parts.
 */
export function liveSocket(socket: Connected, connection: Socket): LiveSocket {
  const takesDeflated = socket.extensions.includes('permessage-deflate');
  return {
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    sendFrame(frame) {
      if (socket.readyState === socket.OPEN) connection.write(takesDeflated ? frame.deflated : frame.plain);
    },
    ping: () => socket.ping(),
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
    on: (event, listener) => socket.on(event, listener),
  };
}
