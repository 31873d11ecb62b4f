import type { RegistryInput } from '../../src/registry/schema.ts';
import { DEPARTMENTS } from '../platform/departments.ts';
import { VENDORS } from '../platform/vendors.ts';

/** Address ranges that the registry knows. Places are invented: two branch offices lie far from the city. */
export const VPN = '10.250.0.0/16';

const CITY = { latitude: 36.65, longitude: 117.12 };
const SOUTH = { latitude: 22.54, longitude: 114.06 };
const WEST = { latitude: 43.83, longitude: 87.62 };

export const NETWORKS: NonNullable<RegistryInput['networks']> = [
  ...DEPARTMENTS.map(({ id, name }, n) => ({
    id: `net-${id}`,
    name,
    site: '市级机关',
    cidrs: [`10.${20 + n}.0.0/16`],
    ...CITY,
  })),
  {
    id: 'net-data-centre',
    name: { zh: '政务数据中心', en: 'Government data centre' },
    site: '数据中心',
    cidrs: ['10.10.0.0/16'],
    ...CITY,
  },
  {
    id: 'net-south',
    name: { zh: '驻外南方办事处', en: 'Southern liaison office' },
    site: '南方办事处',
    cidrs: ['10.80.0.0/16'],
    ...SOUTH,
  },
  {
    id: 'net-west',
    name: { zh: '援建西部工作组', en: 'Western mission' },
    site: '西部工作组',
    cidrs: ['10.81.0.0/16'],
    ...WEST,
  },
  { id: 'net-vpn', name: { zh: '政务VPN', en: 'Government VPN' }, cidrs: [VPN], zone: 'vpn' as const },
  ...VENDORS.map(({ id, name }, n) => ({
    id: `net-${id}`,
    name,
    cidrs: [`172.28.${n + 1}.0/24`],
    zone: 'vendor' as const,
  })),
  {
    id: 'net-internet',
    name: { zh: '互联网出口', en: 'Internet' },
    cidrs: ['192.0.2.0/24', '198.51.100.0/24'],
    zone: 'external' as const,
  },
  {
    id: 'net-abroad',
    name: { zh: '境外云主机', en: 'Hosts abroad' },
    cidrs: ['203.0.113.0/24'],
    zone: 'external' as const,
    domestic: false,
  },
];
