import type { Event } from '../event/event.ts';
import type { Bilingual } from '../finding/finding.ts';
import type { Asset, Grant, Registry } from '../registry/registry.ts';

/** Who may use what: how an event's actor is matched with owners and grants. */

/** Departments are seldom nested deeper; a circle must not hang. */
const MAX_PARENTS = 8;

/** Whether the department is the other one or a part of it. */
export function isWithin(department: string, whole: string, registry: Registry, at: number): boolean {
  let id = department;
  for (let depth = 0; id !== '' && depth < MAX_PARENTS; depth++) {
    if (id === whole) return true;
    id = registry.department(id, at)?.parent ?? '';
  }
  return false;
}

/** Whether the actor belongs to the department that owns the asset; nobody is judged about an asset without an owner. */
export function isOwners(event: Event, asset: Asset, registry: Registry): boolean {
  return asset.owner === '' || isWithin(event.department, asset.owner, registry, event.time);
}

/** Whether the grant is for the event's department, person, or the system that its machine account works for. */
export function isGrantedTo(
  grant: Grant,
  event: Pick<Event, 'department' | 'person' | 'system' | 'role' | 'time'>,
  registry: Registry,
): boolean {
  switch (grant.recipientKind) {
    case 'department':
      return isWithin(event.department, grant.recipient, registry, event.time);
    case 'person':
      return event.person !== '' && event.person === grant.recipient;
    case 'system': {
      if (event.system === grant.recipient) return true;
      const owner = registry.system(grant.recipient, event.time)?.department ?? '';
      return event.role === 'service' && owner !== '' && isWithin(event.department, owner, registry, event.time);
    }
  }
}

/** Grants of the asset, whatever their dates, that are for the event's actor. */
export function grantsToActor(event: Event, registry: Registry): readonly Grant[] {
  return registry.grantsOn(event.asset).filter((grant) => isGrantedTo(grant, event, registry));
}

/** The first moment at which the grant is over. */
export function endOf({ to, revokedAt }: Grant): number {
  return Math.min(to, revokedAt);
}

export function isInForce(grant: Grant, at: number, skewMs = 0): boolean {
  return at >= grant.from - skewMs && at < endOf(grant) + skewMs;
}

/**
 * An asset whose use rests on grants: owned, not free for all, and with a grant on record. One that may be shared under
 * conditions and has no grant at all has not been entered yet: nobody is judged by it.
 */
export function restsOnGrants(asset: Asset, registry: Registry): boolean {
  if (asset.owner === '' || asset.sharing === 'unconditional') return false;
  return asset.sharing === 'not-shared' || registry.grantsOn(asset.id).length > 0;
}

/** A department, system, vendor or person by its name in the registry; as stated when none is known. */
export function partyNamed(id: string, registry: Registry, at: number): Bilingual {
  const known =
    registry.department(id, at)?.name ??
    registry.vendor(id, at)?.name ??
    registry.system(id, at)?.name ??
    registry.person(id, at)?.name;
  return known ? { zh: `「${known.zh}」`, en: `"${known.en}"` } : { zh: `「${id}」`, en: `"${id}"` };
}

/** The department behind whoever is named as the recipient: itself, or that of the system or person; '' when unknown. */
export function departmentOf(party: string, registry: Registry, at: number): string {
  if (registry.department(party, at)) return party;
  return registry.system(party, at)?.department ?? registry.person(party, at)?.department ?? '';
}

/** Whether data of the asset may be with that party: the owner, whoever has a grant in force, whom these may pass it on to, and their sections. */
export function mayHave(party: string, asset: Asset, registry: Registry, at: number): boolean {
  const department = departmentOf(party, registry, at);
  if (party === asset.owner || (department !== '' && isWithin(department, asset.owner, registry, at))) return true;
  const isAmong = (entitled: string) =>
    entitled === party || (department !== '' && isWithin(department, entitled, registry, at));
  return registry
    .grantsFor(asset.id, at)
    .some(({ recipient, onwardTo }) => isAmong(recipient) || onwardTo.some(isAmong));
}
