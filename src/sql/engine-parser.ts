import type { StoreClient } from '../store/client.ts';
import type { Parser } from './gate.ts';

const PARSING = { max_execution_time: 5, max_memory_usage: '200000000' } as const;

/** The parser of the store: it reads statements and runs none of them. */
export function engineParser(client: StoreClient): Parser {
  const rows = async (query: string, query_params: Record<string, unknown>): Promise<string[]> => {
    const clickhouse_settings = { ...PARSING, workload: 'hunting' };
    const result = await client.query({ query, query_params, clickhouse_settings, format: 'JSONCompactEachRow' });
    return (await result.json<[string]>()).map(([text]) => text);
  };
  return {
    formatted: async (sql) => (await rows('SELECT formatQuerySingleLine({q:String})', { q: sql }))[0] ?? '',
    tree: async (sql, parameters) => rows(`EXPLAIN AST ${sql}`, { ...parameters }),
  };
}
