import { readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { readTokens } from './access/tokens.ts';
import type { Config } from './config.ts';
import { WanglouError } from './errors.ts';
import { isPassing, storeClient, type StoreAddress } from './store/client.ts';

/** Where the store is, and how to be let in: a ClickHouse server, or the embedded store with the password that it drew. */
export async function storeAddress(config: Config): Promise<StoreAddress> {
  const { clickhouseUser: user, clickhousePassword, clickhouseDatabase: database } = config;
  const { clickhouseUrl: url, clickhouseCa, clickhouseCert, clickhouseKey } = config;
  const pair = clickhouseCert === '' ? {} : { cert: readFileSync(clickhouseCert), key: readFileSync(clickhouseKey) };
  const tls = clickhouseCa === '' ? {} : { tls: { ca_cert: readFileSync(clickhouseCa), ...pair } };
  if (url !== '') return { url, user, password: clickhousePassword, database, ...tls };
  const { store: password } = await readTokens(config);
  return { url: `http://127.0.0.1:${config.storePort}`, user: 'default', password, database };
}

/** Sends one ClickHouse statement to the store and prints what it answers. */
export async function ask(config: Config, sql: string, format: string): Promise<void> {
  const address = await storeAddress(config);
  const client = storeClient(address);
  try {
    const { stream } = await client.exec({ query: sql, http_headers: { 'X-ClickHouse-Format': format } });
    await pipeline(stream, process.stdout, { end: false });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (isPassing(error)) throw new WanglouError('WL_STORE_AWAY', `${address.url}: ${reason}`, { cause: error });
    throw new WanglouError('WL_QUERY_INVALID', reason, { remedy: 'Correct the statement.', cause: error });
  } finally {
    await client.close();
  }
}
