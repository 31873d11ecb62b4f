import { addDays, daysBetween, isWorkday, startOfDay } from '../calendar.ts';
import { DUTY_DEPARTMENT, dutyEvening, registryEntries } from '../registry.ts';
import { VENDORS } from '../platform/vendors.ts';
import type { RegistryInput } from '../../src/registry/schema.ts';
import { FIELDS } from './grants.ts';
import { assignments, type World } from './world.ts';
import { emergencyOrders } from './hard-negatives/emergency-order.ts';
import { AUDIT, auditOf } from './hard-negatives/reporting.ts';
import { NETWORKS, VPN } from './networks.ts';

type Entries<L extends keyof RegistryInput> = Required<RegistryInput>[L];

/** Departments whose officers take turns on the mornings of rest days; all of them. */
function duty({ leadIn, last }: World): { from: string; to: string }[] {
  return daysBetween(leadIn, addDays(last, 1))
    .filter((day) => !isWorkday(day))
    .map((day) => ({ from: `${day}T08:30`, to: `${day}T12:30` }));
}

/** Emergency management works through the holidays of the National Day. */
function holidayDuties({ last }: World): { from: string; to: string }[] {
  const year = last.slice(0, 4);
  return daysBetween(`${year}-10-01`, `${year}-10-08`).map((day) => ({ from: `${day}T08:00`, to: `${day}T22:00` }));
}

/** The registry as of the season: all that covers everybody's legitimate work. */
export function seasonRegistry(world: World): Required<RegistryInput> {
  const base = coveringRegistry(world);
  const mornings = duty(world);
  return {
    ...base,
    departments: base.departments.map((one) => ({
      ...one,
      duty: one.id === DUTY_DEPARTMENT ? [...mornings, dutyEvening(world.first), ...holidayDuties(world)] : mornings,
    })),
    accounts: accountsOf(world, base.accounts),
    grants: [...base.grants, ...auditGrants(world)],
    'work-orders': [...base['work-orders'], ...emergencyOrders(world).map(({ entry }) => entry)],
  };
}

/** The platform's registry with grants, cases, work orders, networks and all else that ordinary work rests on. */
export function coveringRegistry(world: World): Required<RegistryInput> {
  const base = registryEntries(world.platform);
  return {
    ...base,
    vendors: base.vendors.map((one) => ({ ...one, backgroundChecks: true, ndaUntil: '2028-12-31' })),
    assets: base.assets.map((one) => ({ ...one, fields: [...FIELDS] })),
    contracts: base.contracts.map((one) => ({ ...one, approvedNetworks: [officeOf(one.vendor), VPN] })),
    grants: grantsOf(world),
    cases: world.cases.map(({ number, type, officer, opened, closed }) => ({
      number,
      type,
      officer: officer.person,
      opened,
      closed,
    })),
    'work-orders': workOrdersOf(world),
    'watch-tags': world.watched.map((value, n) => ({
      id: `gz-${n + 1}`,
      kind: 'data-subject' as const,
      value,
      reason: '重点保护对象',
    })),
    networks: NETWORKS,
  };
}

/** A vendor's own office, which its contract approves. */
function officeOf(vendor: string): string {
  return `172.28.${VENDORS.findIndex(({ id }) => id === vendor) + 1}.0/24`;
}

/** Those who change department have an entry for each. */
function accountsOf({ moves, platform }: World, accounts: Entries<'accounts'>): Entries<'accounts'> {
  const byId = new Map(platform.officers.map((actor) => [actor.id, actor.login]));
  return accounts.flatMap((entry) => {
    const move = moves.get(byId.get(entry.id) ?? '');
    if (move === undefined) return [entry];
    return [
      { ...entry, validTo: addDays(move.day, -1) },
      { ...entry, department: move.after.department, validFrom: move.day },
    ];
  });
}

function grantsOf({ grants }: World): Entries<'grants'> {
  return grants.map(({ id, asset, recipient, fields, purpose, rowsPerDay, from, to, revoked }) => ({
    id,
    asset: asset.id,
    recipient,
    fields: [...fields],
    actions: ['read' as const, 'query' as const],
    purpose,
    quota: { rowsPerDay },
    from,
    ...(to === '' ? {} : { to }),
    ...(revoked === '' ? {} : { revokedAt: `${revoked}T00:00` }),
    approver: '市数据局',
    approvalNumber: `批-${id}`,
  }));
}

/** The internal audit's own grants, for its week. */
function auditGrants(world: World): Entries<'grants'> {
  const { from, to, auditors, assets } = auditOf(world);
  return assets.flatMap((asset) =>
    auditors.map(({ person }) => ({
      id: `SJ-${asset.id}-${person}`,
      asset: asset.id,
      recipientKind: 'person' as const,
      recipient: person,
      purpose: AUDIT,
      from,
      to,
      approver: '市审计局',
      approvalNumber: `审-${asset.id}`,
    })),
  );
}

/** One order a person and workday, for the systems of the contract and the datasets that the person looks after. */
function workOrdersOf(world: World): Entries<'work-orders'> {
  return assignments(world).flatMap(({ day, staff }) =>
    staff.map(({ login, person, vendor, habits }) => {
      const at = startOfDay(day);
      const contract = world.platform.contracts.find((one) => one.vendor === vendor && one.from <= at && one.to > at)!;
      return {
        id: `WO-${day.replaceAll('-', '')}-${login}`,
        contract: contract.id,
        persons: [person],
        systems: [...contract.systems, 'emergency-ops'],
        assets: habits.map(({ asset }) => asset.id),
        from: `${day}T08:30`,
        to: `${day}T18:00`,
        ownerConsent: true,
        purpose: '日常运维',
      };
    }),
  );
}
