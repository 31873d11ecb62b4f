import type { Event } from '../../src/event/event.ts';
import type { RegistryInput } from '../../src/registry/schema.ts';
import { access, townRegistry } from './town.ts';

type Grants = NonNullable<RegistryInput['grants']>;

/** A grant of the asset `recipients` to the culture bureau for the year 2026, unless said otherwise. */
export const grant = (fields: Partial<Grants[number]> = {}): Grants[number] => ({
  id: 'SQ-1',
  asset: 'recipients',
  recipient: 'culture',
  from: '2026-01-01',
  to: '2026-10-31',
  ...fields,
});

/** The town with a second bureau, a third, and owners for its assets. */
export function sharingTown(grants: Grants = [], more: RegistryInput = {}) {
  return townRegistry({
    departments: [
      { id: 'civil', name: { zh: '民政局', en: 'Civil Affairs Bureau' } },
      { id: 'relief', name: { zh: '救助科', en: 'Relief Section' }, parent: 'civil' },
      { id: 'culture', name: { zh: '文旅局', en: 'Culture Bureau' } },
      { id: 'museum', name: { zh: '博物馆', en: 'Museum' }, parent: 'culture' },
      { id: 'transport', name: { zh: '交通局', en: 'Transport Bureau' } },
    ],
    persons: [
      { id: 'p-chen', name: '陈杰', department: 'culture' },
      { id: 'p-wang', name: '王芳', department: 'civil' },
    ],
    systems: [
      {
        id: 'aid',
        name: { zh: '救助系统', en: 'Aid system' },
        department: 'civil',
        hosts: ['aid01'],
        runBy: 'yunzhan',
      },
      { id: 'tickets', name: { zh: '票务系统', en: 'Ticket system' }, department: 'culture' },
      { id: 'ops', name: { zh: '运维平台', en: 'Operations platform' }, plane: 'operations', hosts: ['ops01'] },
    ],
    assets: [
      { id: 'recipients', name: { zh: '低保对象信息', en: 'Aid recipients' }, level: 'important', owner: 'civil' },
      {
        id: 'extract',
        name: { zh: '低保摘要', en: 'Aid extract' },
        level: 'important',
        owner: 'culture',
        derivedFrom: ['recipients'],
      },
      {
        id: 'secret',
        name: { zh: '涉密名单', en: 'Sealed list' },
        level: 'core',
        owner: 'civil',
        sharing: 'not-shared',
      },
      {
        id: 'open',
        name: { zh: '公开目录', en: 'Open catalogue' },
        level: 'general-1',
        owner: 'civil',
        sharing: 'unconditional',
      },
      { id: 'minor', name: { zh: '一般数据', en: 'Minor data' }, level: 'general-2', owner: 'civil' },
      {
        id: 'persons',
        name: { zh: '人员信息', en: 'Persons' },
        level: 'general-3',
        owner: 'civil',
        personalInformation: 'personal',
      },
    ],
    grants,
    ...more,
  });
}

/** A use of the civil bureau's data by somebody of the culture bureau. */
export const use = (iso: string, fields: Partial<Event> = {}): Event =>
  access(iso, { actor: 'chenjie', department: 'culture', person: 'p-chen', ...fields });
