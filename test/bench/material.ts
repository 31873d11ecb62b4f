import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBlocks, stampNow } from '../../demo/load.ts';
import { buildPlatform } from '../../demo/platform.ts';
import { registryEntries } from '../../demo/registry.ts';
import { encodeBatch } from '../../src/event/batch.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { IdSequence } from '../../src/event/id.ts';
import { parseRecord } from '../../src/event/parse.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { verify, type BenchContext } from './bench.ts';

/** The moment at which the material of the scenarios plays. */
export const NOW = Date.parse('2026-11-20T10:00:00+08:00');
export const PER_BATCH = 500;

/** A record of the topic `events`, as collectors append it. */
export interface Batch {
  value: Uint8Array;
  live: { events: Event[]; baseEnd: number };
}

/** Lines of the load, half syslog and half JSON in turn. */
export function mixedLines(count: number): string[] {
  const syslog = linesOf('syslog', count / 2);
  return linesOf('json', count / 2).flatMap((line, n) => [syslog[n]!, line]);
}

export function linesOf(mix: 'syslog' | 'json', count: number): string[] {
  return loadBlocks({ mix, lines: count }).flatMap((block) => {
    stampNow(block, NOW);
    return block.bytes.toString().trimEnd().split('\n');
  });
}

/** @throws when a line can not be read. */
export function eventsOf(texts: readonly string[]): Event[] {
  const ids = new IdSequence(Buffer.alloc(10, 7));
  return texts.map((text, sequence) => {
    const event = emptyEvent();
    Object.assign(event, { id: ids.next(), ingestTime: NOW, sequence, source: 'bench' });
    const fault = parseRecord(text, event, { timeZone: 'Asia/Shanghai', now: NOW, format: '' });
    verify(fault === '', `${fault}: ${text}`);
    return event;
  });
}

export function batchesOf(events: readonly Event[]): Batch[] {
  return Array.from({ length: Math.ceil(events.length / PER_BATCH) }, (_, n) => {
    const some = events.slice(n * PER_BATCH, (n + 1) * PER_BATCH);
    const { bytes, baseEnd } = encodeBatch(some);
    return { value: bytes, live: { events: some, baseEnd } };
  });
}

/** The registry of the demo's platform. */
export function demoRegistry(): Registry {
  return registryFrom(registryEntries(buildPlatform(7, '2026-11-20')));
}

/** At most two seconds: the suite's own test asks for less. */
export const shortly = ({ seconds }: BenchContext): number => Math.min(2, seconds);

/** Repeats the work, which says how much it did, for so long. @returns amount a second and CPU µs for each one. */
export async function rateOf(
  seconds: number,
  work: () => number | Promise<number>,
): Promise<{ rate: number; done: number; cpuMicros: number }> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  let done = 0;
  while (performance.now() - began < seconds * 1_000) done += await work();
  const { user, system } = process.cpuUsage(cpu);
  return { rate: (done * 1_000) / (performance.now() - began), done, cpuMicros: (user + system) / done };
}

export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'wanglou-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
