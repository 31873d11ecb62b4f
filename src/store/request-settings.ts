import { StoreError } from './store-error.ts';
import { SqlTokens } from './sql-tokens.ts';

/** What a request may set by its URL. Values beyond these stay as the profile of the embedded store has them. */
const OFFERED = new Set([
  'max_execution_time',
  'max_memory_usage',
  'max_threads',
  'max_rows_to_read',
  'max_bytes_to_read',
  'max_result_rows',
  'max_result_bytes',
  'result_overflow_mode',
  'read_overflow_mode',
  'max_block_size',
  'max_insert_block_size',
  'final',
  'limit',
  'offset',
  'extremes',
  'join_use_nulls',
  'session_timezone',
  'date_time_input_format',
  'date_time_output_format',
  'output_format_json_quote_64bit_integers',
  'output_format_json_quote_denormals',
  'output_format_json_named_tuples_as_objects',
  'input_format_skip_unknown_fields',
  'input_format_null_as_default',
  'input_format_defaults_for_omitted_fields',
  'materialize_ttl_after_modify',
  'mutations_sync',
  'alter_sync',
  'optimize_throw_if_noop',
  'use_query_condition_cache',
  'max_query_size',
  'max_bytes_before_external_group_by',
  'max_bytes_before_external_sort',
  'os_threads_nice_value_query',
]);

/** Parameters of the HTTP interface that are no settings of the engine, or have no effect on a single request here. */
const INTERFACE = new Set(
  (
    'query query_id readonly database default_format user password role session_id session_timeout session_check compress ' +
    'decompress quota_key stacktrace wait_end_of_query buffer_size enable_http_compression http_zlib_compression_level ' +
    'send_progress_in_http_headers http_headers_progress_interval_ms http_write_exception_in_output_format ' +
    'http_response_buffer_size log_queries log_comment async_insert wait_for_async_insert insert_deduplicate ' +
    'cancel_http_readonly_queries_on_client_close client_protocol_version http_make_head_request workload'
  ).split(' '),
);

/**
 * The settings of a request, each checked against the fixed list.
 * @throws StoreError SETTING_CONSTRAINT_VIOLATION for one that is not offered.
 */
export function settingsOf(parameters: URLSearchParams): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (INTERFACE.has(name) || name.startsWith('param_')) continue;
    if (!OFFERED.has(name))
      throw new StoreError('SETTING_CONSTRAINT_VIOLATION', `Setting ${name} is not offered by the embedded store`);
    settings.set(name, value);
  }
  return settings;
}

/**
 * The values for the `{name:Type}` placeholders of a statement, and no others: a connection remembers parameters, so a
 * placeholder without a value must not meet the one of an earlier request. A view may have parameters of its own, which it gets
 * when it is read.
 * @throws StoreError UNKNOWN_QUERY_PARAMETER
 */
export function parametersOf(sql: string, parameters: URLSearchParams): Map<string, string> {
  const makesView = /^CREATE (?:OR REPLACE )?VIEW\b/i.test(sql);
  const bound = new Map<string, string>();
  if (!sql.includes('{')) return bound;
  const tokens = new SqlTokens(sql);
  while (tokens.next()) {
    if (!tokens.is('{')) continue;
    const name = placeholderAt(sql, tokens.end);
    if (name === undefined) continue;
    const value = parameters.get(`param_${name}`);
    if (value === null && makesView) continue;
    if (value === null) throw new StoreError('UNKNOWN_QUERY_PARAMETER', `Substitution \`${name}\` is not set`);
    bound.set(name, value);
  }
  return bound;
}

function placeholderAt(sql: string, from: number): string | undefined {
  const ahead = new SqlTokens(sql, from);
  ahead.next();
  if (ahead.kind !== 'word') return undefined;
  const name = sql.slice(ahead.start, ahead.end);
  ahead.next();
  return ahead.is(':') ? name : undefined;
}

/** A string literal that the engine reads back as `text`, whatever is in it. */
export function literal(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`;
}

/** A quoted identifier. */
export function identifier(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&').replaceAll('\0', '\\0')}\``;
}
