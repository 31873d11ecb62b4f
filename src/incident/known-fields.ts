import type { Bilingual } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { RegistryView } from '../profile/registry-view.ts';
import { zoneClock } from '../registry/local-time.ts';
import type { ReportFieldName } from './report-fields.ts';

/** What Wanglou can fill in by itself; persons check and correct it. */
export function knownFields(
  incident: Incident,
  detectedAt: number,
  view: RegistryView,
): Partial<Record<ReportFieldName, Bilingual>> {
  const { steps, explanation, title } = incident;
  const timeZone = view.registry.timeZone(incident.department);
  const [from, to, found] = [incident.firstTime, incident.lastTime, detectedAt].map((at) => localTime(at, timeZone));
  const names = (field: 'system' | 'asset' | 'actor' | 'vendor' | 'clientAddress', nameOf: NameOf): Bilingual =>
    named(new Set(steps.map((step) => step[field])), nameOf);
  const unit = unitOf(incident, view);
  return {
    ...(unit && { unit }),
    ...listed('systems', [
      [{ zh: '系统', en: 'Systems' }, names('system', (id) => view.named('system', id)?.name)],
      [{ zh: '数据资产', en: 'Data assets' }, names('asset', (id) => view.named('asset', id)?.name)],
    ]),
    time: {
      zh: `发生 ${from!} 至 ${to!}，发现 ${found!}（${timeZone}）`,
      en: `Happened ${from!} to ${to!}, found ${found!} (${timeZone})`,
    },
    type: { zh: `数据安全事件：${title.zh}`, en: `Data security incident: ${title.en}` },
    cause: explanation,
    ...listed('clues', [
      [{ zh: '行为人', en: 'Actors' }, names('actor', (id) => view.actor(id).name)],
      [{ zh: '服务商', en: 'Vendors' }, names('vendor', (id) => view.named('vendor', id)?.name)],
      [{ zh: '来源地址', en: 'Addresses' }, names('clientAddress', () => undefined)],
    ]),
  };
}

type NameOf = (id: string) => Bilingual | undefined;

/** Who answers for the data: its owner, else the department of the system, else that of the actor. */
function unitOf(incident: Incident, view: RegistryView): Bilingual | undefined {
  const { registry, at } = view;
  const step = incident.steps.findLast(({ asset }) => registry.asset(asset, at)?.owner);
  const owner = registry.asset(step?.asset ?? '', at)?.owner ?? '';
  const id = owner || (registry.system(incident.system, at)?.department ?? '') || incident.department;
  return id === '' ? undefined : withId(id, view.named('department', id)?.name);
}

const MOST_NAMED = 8;
/** A name from a log line can be as long as the line. */
const LONGEST_NAME = 120;

function named(ids: ReadonlySet<string>, nameOf: NameOf): Bilingual {
  const stated = [...ids].filter((id) => id !== '');
  const shown = stated.slice(0, MOST_NAMED).map((id) => withId(id, nameOf(id)));
  const isMore = stated.length > MOST_NAMED;
  return {
    zh: `${shown.map(({ zh }) => zh).join('、')}${isMore ? ` 等 ${stated.length} 个` : ''}`,
    en: `${shown.map(({ en }) => en).join(', ')}${isMore ? ` and others, ${stated.length} in all` : ''}`,
  };
}

function withId(id: string, name: Bilingual | undefined): Bilingual {
  const both = name ?? { zh: id, en: id };
  const told = (text: string, before: string, after: string): string =>
    text === id ? short(id) : `${short(text)}${before}${short(id)}${after}`;
  return { zh: told(both.zh, '（', '）'), en: told(both.en, ' (', ')') };
}

function short(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

/** The field with each part that says something; none when no part does. */
function listed(
  field: ReportFieldName,
  parts: readonly (readonly [name: Bilingual, value: Bilingual])[],
): Partial<Record<ReportFieldName, Bilingual>> {
  const stated = parts.filter(([, { zh }]) => zh !== '');
  if (stated.length === 0) return {};
  return {
    [field]: {
      zh: stated.map(([name, value]) => `${name.zh}：${value.zh}`).join('；'),
      en: stated.map(([name, value]) => `${name.en}: ${value.en}`).join('; '),
    },
  };
}

/** `2026-11-24 09:41:07` */
export function localTime(at: number, timeZone: string): string {
  return new Date(at + zoneClock(timeZone).offsetMs(at)).toISOString().slice(0, 19).replace('T', ' ');
}
