import { isGrantedTo, isWithin } from '../detection/authorization.ts';
import type { Finding } from '../finding/finding.ts';
import { finite, text, type Named, type RegistryView } from '../profile/registry-view.ts';
import type { Grant } from '../registry/registry.ts';
import type { FindingParties, Span } from './finding-context.ts';

type Parties = Omit<FindingParties, 'incidents'>;

/** Who and what a finding is about, as the registry had it at the view's time. */
export function partiesOf(finding: Finding, view: RegistryView): Parties {
  const grants = grantsFor(finding, view);
  const all = finding.asset === '' ? [] : view.registry.grantsOn(assetId(finding, view));
  return {
    asOf: view.at,
    actor: actorOf(finding, view),
    department: view.named('department', finding.department) ?? null,
    vendor: vendorOf(finding, view),
    asset: assetOf(finding, view),
    system: systemOf(finding, view),
    right: rightOf(finding, grants, view),
    grants: view.grants(grants),
    otherGrants: new Set(all.filter((grant) => !grants.includes(grant)).map(({ id }) => id)).size,
  };
}

/** What decided whether the actor might: contracts and assignments of a vendor, work orders of the days around, grants. */
export function spansOf(finding: Finding, view: RegistryView): Span[] {
  const { registry } = view;
  const grants = grantsFor(finding, view).map(({ id, from, to, revokedAt }): Span => {
    return { kind: 'grant', id, from: finite(from), to: finite(Math.min(to, revokedAt)) };
  });
  if (finding.vendor === '') return grants;
  const contracts = registry
    .contractsOf(finding.vendor)
    .flatMap(({ id, from, to, roster }): Span[] => [
      { kind: 'contract', id, from: finite(from), to: finite(to) },
      ...roster
        .filter(({ person }) => person === finding.person)
        .map((one): Span => ({ kind: 'assignment', id, from: finite(one.from), to: finite(one.to) })),
    ]);
  const orders = registry
    .workOrdersOf(finding.vendor)
    .filter(({ from, to }) => Math.abs(to - view.at) < ORDERS_MS || Math.abs(from - view.at) < ORDERS_MS)
    .filter(({ systems }) => finding.system === '' || systems.length === 0 || systems.includes(finding.system))
    .map(({ id, from, to }): Span => ({ kind: 'work-order', id, from: finite(from), to: finite(to) }));
  return [...contracts, ...orders.slice(0, MOST_ORDERS), ...grants];
}

const ORDERS_MS = 28 * 86_400_000;
const MOST_ORDERS = 12;

/** Logs carry names, the registry's grants have ids. */
function assetId({ asset }: Finding, view: RegistryView): string {
  return view.registry.asset(asset, view.at)?.id ?? asset;
}

function grantsFor(finding: Finding, view: RegistryView): Grant[] {
  if (finding.asset === '') return [];
  const { department, person, system } = finding;
  const role = text(view.entry('accounts', finding.actor), 'role');
  const user = { department, person, system, role, time: view.at };
  return view.registry.grantsOn(assetId(finding, view)).filter((grant) => isGrantedTo(grant, user, view.registry));
}

function rightOf(finding: Finding, grants: readonly Grant[], view: RegistryView): Parties['right'] {
  if (finding.asset === '') return 'no-asset';
  const { registry, at } = view;
  const asset = registry.asset(finding.asset, at);
  if (asset === undefined) return 'unknown';
  if (asset.owner !== '' && isWithin(finding.department, asset.owner, registry, at)) return 'own';
  if (grants.some(({ from, to, revokedAt }) => at >= from && at < Math.min(to, revokedAt))) return 'granted';
  if (asset.sharing === 'unconditional') return 'free';
  return grants.length > 0 ? 'over' : 'none';
}

function actorOf({ actor }: Finding, view: RegistryView): Parties['actor'] {
  if (actor === '') return null;
  const entry = view.entry('accounts', actor) as { privileged?: boolean } | undefined;
  return { ...view.actor(actor), role: text(entry, 'role'), privileged: entry?.privileged === true };
}

function vendorOf({ vendor }: Finding, view: RegistryView): Parties['vendor'] {
  const named = view.named('vendor', vendor);
  return named === undefined ? null : { ...named, contacts: view.registry.vendor(vendor, view.at)?.contacts ?? [] };
}

function assetOf({ asset: name }: Finding, view: RegistryView): Parties['asset'] {
  const named = view.named('asset', name);
  if (named === undefined) return null;
  const asset = view.registry.asset(name, view.at);
  const { level = '', personalInformation = '', sharing = '', rows = 0 } = asset ?? {};
  return {
    ...{ ...named, level, personalInformation, sharing, rows },
    owner: department(asset?.owner, view),
    supervisor: department(asset?.supervisor, view),
  };
}

function systemOf(finding: Finding, view: RegistryView): Parties['system'] {
  const named = view.named('system', finding.system || (view.registry.asset(finding.asset, view.at)?.system ?? ''));
  if (named === undefined) return null;
  const system = view.registry.system(named.id, view.at);
  return {
    ...named,
    department: department(system?.department, view),
    runBy: view.named('vendor', system?.runBy ?? '') ?? null,
    builtBy: view.named('vendor', system?.builtBy ?? '') ?? null,
  };
}

function department(id: string | undefined, view: RegistryView): Named | null {
  return view.named('department', id ?? '') ?? null;
}
