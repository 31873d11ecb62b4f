import { lastWorkday } from '../../demo/calendar.ts';
import { dayLines } from '../../demo/day.ts';
import { history } from '../../demo/history.ts';
import type { Line } from '../../demo/line.ts';
import { buildPlatform } from '../../demo/platform.ts';
import { SOURCES } from '../../demo/platform/sources.ts';
import { Random } from '../../demo/random.ts';
import { registryEntries, writeRegistry } from '../../demo/registry.ts';

/** How a batch travels: lines under an Idempotency-Key, JSON lines with an `id` each, or `_bulk` documents with an `_id`. */
export type Way = 'key' | 'id' | 'bulk';

/** Lines of one source that are sent and acknowledged together; sent again, every line is the same event. */
export interface Batch {
  way: Way;
  /** Registry id of the source, and the local address that it sends from. */
  source: string;
  address: string;
  key: string;
  /** Exactly what the platform keeps as `raw`. */
  lines: string[];
}

export interface CityDay {
  day: string;
  /** What the city's hosts log; they come first. */
  hosts: Batch;
  /** All else, ordinary life and labelled incidents: about 70,000 lines in the order of sending. */
  batches: Batch[];
  writeRegistry: (folder: string) => void;
}

/** Enough for the detectors to have watched long enough. */
const HISTORY_DAYS = 15;
const PROBES_SHARE = 0.05;
const VOLUME = 37_000;
/** Lines that are sorted by source before the next ones come: some minutes of the day, out of order by that much. */
const WINDOW_LINES = 500;
const HOSTS = 'hosts';

/** The demo's city on the last workday, thinned. The same seed and day give the same batches. */
export function cityDay(seed: number, day = lastWorkday(Date.now())): CityDay {
  const platform = buildPlatform(seed, day);
  const random = new Random(seed, 'thinning');
  const lines = [
    ...history(platform, HISTORY_DAYS),
    ...[...dayLines(platform, day, { volume: VOLUME })].filter(
      ({ source }) => source !== 'monitoring' || random.chance(PROBES_SHARE),
    ),
  ];
  const [ofHosts, others] = [true, false].map((isHost) => lines.filter(({ source }) => (source === HOSTS) === isHost));
  const name = `${seed}/${day}`;
  return {
    day,
    hosts: { way: 'key', ...senderOf(HOSTS), key: `${name}/hosts`, lines: ofHosts!.map(({ line }) => line) },
    batches: batchesOf(others!, name),
    // Lines stay as they are sent: those who count them know them by their text.
    writeRegistry: (folder) => {
      const lists = registryEntries(platform);
      const sources = lists.sources.map((source) => ({ ...source, keepDataSubjects: true }));
      writeRegistry(folder, platform, { ...lists, sources });
    },
  };
}

function batchesOf(lines: readonly Line[], name: string): Batch[] {
  const batches: Batch[] = [];
  for (let from = 0; from < lines.length; from += WINDOW_LINES) {
    const bySource = Map.groupBy(lines.slice(from, from + WINDOW_LINES), ({ source }) => source);
    for (const [source, some] of bySource) {
      const key = `${name}/${batches.length}`;
      const way = wayOf(some[0]!, batches.length);
      batches.push({
        way,
        ...senderOf(source),
        key,
        lines: some.map(({ line }, n) => textOf(line, way, `${key}/${n}`)),
      });
    }
  }
  return batches;
}

/** JSON goes all three ways in turn; other lines are no documents. */
function wayOf({ line }: Line, n: number): Way {
  if (!line.startsWith('{')) return 'key';
  return (['key', 'id', 'bulk'] as const)[n % 3]!;
}

function textOf(line: string, way: Way, id: string): string {
  return way === 'id' ? `{"id":${JSON.stringify(id)},${line.slice(1)}` : line;
}

function senderOf(source: string): { source: string; address: string } {
  return { source, address: SOURCES.find(({ id }) => id === source)!.address };
}
