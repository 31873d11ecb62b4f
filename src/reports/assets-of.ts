import type { RegistryView } from '../profile/registry-view.ts';
import type { Asset } from '../registry/registry.ts';
import { validAt } from '../registry/versions.ts';
import type { ReportSubject } from './report.ts';

/**
 * Assets that a report is about, by id: the one, those that the department owns or that are in its systems, or all. An asset
 * that nobody has registered is none of them.
 */
export function assetsOf(view: RegistryView, { kind, id }: ReportSubject): Asset[] {
  const { registry, at } = view;
  const all = [...Map.groupBy(registry.entries.assets, (asset) => asset.id).values()].flatMap(
    (versions) => validAt(versions, at) ?? [],
  );
  const isMeant = (asset: Asset): boolean => {
    if (kind === 'asset') return asset.id === id;
    return kind !== 'department' || asset.owner === id || registry.system(asset.system, at)?.department === id;
  };
  return all.filter(isMeant).sort((a, b) => (a.id < b.id ? -1 : 1));
}
