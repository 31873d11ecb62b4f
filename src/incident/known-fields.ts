import type { Bilingual } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { RegistryView } from '../profile/registry-view.ts';
import { zoneClock } from '../registry/local-time.ts';
import type { ReportFieldName } from './report-fields.ts';

/** What Wanglou can fill in by itself, in Chinese: the report goes to a Chinese authority. Persons correct it. */
export function knownFields(
  incident: Incident,
  detectedAt: number,
  view: RegistryView,
): Partial<Record<ReportFieldName, string>> {
  const { steps, explanation, title } = incident;
  const systems = named(
    steps.map(({ system }) => system),
    (id) => view.named('system', id)?.name,
  );
  const assets = named(
    steps.map(({ asset }) => asset),
    (id) => view.named('asset', id)?.name,
  );
  const timeZone = view.registry.timeZone(incident.department);
  const time = (at: number): string => localTime(at, timeZone);
  const actors = named(
    steps.map(({ actor }) => actor),
    (id) => view.actor(id).name,
  );
  const vendors = named(
    steps.map(({ vendor }) => vendor),
    (id) => view.named('vendor', id)?.name,
  );
  const addresses = named(
    steps.map(({ clientAddress }) => clientAddress),
    () => undefined,
  );
  const known: Record<string, string> = {
    unit: unitOf(incident, view),
    systems: listed([
      ['系统', systems],
      ['数据资产', assets],
    ]),
    time: `发生 ${time(incident.firstTime)} 至 ${time(incident.lastTime)}，发现 ${time(detectedAt)}（${timeZone}）`,
    type: `数据安全事件：${title.zh}`,
    cause: explanation.zh,
    clues: listed([
      ['行为人', actors],
      ['服务商', vendors],
      ['来源地址', addresses],
    ]),
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== ''));
}

/** Who answers for the data: its owner, else the department of the system, else that of the actor. */
function unitOf(incident: Incident, view: RegistryView): string {
  const { registry, at } = view;
  const step = incident.steps.findLast(({ asset }) => registry.asset(asset, at)?.owner);
  const owner = registry.asset(step?.asset ?? '', at)?.owner ?? '';
  const id = owner || (registry.system(incident.system, at)?.department ?? '') || incident.department;
  return id === '' ? '' : nameWithId(id, view.named('department', id)?.name);
}

const MOST_NAMED = 8;
/** A name from a log line can be as long as the line. */
const LONGEST_NAME = 120;

function short(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

function named(ids: readonly string[], nameOf: (id: string) => Bilingual | undefined): string {
  const once = [...new Set(ids.filter((id) => id !== ''))];
  const shown = once.slice(0, MOST_NAMED).map((id) => nameWithId(id, nameOf(id)));
  return `${shown.join('、')}${once.length > MOST_NAMED ? ` 等 ${once.length} 个` : ''}`;
}

function nameWithId(id: string, name: Bilingual | undefined): string {
  return name === undefined || name.zh === id ? short(id) : `${short(name.zh)}（${short(id)}）`;
}

function listed(parts: readonly (readonly [name: string, value: string])[]): string {
  return parts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}：${value}`)
    .join('；');
}

/** `2026-11-24 09:41:07` */
export function localTime(at: number, timeZone: string): string {
  return new Date(at + zoneClock(timeZone).offsetMs(at)).toISOString().slice(0, 19).replace('T', ' ');
}
