import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../dashboards/grafana/', import.meta.url);

export interface Target {
  datasource: { type: string; uid: string };
  rawSql: string;
  /** 0 for a time series, 1 for a table. */
  format: number;
  refId: string;
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description: string;
  datasource: { type: string; uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets: Target[];
}

export interface Variable {
  name: string;
  type: 'query' | 'custom';
  datasource?: { type: string; uid: string };
  query: string | { rawSql: string };
}

export interface Dashboard {
  uid: string;
  title: string;
  description: string;
  panels: Panel[];
  templating: { list: Variable[] };
  time: { from: string; to: string };
}

export function readGrafana(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}

/** By file name. */
export function readDashboards(): Map<string, Dashboard> {
  const files = readdirSync(new URL('dashboards/', FOLDER)).filter((name) => name.endsWith('.json'));
  return new Map(files.map((name) => [name, JSON.parse(readGrafana(`dashboards/${name}`)) as Dashboard]));
}

/** Columns of each table that the account of Grafana may read; undefined for all. */
export function grants(): Map<string, string[] | undefined> {
  const lines = readGrafana('user.sql').matchAll(
    /^GRANT SELECT(?:\(([^)]+)\))? ON (?:wanglou\.)?(\S+) TO wanglou_grafana;$/gm,
  );
  return new Map([...lines].map(([, columns, table]) => [table!, columns?.split(', ')]));
}

/**
 * A query as the plugin sends it for a range, ms since the Unix epoch, and the values chosen for variables; none for all.
 * (What the macros mean is in the plugin's README.)
 */
export function expanded(
  sql: string,
  { from, to, stepSeconds }: { from: number; to: number; stepSeconds: number },
  chosen: Readonly<Record<string, readonly string[]>> = {},
): string {
  const at = (ms: number): string => `toDateTime(${Math.floor(ms / 1_000)})`;
  const quoted = (name: string): string =>
    (chosen[name] ?? []).map((value) => `'${value.replaceAll("'", "''")}'`).join(',');
  return sql
    .replace(/\$__conditionalAll\((.+?), \$(\w+)\)/g, (_, condition: string, name: string) =>
      chosen[name] === undefined ? '1=1' : condition,
    )
    .replace(/\$\{(\w+):singlequote\}/g, (_, name: string) => quoted(name))
    .replace(/\$__timeFilter\((\w+)\)/g, (_, column: string) => `${column} >= ${at(from)} AND ${column} <= ${at(to)}`)
    .replace(
      /\$__timeInterval\((\w+)\)/g,
      (_, column: string) => `toStartOfInterval(toDateTime(${column}), INTERVAL ${stepSeconds} second)`,
    )
    .replace(/\$__fromTime\b/g, at(from))
    .replace(/\$__toTime\b/g, at(to));
}
