import { computed, onScopeDispose, shallowRef, triggerRef, type ComputedRef, type ShallowRef } from 'vue';
import type { FeedFinding, SourceState } from '../../../src/feed/protocol.ts';
import type { Incident } from '../../../src/finding/incident.ts';
import { isSignedIn } from '../api.ts';
import { LiveClient } from './live-client.ts';
import { latestIncidents, newestFirst } from './live-state.ts';

export interface Live {
  client: ShallowRef<LiveClient>;
  /** Newest first. */
  findings: ComputedRef<FeedFinding[]>;
  /** The last changed first. */
  incidents: ComputedRef<Incident[]>;
  sources: ComputedRef<SourceState[]>;
  /** The server's time, renewed every second. */
  now: ShallowRef<number>;
}

/** The live feed for a component, for as long as the component lives. */
export function useLive(onSignedOut: () => void): Live {
  const client = shallowRef(
    new LiveClient({
      open: (query, hear, lost) => {
        const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/feed${query}`);
        socket.onmessage = (message) => hear(String(message.data));
        socket.onclose = ({ code }) => lost(code);
        return socket;
      },
      onChange: () => triggerRef(client),
      onSignedOut,
      isSignedIn,
    }),
  );
  const now = shallowRef(Date.now());
  const clock = setInterval(() => (now.value = Date.now() + client.value.clockOffsetMs), 1_000);
  client.value.start();
  onScopeDispose(() => {
    clearInterval(clock);
    client.value.stop();
  });
  return {
    client,
    now,
    findings: computed(() => newestFirst(client.value.state)),
    incidents: computed(() => latestIncidents(client.value.state)),
    sources: computed(() => [...client.value.state.sources.values()]),
  };
}
