import { computed, inject, onScopeDispose, provide, shallowRef, triggerRef } from 'vue';
import type { ComputedRef, InjectionKey, ShallowRef } from 'vue';
import type { FeedFinding, ScopeScore, SourceState } from '../../../src/feed/protocol.ts';
import type { Incident } from '../../../src/finding/incident.ts';
import { askMe, mainScore } from '../access/me.ts';
import { LiveClient, type Link } from './live-client.ts';
import { latestIncidents, newestFirst, type LiveState } from './live-state.ts';

export interface Live {
  client: ShallowRef<LiveClient>;
  state: ComputedRef<LiveState>;
  link: ComputedRef<Link>;
  /** How long nothing has been heard, ms. */
  ageMs: ComputedRef<number>;
  /** Messages that could not be read. */
  misfits: ComputedRef<LiveClient['misfits']>;
  /** Whether this computer says that it has a network. */
  online: ShallowRef<boolean>;
  /** Newest first. */
  findings: ComputedRef<FeedFinding[]>;
  /** Those that people were to be told of. */
  told: ComputedRef<FeedFinding[]>;
  /** The last changed first. */
  incidents: ComputedRef<Incident[]>;
  sources: ComputedRef<SourceState[]>;
  /** Of the whole platform; undefined before it was told. */
  score: ComputedRef<ScopeScore | undefined>;
  /** The server's time, renewed every second. */
  now: ShallowRef<number>;
}

const CLOCK_JUMP_MS = 2_000;
const NETWORK = ['online', 'offline'];

const KEY: InjectionKey<Live> = Symbol('live');

/** The live feed of the page around it. */
export function useLive(): Live {
  return inject(KEY)!;
}

/**
 * Opens the live feed, for as long as the component lives, for all components in it.
 * @param follows whether who is signed in may follow it: else it stays as empty as before the first message.
 */
export function provideLive(onSignedOut: () => void, follows = true): Live {
  const client = shallowRef(
    new LiveClient({
      open: (query, hear, lost) => {
        const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/feed${query}`);
        socket.onmessage = (message) => hear(String(message.data));
        socket.onclose = ({ code }) => lost(code);
        return socket;
      },
      onChange: () => {
        // Before the first message the browser's clock is all there is, and that may be wrong by hours.
        if (Math.abs(Date.now() + client.value.clockOffsetMs - now.value) > CLOCK_JUMP_MS) tick();
        triggerRef(client);
      },
      onSignedOut,
      isSignedIn: async () => (await askMe()) !== undefined,
    }),
  );
  const now = shallowRef(Date.now());
  const tick = (): void => {
    now.value = Date.now() + client.value.clockOffsetMs;
  };
  const clock = setInterval(tick, 1_000);
  const online = shallowRef(navigator.onLine);
  const onNetwork = (): void => {
    online.value = navigator.onLine;
    if (follows && online.value && client.value.link === 'lost') client.value.start();
  };
  for (const name of NETWORK) window.addEventListener(name, onNetwork);
  if (follows) client.value.start();
  onScopeDispose(() => {
    clearInterval(clock);
    for (const name of NETWORK) window.removeEventListener(name, onNetwork);
    client.value.stop();
  });
  const findings = computed(() => newestFirst(client.value.state));
  const live: Live = {
    client,
    now,
    findings,
    told: computed(() => findings.value.filter((finding) => finding.suppression === undefined)),
    incidents: computed(() => latestIncidents(client.value.state)),
    sources: computed(() => [...client.value.state.sources.values()]),
    score: computed(() => client.value.state.posture.get(`${mainScore.value.kind}/${mainScore.value.id}`)),
    // A new object each time: the state itself stays the same one, and nobody would be told that it has changed.
    state: computed(() => ({ ...client.value.state })),
    misfits: computed(() => client.value.misfits),
    online,
    link: computed(() => client.value.link),
    ageMs: computed(() => Math.max(0, now.value - client.value.clockOffsetMs - client.value.heardAt)),
  };
  provide(KEY, live);
  return live;
}
