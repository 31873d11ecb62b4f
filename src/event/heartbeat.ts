import type { Event } from './event.ts';

/** Source of the heartbeats that our own collectors append. */
export const HEARTBEAT_SOURCE = 'wanglou/collect';

/** Appended by our own collectors to tell how far a quiet partition has come; nothing from outside may pose as one. */
export function isHeartbeat({ action, service, source, authenticated }: Event): boolean {
  return action === 'heartbeat' && service === 'wanglou' && source === HEARTBEAT_SOURCE && authenticated;
}
