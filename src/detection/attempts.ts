import { attributeOf, type Event } from '../event/event.ts';

/**
 * How many failed sign-ins a line adds. A host tells of one attempt in several lines and logs: sshd's own, PAM's, the end of
 * the connection, the audit log. Lines of one connection (host and process id) count as often as the log that tells most
 * of it. A connection of which only such side lines are written, because the host takes no passwords, counts once.
 */

/** A connection as far as its failures were told: how many count, and how many each log told of. */
interface Connection {
  counted: number;
  tellers: string[];
  told: number[];
}

/** The connections that failed last, by host and process id, in two generations of `GENERATION`. Plain data. */
export interface Connections {
  current: Record<string, Connection>;
  previous: Record<string, Connection>;
  size: number;
}

const GENERATION = 512;
const MAX_REPEAT = 1000;
const ASIDE = 'aside';

/** Logs in which a process id stands for a connection; elsewhere it is that of the whole service. */
const BY_CONNECTION = /(?:^|\+)(?:sshd|login|auditd|laurel)$/;

/** What clients offer by themselves before they ask for a password: none of it is a guess. */
const OFFERED = /^(?:none|publickey|hostbased|gssapi)/;

/** Where the connections of a subject are kept: most have none to tell of. */
interface Keeper {
  connections: Connections | null;
}

/** Somebody tried to sign in, and the line says how that ended, or is one of those that only stand beside such a line. */
export function tellsOfSignIn(event: Event): boolean {
  if (event.classUid !== 3002 || event.outcome === '') return false;
  if (event.action === 'sign-in') return event.outcome === 'success' || !isOffer(event);
  return event.action === '' && event.outcome === 'failure' && event.account !== '' && event.clientAddress !== '';
}

/** Failed sign-ins that the line adds to those told before; 0 when others told of all of them. */
export function failuresIn(keeper: Keeper, event: Event): number {
  const isAside = event.action === '';
  const told = isAside ? 1 : attemptsOf(event);
  const pid = pidOf(event);
  if (pid === '') return isAside ? 0 : told;
  const connections = (keeper.connections ??= { current: {}, previous: {}, size: 0 });
  const connection = connectionOf(connections, `${pid}\u001f${shortHost(event.host)}`);
  const total = tell(connection, isAside ? ASIDE : tellerOf(event), told);
  const added = Math.max(0, total - connection.counted);
  connection.counted += added;
  return added;
}

/** A log, and whether PAM speaks in it. */
function tellerOf(event: Event): string {
  return `${event.source}\u001f${event.format}\u001f${attributeOf(event, 'pam') ?? ''}`;
}

/** @returns how many failures the log has told of; side lines together tell of one. */
function tell({ tellers, told }: Connection, teller: string, more: number): number {
  const place = tellers.indexOf(teller);
  if (place < 0) {
    tellers.push(teller);
    told.push(more);
    return more;
  }
  return teller === ASIDE ? 1 : (told[place]! += more);
}

/** How many attempts the line stands for: `message repeated N times` is N. */
function attemptsOf(event: Event): number {
  const n = Math.floor(Number(attributeOf(event, 'repeat') ?? 1));
  return n >= 1 ? Math.min(n, MAX_REPEAT) : 1;
}

/** The process that took the connection; an envelope's own process id stands before it. */
function pidOf({ attributes, format }: Event): string {
  if (!BY_CONNECTION.test(format)) return '';
  for (let i = attributes.length - 2; i >= 0; i -= 2) if (attributes[i] === 'pid') return attributes[i + 1]!;
  return '';
}

function isOffer(event: Event): boolean {
  return event.attributes.length > 0 && OFFERED.test(attributeOf(event, 'method') ?? '');
}

function connectionOf(connections: Connections, key: string): Connection {
  const known = connections.current[key] ?? connections.previous[key];
  if (known) return known;
  if (connections.size >= GENERATION) {
    connections.previous = connections.current;
    connections.current = {};
    connections.size = 0;
  }
  connections.size++;
  return (connections.current[key] = { counted: 0, tellers: [], told: [] });
}

/** Syslog and the audit log of one host may name it with and without its domain. */
function shortHost(host: string): string {
  const dot = host.indexOf('.');
  return dot > 0 && host.charCodeAt(0) > 57 ? host.slice(0, dot) : host;
}
