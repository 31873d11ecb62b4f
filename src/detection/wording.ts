import type { AssetLevel, Event } from '../event/event.ts';
import { loginOf } from '../event/login.ts';
import type { Bilingual } from '../finding/finding.ts';
import type { Registry } from '../registry/registry.ts';

/** How explanations say amounts, times and names, the same in every detector. */

/** `48,200`; `0.35` below ten when it is not whole. */
export function amount(value: number): string {
  const rounded = value < 10 ? Math.round(value * 100) / 100 : Math.round(value);
  const text = String(rounded);
  if (rounded < 1000 || text.includes('e')) return text;
  let grouped = '';
  for (let end = text.length; end > 0; end -= 3)
    grouped = text.slice(Math.max(0, end - 3), end) + (grouped === '' ? '' : `,${grouped}`);
  return grouped;
}

/** `1.5 GiB`. */
export function byteSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < 4) {
    value /= 1024;
    unit++;
  }
  return `${Math.round(value * 10) / 10} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][unit]!}`;
}

/** `10 分钟` / `10 minutes`; whole days, hours, minutes or seconds, whichever fits. */
export function duration(ms: number): Bilingual {
  if (ms >= 172_800_000 && ms % 86_400_000 === 0) return units(ms / 86_400_000, '天', 'day');
  if (ms >= 3_600_000 && ms % 3_600_000 === 0) return units(ms / 3_600_000, '小时', 'hour');
  if (ms >= 60_000) return units(Math.round(ms / 60_000), '分钟', 'minute');
  return units(Math.max(0, Math.round(ms / 1000)), '秒', 'second');
}

/** `3 days`, `1 day`. */
export function counted(n: number, noun: string): string {
  return `${amount(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** The asset by its name in the registry, with its level; as logged when the registry does not know it. */
export function assetNamed(event: Event, registry: Registry): Bilingual {
  const known = registry.asset(event.asset, event.time);
  const level = LEVELS[event.assetLevel];
  if (!known) return { zh: `「${event.asset}」${level.zh}`, en: `"${event.asset}"${level.en}` };
  return { zh: `「${known.name.zh}」${level.zh}`, en: `"${known.name.en}"${level.en}` };
}

/** Who it is: the account, with the vendor's or department's name where the registry knows one. */
export function actorNamed(event: Event, registry: Registry): Bilingual {
  const { zh, en } = loginNamed(event);
  const party =
    event.vendor === ''
      ? registry.department(event.department, event.time)?.name
      : registry.vendor(event.vendor, event.time)?.name;
  if (!party) return { zh, en };
  return { zh: `${party.zh} ${zh}`, en: `${en} of ${party.en}` };
}

/** The registry's id; with the login, which is what the logs show, where the id does not tell it. */
function loginNamed({ account, actor }: Event): Bilingual {
  if (actor === '') return { zh: account, en: account };
  const login = loginOf(account);
  if (actor.toLowerCase().includes(login)) return { zh: actor, en: actor };
  return { zh: `${login}（${actor}）`, en: `${login} (${actor})` };
}

const LEVELS: Record<AssetLevel, Bilingual> = {
  '': { zh: '', en: '' },
  core: { zh: '（核心数据）', en: ' (core data)' },
  important: { zh: '（重要数据）', en: ' (important data)' },
  'general-4': { zh: '（一般数据 4 级）', en: ' (general data, level 4)' },
  'general-3': { zh: '（一般数据 3 级）', en: ' (general data, level 3)' },
  'general-2': { zh: '（一般数据 2 级）', en: ' (general data, level 2)' },
  'general-1': { zh: '（一般数据 1 级）', en: ' (general data, level 1)' },
};

function units(n: number, zh: string, en: string): Bilingual {
  return { zh: `${amount(n)} ${zh}`, en: counted(n, en) };
}
