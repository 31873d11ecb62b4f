/** Length of the slots of `event_slots_once`, which begin at 0, 8 and 16 o'clock UTC. */
const SLOT_MS = 28_800_000;
/** Zones that are whole slots away from UTC the whole year, so that their days are made of slots. */
const ZONES = new Set(['Asia/Shanghai', 'PRC', 'Asia/Hong_Kong', 'Asia/Macau', 'Asia/Taipei', 'Asia/Singapore', 'UTC', 'Etc/UTC']); // prettier-ignore

/** Whether a count by days over that range, ms since the Unix epoch, can be made of slots rather than of events. */
export function isOfSlots({ step, from, to, zone }: { step: string; from: number; to: number; zone: string }): boolean {
  return step === 'day' && ZONES.has(zone) && from % SLOT_MS === 0 && to % SLOT_MS === 0;
}
