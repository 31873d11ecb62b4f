const HOUR_MS = 3_600_000;
const MAX_CACHED_HOURS = 10_000;

/** Wall clock arithmetic of one IANA zone, from the runtime's own zone data. */
class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();
  #lastHour = NaN;
  #lastOffsetMs = 0;

  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  /** Offset from UTC at a wall clock time (given as if it were UTC), ms east. Rules change on the hour, so hours are kept. */
  offsetAt(wallMs: number): number {
    const hour = Math.floor(wallMs / HOUR_MS);
    if (hour === this.#lastHour) return this.#lastOffsetMs;
    let offset = this.#offsets.get(hour);
    if (offset === undefined) {
      const guess = this.#offsetAtInstant(wallMs - this.#offsetAtInstant(wallMs));
      offset = this.#offsetAtInstant(wallMs - guess);
      if (this.#offsets.size >= MAX_CACHED_HOURS) this.#offsets.clear();
      this.#offsets.set(hour, offset);
    }
    this.#lastHour = hour;
    this.#lastOffsetMs = offset;
    return offset;
  }

  #offsetAtInstant(instantMs: number): number {
    const name = this.#format.formatToParts(instantMs).find((part) => part.type === 'timeZoneName')?.value ?? '';
    const parts = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name);
    if (parts === null) return 0;
    const seconds = Number(parts[2]) * 3600 + Number(parts[3]) * 60 + Number(parts[4] ?? 0);
    return (parts[1] === '-' ? -seconds : seconds) * 1000;
  }
}

const zones = new Map<string, Zone>();
let lastName = '';
let lastZone: Zone | undefined;

/** ms since the epoch of a wall clock time (given as if it were UTC) in a zone; an unknown zone counts as UTC. */
export function instantOf(wallMs: number, timeZone: string): number {
  if (!Number.isFinite(wallMs)) return NaN;
  if (timeZone !== lastName || lastZone === undefined) {
    lastZone = zoneNamed(timeZone);
    lastName = timeZone;
  }
  return wallMs - lastZone.offsetAt(wallMs);
}

function zoneNamed(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    try {
      zone = new Zone(name);
    } catch {
      zone = new Zone('UTC');
    }
    if (zones.size > 600) zones.clear(); // names come from the registry; a bound all the same
    zones.set(name, zone);
  }
  return zone;
}

/** Offsets of the zone abbreviations that mean one thing only; the others (CST, IST, BST, …) follow the source's zone. */
const ABBREVIATIONS: ReadonlyMap<string, number> = new Map([
  ['UTC', 0],
  ['GMT', 0],
  ['Z', 0],
  ['WET', 0],
  ['CET', 60],
  ['CEST', 120],
  ['EET', 120],
  ['EEST', 180],
  ['MSK', 180],
  ['HKT', 480],
  ['JST', 540],
  ['KST', 540],
  ['EST', -300],
  ['EDT', -240],
  ['CDT', -300],
  ['MST', -420],
  ['MDT', -360],
  ['PST', -480],
  ['PDT', -420],
]);

const OFFSET = /^(?:UTC|GMT|TZ)?([+-])(\d{1,2})(?::?(\d{2}))?$/;

/** ms since the epoch of a wall clock time with a zone word (`UTC`, `+08`, `GMT+8`, `CST`, `Asia/Shanghai`). */
export function instantIn(wallMs: number, word: string, contextZone: string): number {
  const minutes = ABBREVIATIONS.get(word);
  if (minutes !== undefined) return wallMs - minutes * 60_000;
  const offset = OFFSET.exec(word);
  if (offset !== null) {
    const east = (Number(offset[2]) * 60 + Number(offset[3] ?? 0)) * 60_000;
    return offset[1] === '-' ? wallMs + east : wallMs - east;
  }
  return instantOf(wallMs, word.includes('/') ? word : contextZone);
}
