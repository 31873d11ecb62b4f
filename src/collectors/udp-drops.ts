import { readFileSync } from 'node:fs';

/**
 * Datagrams that the kernel dropped on sockets bound to the port, because its receive buffer was full: the `drops` column of
 * /proc/net/udp and udp6. Undefined where there is no such file.
 */
export function kernelDrops(port: number): number | undefined {
  const tables = ['/proc/net/udp', '/proc/net/udp6'].map(readTable).filter((table) => table !== undefined);
  if (tables.length === 0) return undefined;
  return tables.reduce((sum, table) => sum + dropsIn(table, port), 0);
}

/** @param table content of /proc/net/udp; the local address is the 2nd column, `hex address:hex port`, drops the last. */
export function dropsIn(table: string, port: number): number {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  let drops = 0;
  for (const line of table.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/);
    if (columns[1]?.endsWith(suffix)) drops += Number(columns.at(-1)) || 0;
  }
  return drops;
}

function readTable(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
