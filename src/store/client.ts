import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';

export type StoreClient = ClickHouseClient;

export interface StoreAddress {
  /** HTTP address: of the embedded store or of a ClickHouse server. */
  url: string;
  user: string;
  password: string;
  database: string;
  /** PEM: CA of the server, and our own certificate with its key; none for what the system trusts. */
  tls?: { ca_cert: Buffer; cert?: Buffer; key?: Buffer };
}

/** The client tells TLS with a certificate of our own from TLS without one by which fields there are. */
function tlsOf({ ca_cert, cert, key }: NonNullable<StoreAddress['tls']>) {
  return cert === undefined || key === undefined ? { ca_cert } : { ca_cert, cert, key };
}

/** The one way to the store, embedded or not. Errors are ClickHouse's own, with `code` and `type`. */
export function storeClient(address: StoreAddress, requestTimeoutMs = 120_000): StoreClient {
  return createClient({
    url: address.url,
    username: address.user,
    password: address.password,
    database: address.database,
    ...(address.tls && { tls: tlsOf(address.tls) }),
    request_timeout: requestTimeoutMs,
    max_open_connections: 16,
    // Below the 30 s of the embedded server, so that no request goes out on a connection that is being closed.
    keep_alive: { enabled: true, idle_socket_ttl: 2_500 },
    log: { level: ClickHouseLogLevel.OFF },
  });
}

/** Whether trying again later can help: the store is away, starting, busy or short of memory, rather than asked wrongly. */
export function isPassing(error: unknown): boolean {
  const code = Number((error as { code?: unknown }).code);
  if (Number.isNaN(code)) return true; // no answer at all: ECONNREFUSED, ECONNRESET, a time-out
  return PASSING.has(code);
}

/** TIMEOUT_EXCEEDED, TOO_MANY_SIMULTANEOUS_QUERIES, NETWORK_ERROR, NOT_ENOUGH_SPACE, MEMORY_LIMIT_EXCEEDED, TOO_MANY_PARTS, … */
const PASSING = new Set([159, 202, 209, 210, 236, 241, 243, 252, 279, 319, 394, 425, 439, 999, 1000]);
