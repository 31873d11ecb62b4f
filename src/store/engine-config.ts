import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface EngineLimits {
  /** Memory that the whole engine may use, bytes. */
  maxMemoryBytes: number;
  /** Longest run of a query, ms; a request may ask for less, or for more up to an hour. */
  maxExecutionMs: number;
  /** Largest result, bytes before formatting. */
  maxResultBytes: number;
}

/**
 * Writes the engine's server configuration and users into the folder; returns the path for `--config-file`.
 *
 * The role `client` is what statements from outside run with: it reaches tables, and no file, address or program. The two
 * background threads leave the machine to ingest; the caches are small, because the memory is shared with everything else.
 */
export function writeEngineConfig(folder: string, limits: EngineLimits): string {
  mkdirSync(folder, { recursive: true });
  const users = join(folder, 'users.xml');
  const server = join(folder, 'config.xml');
  writeFileSync(users, usersXml(limits));
  writeFileSync(server, serverXml(users, limits));
  return server;
}

/** The profile's values: what a connection goes back to after a request that set its own (DEFAULT would lift the limit). */
export function profileOf(limits: EngineLimits): Map<string, string> {
  const perQuery = Math.round(limits.maxMemoryBytes * 0.6);
  return new Map([
    ['max_memory_usage', String(perQuery)],
    ['max_execution_time', String(limits.maxExecutionMs / 1000)],
    ['max_result_bytes', String(limits.maxResultBytes)],
    ['max_bytes_before_external_group_by', String(Math.round(perQuery / 2))],
    ['max_bytes_before_external_sort', String(Math.round(perQuery / 2))],
  ]);
}

function serverXml(users: string, limits: EngineLimits): string {
  const cacheBytes = Math.round(limits.maxMemoryBytes / 16);
  const caches = [
    'mark',
    'index_mark',
    'primary_index',
    'text_index_tokens',
    'text_index_header',
    'text_index_postings',
  ];
  return `<clickhouse>
  <users_config>${escapeXml(users)}</users_config>
  <logger><level>none</level></logger>
  <max_server_memory_usage>${limits.maxMemoryBytes}</max_server_memory_usage>
${caches.map((name) => `  <${name}_cache_size>${cacheBytes}</${name}_cache_size>`).join('\n')}
  <background_pool_size>2</background_pool_size>
  <background_merges_mutations_concurrency_ratio>1</background_merges_mutations_concurrency_ratio>
  <background_schedule_pool_size>4</background_schedule_pool_size>
</clickhouse>
`;
}

function usersXml(limits: EngineLimits): string {
  const perQuery = profileOf(limits).get('max_memory_usage')!;
  return `<clickhouse>
  <profiles><default>
${[...profileOf(limits)].map(([name, value]) => `    <${name}>${value}</${name}>`).join('\n')}
    <max_query_size>${64 * 1024 * 1024}</max_query_size>
    <materialize_skip_indexes_on_insert>0</materialize_skip_indexes_on_insert>
    <optimize_on_insert>0</optimize_on_insert>
    <allow_introspection_functions>0</allow_introspection_functions>
    <constraints>
      <max_memory_usage><min>1</min><max>${perQuery}</max></max_memory_usage>
      <max_execution_time><max>3600</max></max_execution_time>
      <max_result_bytes><min>1</min><max>${limits.maxResultBytes}</max></max_result_bytes>
      <format_schema><readonly/></format_schema>
      <format_template_row><readonly/></format_template_row>
      <format_template_resultset><readonly/></format_template_resultset>
    </constraints>
  </default></profiles>
  <quotas><default/></quotas>
  <users><default>
    <password></password>
    <networks><ip>::/0</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
    <grants><query>GRANT client</query></grants>
  </default></users>
  <roles><client><grants>
    <query>GRANT SHOW, SELECT, INSERT, ALTER, CREATE, DROP, TRUNCATE, OPTIMIZE, KILL QUERY ON *.*</query>
    <query>GRANT TABLE ENGINE ON *</query>
    <query>REVOKE CREATE FUNCTION, DROP FUNCTION ON *.*</query>
  </grants></client></roles>
</clickhouse>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
