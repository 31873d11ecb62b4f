import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Connections } from '../connections.ts';
import type { LedgerState, Live } from './parts.ts';

/** The numbers of the live feed, and of this process, in Prometheus' form. */
export function metricsOf(
  live: Live,
  ledger: LedgerState,
  connections: Connections | undefined,
  sealLags: () => Readonly<Record<string, number>>,
): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Counter({
    name: 'wanglou_events_total',
    help: 'Events since the start of the programs, by what became of them.',
    labelNames: ['step'],
    registers,
    collect() {
      this.reset();
      for (const [step, value] of Object.entries(live.health().totals)) this.inc({ step }, Number(value));
    },
  });
  const gauge = (name: string, help: string, labelNames: string[], set: (gauge: Gauge) => void): void => {
    new Gauge({
      name: `wanglou_${name}`,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        set(this);
      },
    });
  };
  gauge('program_silent', '1 when a program has not spoken for 5 s.', ['program', 'instance'], (to) => {
    for (const { program, instance, silent } of live.health().programs) to.set({ program, instance }, Number(silent));
  });
  gauge('collector_ready', '1 when a collector takes records.', ['collector'], (to) => {
    for (const { name, ready } of live.health().collectors) to.set({ collector: name }, Number(ready));
  });
  gauge('collector_lost', 'Datagrams that the kernel dropped.', ['collector'], (to) => {
    for (const { name, lost } of live.health().collectors) to.set({ collector: name }, lost);
  });
  gauge('collector_connections', 'Open connections.', ['collector'], (to) => {
    for (const { name, connections: open } of live.health().collectors) to.set({ collector: name }, open);
  });
  gauge('collector_refused', 'Connections and requests that were refused.', ['collector'], (to) => {
    for (const { name, refused } of live.health().collectors) to.set({ collector: name }, refused);
  });
  gauge('seal_lag_seconds', 'Since when something waits to be sealed, or to be pushed outside.', ['to'], (to) => {
    for (const [name, lagMs] of Object.entries(sealLags())) to.set({ to: name }, lagMs / 1_000);
  });
  gauge('web_connections', 'Open connections of the web port.', [], (to) => to.set(connections?.open ?? 0));
  gauge('web_refused', 'Connections that the web port refused.', [], (to) => to.set(connections?.refused ?? 0));
  gauge('detector_parked', '1 for each detector that is parked.', ['detector'], (to) => {
    for (const { detector } of live.health().parked) to.set({ detector }, 1);
  });
  gauge('source_rate', 'Events per second of a source.', ['source'], (to) => {
    for (const { source, rate } of live.sources()) to.set({ source }, rate);
  });
  gauge('source_lag_seconds', 'Ingest time less event time of a source.', ['source'], (to) => {
    for (const { source, lagMs } of live.sources()) to.set({ source }, lagMs / 1_000);
  });
  gauge('coverage_settled_seconds', 'Time up to which the coverage ledger is settled, Unix seconds.', [], (to) => {
    if (ledger.settledTo !== undefined) to.set(ledger.settledTo / 1_000);
  });
  gauge('coverage_difference', 'Events by which a step does not balance, over 24 hours.', ['source', 'step'], (to) => {
    for (const { source, off } of ledger.uneven)
      for (const [step, events] of Object.entries(off)) if (events !== 0) to.inc({ source, step }, Math.abs(events));
  });
  gauge('feed_clients', 'Connected clients of the live feed.', [], (to) => to.set(live.clients));
  return registry;
}
