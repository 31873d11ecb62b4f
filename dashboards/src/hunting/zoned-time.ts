/** Times as clocks on a wall show them in a zone. */
const PARTS = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const; // prettier-ignore

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { ...PARTS, timeZone: zone });
  formats.set(zone, known);
  return known;
}

/** `2026-03-12 08:00:05` @param at ms since the Unix epoch */
export function zonedTime(at: number, zone: string): string {
  return formatOf(zone).format(at);
}

/** `2026-03-12T08:00:05.250`, without what is zero behind the minutes: as fields for times have it. */
export function wallTime(at: number, zone: string): string {
  const text = zonedTime(at, zone).replace(' ', 'T');
  const ms = ((at % 1_000) + 1_000) % 1_000;
  if (ms !== 0) return `${text}.${String(ms).padStart(3, '0')}`;
  return text.endsWith(':00') ? text.slice(0, -3) : text;
}

/** The other way round; NaN for what is no time. Of an hour that comes twice, one of both. */
export function wallTimeMs(wall: string, zone: string): number {
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return NaN;
  const offsetAt = (at: number): number =>
    Date.parse(`${zonedTime(at, zone).replace(' ', 'T')}Z`) - Math.floor(at / 1_000) * 1_000;
  const near = asUtc - offsetAt(asUtc);
  return asUtc - offsetAt(near);
}

/** `UTC+8` */
export function zoneOffset(zone: string, at: number): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(at);
  return (parts.find(({ type }) => type === 'timeZoneName')?.value ?? '').replace('GMT', 'UTC');
}
