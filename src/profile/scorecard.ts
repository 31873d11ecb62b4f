import { liesIn } from '../detection/address-ranges.ts';
import type { Contract, WorkOrder } from '../registry/registry.ts';
import type { UseOf, VendorUse } from '../store/profile-queries.ts';
import { finite, type Named, type RegistryView } from './registry-view.ts';

export interface RosterLine extends Named {
  /** ms since the Unix epoch; null without a date. */
  from: number | null;
  to: number | null;
  /** Whether the assignment holds now, and what the person did in the span. */
  active: boolean;
  events: number;
}

export interface WorkOrderLine {
  id: string;
  from: number;
  to: number;
  open: boolean;
  persons: readonly Named[];
  systems: readonly Named[];
  assets: readonly Named[];
  ownerConsent: boolean;
  purpose: string;
}

/** One contract: what was agreed, and what was seen in the span. */
export interface ContractCard {
  id: string;
  from: number;
  to: number;
  state: 'in-force' | 'to-come' | 'over';
  systems: readonly Named[];
  roster: readonly RosterLine[];
  networks: readonly string[];
  sla: { availability: number; latencyMs: number };
  /** The latest 50 that end after the span begins, and how many those are. */
  workOrders: readonly WorkOrderLine[];
  workOrderCount: number;
  seen: {
    events: number;
    rows: number;
    privileged: number;
    last: number | null;
    /** Systems that the contract does not name, persons who are not on its roster. */
    outOfScope: readonly Named[];
    offRoster: readonly Named[];
    afterEnd: boolean;
  };
}

/** A vendor by its contracts, over one span of event time. */
export interface Scorecard {
  vendor: string;
  from: number;
  to: number;
  contracts: readonly ContractCard[];
  /** Of events that name none of these contracts. */
  withoutContract: { events: number; rows: number; people: readonly string[] };
  /** Addresses that no contract in force approves; empty when none approves any. */
  otherAddresses: readonly UseOf[];
  /** Findings by detector. */
  findings: Readonly<Record<string, number>>;
}

const MOST_ORDERS = 50;
const MOST_ADDRESSES = 20;

export function scorecard(
  vendor: string,
  span: { from: number; to: number },
  seen: { uses: readonly VendorUse[]; addresses: readonly UseOf[]; findings: readonly { detector: string }[] },
  view: RegistryView,
): Scorecard {
  const contracts = [...view.registry.contractsOf(vendor)].sort((a, b) => b.to - a.to);
  const ids = new Set(contracts.map(({ id }) => id));
  const without = seen.uses.filter(({ contract }) => !ids.has(contract));
  const approved = contracts
    .filter((contract) => stateOf(contract, view.at) === 'in-force')
    .flatMap((c) => c.approvedNetworks);
  const others =
    approved.length === 0 ? [] : seen.addresses.filter(({ name }) => name !== '' && !liesIn(name, approved));
  const findings: Record<string, number> = {};
  for (const { detector } of seen.findings) findings[detector] = (findings[detector] ?? 0) + 1;
  return {
    vendor,
    ...span,
    contracts: contracts.map((contract) => cardOf(contract, span.from, seen.uses, view)),
    withoutContract: {
      events: sum(without, 'events'),
      rows: sum(without, 'rows'),
      people: [...new Set(without.map(({ person, actor }) => person || actor))].slice(0, 20),
    },
    otherAddresses: others.slice(0, MOST_ADDRESSES),
    findings,
  };
}

function cardOf(contract: Contract, since: number, allUses: readonly VendorUse[], view: RegistryView): ContractCard {
  const uses = allUses.filter((use) => use.contract === contract.id);
  const orders = view.registry
    .workOrdersOf(contract.vendor)
    .filter((order) => order.contract === contract.id && order.to > since)
    .sort((a, b) => b.from - a.from);
  const last = Math.max(...uses.map((use) => use.last));
  return {
    id: contract.id,
    from: contract.from,
    to: contract.to,
    state: stateOf(contract, view.at),
    systems: view.all('system', contract.systems),
    roster: contract.roster.map((line) => rosterLine(line, uses, view)),
    networks: contract.approvedNetworks,
    sla: contract.sla,
    workOrders: orders.slice(0, MOST_ORDERS).map((order) => orderLine(order, view)),
    workOrderCount: orders.length,
    seen: {
      events: sum(uses, 'events'),
      rows: sum(uses, 'rows'),
      privileged: sum(uses, 'privileged'),
      last: finite(last),
      ...deviations(contract, uses, view),
      afterEnd: last >= contract.to,
    },
  };
}

/** A contract that names no systems, or nobody, limits nothing. */
function deviations({ systems, roster }: Contract, uses: readonly VendorUse[], view: RegistryView) {
  const onRoster = new Set(roster.map(({ person }) => person));
  const distinct = (names: readonly string[]): string[] =>
    [...new Set(names)].filter((name) => name !== '').slice(0, 20);
  const outside = systems.length === 0 ? [] : uses.filter(({ system }) => !systems.includes(system));
  const off = roster.length === 0 ? [] : uses.filter(({ person }) => !onRoster.has(person));
  return {
    outOfScope: view.all('system', distinct(outside.map(({ system }) => system))),
    offRoster: distinct(off.map(({ actor }) => actor)).map((actor) => view.actor(actor)),
  };
}

function rosterLine(
  { person, from, to }: Contract['roster'][number],
  uses: readonly VendorUse[],
  view: RegistryView,
): RosterLine {
  return {
    ...view.named('person', person)!,
    from: finite(from),
    to: finite(to),
    active: view.at >= from && view.at < to,
    events: sum(
      uses.filter((use) => use.person === person),
      'events',
    ),
  };
}

function orderLine(
  { id, from, to, persons, systems, assets, ownerConsent, purpose }: WorkOrder,
  view: RegistryView,
): WorkOrderLine {
  return {
    ...{ id, from, to, ownerConsent, purpose },
    open: view.at >= from && view.at < to,
    persons: view.all('person', persons),
    systems: view.all('system', systems),
    assets: view.all('asset', assets),
  };
}

function stateOf({ from, to }: Contract, at: number): ContractCard['state'] {
  if (at < from) return 'to-come';
  return at < to ? 'in-force' : 'over';
}

function sum(uses: readonly VendorUse[], of: 'events' | 'rows' | 'privileged'): number {
  return uses.reduce((total, use) => total + use[of], 0);
}
