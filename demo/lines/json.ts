import { isoTime } from '../calendar.ts';

/** Our own JSON (src/event/formats/README.md): flat, named as the event's fields are. */
export interface DatasetAccess {
  atMs: number;
  account: string;
  clientAddress: string;
  system: string;
  asset: string;
  action: 'read' | 'query' | 'export' | 'download' | 'share' | 'update' | 'delete';
  rows: number;
  bytes: number;
  fields?: readonly string[];
  /** Identifiers of the persons whose records were touched. */
  dataSubjects?: readonly string[];
  purpose?: string;
  caseNumber?: string;
  workOrder?: string;
  recipient?: string;
  message?: string;
  /** Query string of the look-up. */
  query?: string;
  /** Default success. */
  outcome?: 'success' | 'failure';
}

export function datasetAccess(of: DatasetAccess): string {
  const { atMs, action, outcome = 'success', ...rest } = of;
  const kind = action === 'share' ? 'share' : 'dataset-access';
  return JSON.stringify({ kind, time: isoTime(atMs), action, ...rest, outcome });
}

export interface SignIn {
  atMs: number;
  account: string;
  clientAddress: string;
  system: string;
  outcome: 'success' | 'failure';
  device?: string;
  /** Who is behind the account, where a bastion knows. */
  bastionUser?: string;
}

export function signIn({ atMs, ...rest }: SignIn): string {
  return JSON.stringify({ kind: 'sign-in', time: isoTime(atMs), action: 'sign-in', ...rest });
}

export interface Administration {
  atMs: number;
  account: string;
  clientAddress: string;
  system: string;
  action: 'grant' | 'revoke' | 'account-create' | 'account-change' | 'configure';
  target: string;
  /** Right that is given or taken. */
  privilege?: string;
  workOrder?: string;
  message?: string;
}

export function administration({ atMs, ...rest }: Administration): string {
  return JSON.stringify({ kind: 'administration', time: isoTime(atMs), ...rest, outcome: 'success' });
}

export interface Maintenance {
  atMs: number;
  account: string;
  clientAddress: string;
  system: string;
  workOrder: string;
  message: string;
}

export function maintenance({ atMs, ...rest }: Maintenance): string {
  return JSON.stringify({
    kind: 'vendor-maintenance',
    time: isoTime(atMs),
    action: 'maintain',
    ...rest,
    outcome: 'success',
  });
}

export interface GatewayCall {
  atMs: number;
  /** '' when the interface is open to all. */
  account: string;
  clientAddress: string;
  /** Registry id of the gateway's system. */
  system: string;
  path: string;
  status: number;
  bytes: number;
  durationMs: number;
  /** Host that answered behind the gateway. */
  host?: string;
}

/** One call through the API gateway, as its access log in ECS JSON. */
export function gatewayCall(of: GatewayCall): string {
  return JSON.stringify({
    '@timestamp': isoTime(of.atMs),
    event: {
      kind: 'event',
      category: ['web'],
      type: ['access'],
      action: 'call',
      outcome: of.status < 400 ? 'success' : 'failure',
      duration: of.durationMs * 1_000_000,
    },
    service: { name: of.system },
    ...(of.host === undefined ? {} : { host: { name: of.host } }),
    ...(of.account === '' ? {} : { user: { name: of.account } }),
    source: { ip: of.clientAddress },
    http: { request: { method: 'GET' }, response: { status_code: of.status, body: { bytes: of.bytes } } },
    url: { path: of.path },
  });
}

/** A synthetic probe in ECS JSON, as Heartbeat writes it. */
export function probe(atMs: number, host: string, up: boolean, durationMs: number): string {
  return JSON.stringify({
    '@timestamp': isoTime(atMs),
    event: { dataset: 'uptime', outcome: up ? 'success' : 'failure', duration: durationMs * 1_000_000 },
    host: { name: host },
    service: { name: 'heartbeat' },
    monitor: { id: `tcp-${host}`, status: up ? 'up' : 'down' },
    message: up ? 'connection established' : 'connection refused',
  });
}
