import type { Bilingual } from '../../src/finding/finding.ts';
import type { Asset } from '../../src/registry/registry.ts';
import { ASSETS } from './assets.ts';
import { DEPARTMENTS, type AccessLog } from './departments.ts';

/** A system with its hosts and the vendor that runs it. */
export interface SystemOf {
  id: string;
  name: Bilingual;
  department: string;
  vendor: string;
  hosts: readonly [application: string, database: string];
  database: string;
  plane: 'business' | 'operations';
  log: AccessLog;
}

/** A dataset as the registry knows it and as its system's log names it. */
export interface AssetOf {
  id: string;
  name: Bilingual;
  names: readonly string[];
  system: string;
  owner: string;
  level: Asset['level'];
  personalInformation: Asset['personalInformation'];
  rows: number;
  sharing: Asset['sharing'];
  /** Table name: `schema.table`. */
  table: string;
  /** Path of its interface. */
  path: string;
  /** Bytes of a row in an answer. */
  rowBytes: number;
}

/** 40 systems. @param vendorOf who builds and runs the nth of them */
export function systems(vendorOf: (n: number) => string): SystemOf[] {
  return DEPARTMENTS.flatMap((department) => department.systems.map((system) => ({ department, system }))).map(
    ({ department, system }, n) => ({
      id: system.id,
      name: system.name,
      department: department.id,
      vendor: vendorOf(n),
      hosts: [`${system.id}-app`, `${system.id}-db`],
      database: `${department.id}_${system.id.slice(department.id.length + 1)}`,
      plane: system.id === 'emergency-ops' ? 'operations' : 'business',
      log: system.log,
    }),
  );
}

/** 120 datasets, dealt to the systems of their department in turn. */
export function assets(of: readonly SystemOf[]): AssetOf[] {
  return DEPARTMENTS.flatMap((department) => {
    const own = of.filter((system) => system.department === department.id);
    return ASSETS[department.id]!.map(([key, zh, en, level, personalInformation, rows, sharing], i) => {
      const system = own[i % own.length]!;
      const table = `${department.id}.${key}`;
      const path = `/api/${department.id}/${key.replaceAll('_', '-')}`;
      return {
        id: `${department.id}.${key}`,
        name: { zh, en },
        names: [`${system.database}.${table}`, path],
        system: system.id,
        owner: department.id,
        level,
        personalInformation,
        rows,
        sharing,
        table,
        path,
        rowBytes: 120 + ((i * 37 + key.length * 11) % 400),
      };
    });
  });
}
