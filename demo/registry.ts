import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RegistryInput } from '../src/registry/schema.ts';
import { addDays, daysBetween, isoTime, isWorkday, ZONE } from './calendar.ts';
import { HISTORY_DAYS } from './history-days.ts';
import type { Platform } from './platform.ts';
import { DEPARTMENTS } from './platform/departments.ts';
import type { Actor } from './platform/people.ts';
import { SOURCES } from './platform/sources.ts';
import { VENDORS } from './platform/vendors.ts';

/** First line of the files, by which the demo knows its own. */
export const REGISTRY_MARK = '# Written by the demo.';

/** Writes the platform as the registry's YAML folder (src/registry/README.md); makes the folder. */
export function writeRegistry(folder: string, platform: Platform, lists = registryEntries(platform)): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, entries] of Object.entries(lists))
    writeFileSync(join(folder, `${name}.yaml`), `${REGISTRY_MARK}\n${stringify(entries)}`);
}

const ROSTER_DAYS_AHEAD = 60;

/** The department whose duty roster covers the evening of the day. */
export const DUTY_DEPARTMENT = 'emergency';

export function dutyEvening(day: string): { from: string; to: string } {
  return { from: `${day}T17:00`, to: `${day}T23:30` };
}

/** Colleagues take turns on the mornings of rest days; the rosters cover the history and the days after the demo's. */
function dutyMornings(day: string): { from: string; to: string }[] {
  return daysBetween(addDays(day, -HISTORY_DAYS), addDays(day, ROSTER_DAYS_AHEAD))
    .filter((one) => !isWorkday(one))
    .map((one) => ({ from: `${one}T08:30`, to: `${one}T12:30` }));
}

/** The registry's files by name, as plain objects. */
export function registryEntries(platform: Platform): Required<RegistryInput> {
  return {
    departments: DEPARTMENTS.map(({ id, name, workingHours }) => ({
      id,
      name,
      timeZone: ZONE,
      workingHours: [`${clock(workingHours.from)}-${clock(workingHours.to)}`],
      duty: [...dutyMornings(platform.day), ...(id === DUTY_DEPARTMENT ? [dutyEvening(platform.day)] : [])],
    })),
    systems: platform.systems.map(({ id, name, department, vendor, hosts, plane }) => ({
      id,
      name,
      department,
      builtBy: vendor,
      runBy: vendor,
      hosts: [...hosts],
      plane,
    })),
    assets: platform.assets.map(({ id, name, names, system, owner, level, personalInformation, rows, sharing }) => ({
      id,
      name,
      names: [...names],
      system,
      owner,
      level,
      personalInformation,
      rows,
      sharing,
    })),
    accounts: [...platform.officers, ...platform.staff, ...platform.services].map(accountEntry),
    vendors: VENDORS.map(({ id, name, creditCode }) => ({ id, name, creditCode })),
    contracts: platform.contracts.map(({ id, vendor, systems, from, to, roster }) => ({
      id,
      vendor,
      systems: [...systems],
      from: dateTime(from),
      to: dateTime(to),
      roster: roster.map((entry) => ({ person: entry.person, from: dateTime(entry.from), to: dateTime(entry.to) })),
    })),
    persons: [],
    grants: [],
    cases: [],
    'work-orders': [],
    'watch-tags': [],
    networks: [],
    calendar: [],
    sources: SOURCES.map(({ id, name, system, address }) => ({
      id,
      name,
      ...(system === '' ? {} : { system }),
      timeZone: ZONE,
      addresses: [address],
    })),
  };
}

function accountEntry(actor: Actor): Required<RegistryInput>['accounts'][number] {
  return {
    id: actor.id,
    login: actor.login,
    ...(actor.person === '' ? {} : { person: actor.person, personName: actor.personName }),
    ...(actor.department === '' ? {} : { department: actor.department }),
    ...(actor.vendor === '' ? {} : { vendor: actor.vendor }),
    role: actor.role,
    privileged: actor.privileged,
    openedAt: dateTime(actor.openedAt),
  };
}

/** 510 → `08:30`. */
function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** `2026-11-20T09:00:00+08:00`: whole seconds, as people write dates. */
function dateTime(atMs: number): string {
  return isoTime(atMs).replace(/\.\d+/, '');
}
