import { hostLine, port } from '../activity/hosts.ts';
import { signInLine } from '../activity/sign-ins.ts';
import type { Line } from '../line.ts';
import {
  administration,
  datasetAccess,
  maintenance,
  type Administration,
  type DatasetAccess,
  type SignIn,
} from '../lines/json.ts';
import { acceptedKey, sudo } from '../lines/sshd.ts';
import type { AssetOf } from '../platform/catalogue.ts';
import type { Actor } from '../platform/people.ts';
import type { Random } from '../random.ts';

/** Single acts as the programs that see them write them down. */

const LEAST_BYTES = 64;

type Who = Pick<Actor, 'login' | 'address'>;

export type Use = {
  atMs: number;
  actor: Who;
  asset: AssetOf;
  rows: number;
  action?: DatasetAccess['action'];
} & Partial<
  Pick<
    DatasetAccess,
    'fields' | 'dataSubjects' | 'purpose' | 'caseNumber' | 'workOrder' | 'recipient' | 'message' | 'query' | 'outcome'
  >
>;

/** A dataset is used through its application, whose access log states what was used and what for. */
export function accessed({ atMs, actor, asset, rows, action = 'query', ...stated }: Use): Line {
  const line = datasetAccess({
    atMs,
    account: actor.login,
    clientAddress: actor.address,
    system: asset.system,
    asset: asset.names[0]!,
    action,
    rows,
    // An answer without rows, or a refusal, is some bytes long too.
    bytes: Math.max(LEAST_BYTES, rows * asset.rowBytes),
    ...stated,
  });
  return { atMs, source: 'applications', transport: 'ingest', line, incident: '' };
}

/** Somebody signs in, or fails to. */
export function signedIn(atMs: number, actor: Who, system: string, more: Partial<SignIn> = {}): Line {
  return signInLine({ atMs, account: actor.login, clientAddress: actor.address, system, outcome: 'success', ...more });
}

/** Rights and accounts are changed at the identity provider. */
export function administered(of: Omit<Administration, 'account' | 'clientAddress'> & { actor: Who }): Line {
  const { actor, ...rest } = of;
  const line = administration({ ...rest, account: actor.login, clientAddress: actor.address });
  return { atMs: of.atMs, source: 'identity', transport: 'ingest', line, incident: '' };
}

/** Somebody works on a system through the bastion. */
export function maintained(atMs: number, actor: Who, system: string, message: string, workOrder = ''): Line {
  const line = maintenance({ atMs, account: actor.login, clientAddress: actor.address, system, workOrder, message });
  return { atMs, source: 'bastion', transport: 'ingest', line, incident: '' };
}

/** Somebody signs in to a host and runs commands as root, half a minute apart. */
export function onHost(atMs: number, actor: Who, host: string, commands: readonly string[], random: Random): Line[] {
  const connection = { atMs, host, account: actor.login, address: actor.address, port: port(random) };
  return [
    hostLine(atMs, acceptedKey(connection, random.base64(43))),
    ...commands.map((command, n) => {
      const at = atMs + (n + 1) * 30_000;
      return hostLine(at, sudo(at, host, actor.login, command, random.int(2_000, 30_000)));
    }),
  ];
}
