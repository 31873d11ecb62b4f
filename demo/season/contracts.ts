import { addDays, startOfDay } from '../calendar.ts';
import type { SystemOf } from '../platform/catalogue.ts';
import type { Actor } from '../platform/people.ts';
import { VENDORS, type ContractOf } from '../platform/vendors.ts';

/**
 * The vendors' contracts of a season: two run through, one is extended without a gap, one ends in its second half, two had
 * ended before. The last two people of a running contract have left its roster before the season, one more leaves in it.
 */
export function seasonContracts(
  first: string,
  days: number,
  systems: readonly SystemOf[],
  staff: readonly Actor[],
): ContractOf[] {
  const at = (day: number): number => startOfDay(addDays(first, day));
  return VENDORS.flatMap(({ id, state }) => {
    const members = staff.filter(({ vendor }) => vendor === id);
    const own = systems.filter(({ vendor }) => vendor === id).map((system) => system.id);
    const former = systems.filter((_, n) => n % 5 === (state === 'last-week' ? 1 : 3)).map((system) => system.id);
    const contract = (number: number, of: string[], from: number, to: number): ContractOf => ({
      id: `c-${id}-${number}`,
      vendor: id,
      systems: of,
      from: at(from),
      to: at(to),
      roster: members.map(({ person }, n) => ({
        person,
        from: at(from),
        to: Math.min(at(to), leavesAt(n, members.length, state, at, days)),
      })),
    });
    if (state === 'renewed')
      return [contract(1, own, -400, Math.floor(days / 3)), contract(2, own, Math.floor(days / 3), 600)];
    if (state === 'last-week') return [contract(1, former, -740, -7)];
    if (state === 'long-ended') return [contract(1, former, -880, -150)];
    if (state === 'last-day') return [contract(1, own, -365, Math.floor(days * 0.6))];
    return [contract(1, own, -500, 600)];
  });
}

function leavesAt(n: number, members: number, state: string, at: (day: number) => number, days: number): number {
  if (state !== 'running') return Infinity;
  if (n >= members - 2) return at(-12);
  return n === members - 3 ? at(Math.floor(days / 2)) : Infinity;
}
