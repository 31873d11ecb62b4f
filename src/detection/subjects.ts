import type { Event } from '../event/event.ts';
import { loginOf } from '../event/login.ts';

/**
 * Whose state a detector keeps. Detectors of one kind share one look-up per event. A kind whose subject follows from the
 * partition key (account, else source) runs in the first stage; the others get their events re-keyed, in order of arrival.
 */
export interface SubjectKind {
  readonly name: string;
  readonly stage: 'partition-key' | 'rekeyed';
  /** The subject of an enriched event; '' means not for this kind. */
  of(event: Event): string;
  /** The other way round: the fields by which an event has this subject. A kind without it has no timers. */
  about?(subject: string): Partial<Event>;
  /** An event with several subjects as one event for each; undefined when it has one at most. */
  split?(event: Event): readonly Event[] | undefined;
}

/** The canonical actor: a registry account, or account@system. */
export const actor: SubjectKind = { name: 'actor', stage: 'partition-key', of: (event) => event.actor };

/** One actor on one asset. */
export const actorAsset: SubjectKind = {
  name: 'actor-asset',
  stage: 'partition-key',
  of: (event) => (event.actor === '' || event.asset === '' ? '' : `${event.actor}\u001f${event.asset}`),
};

/**
 * A login as it was tried, whatever the host, from one address, or one /64 of IPv6. Without an address (console, su) the host
 * tells it. An address without an account is told by its source, because there the source is the partition key.
 */
export const loginAtAddress: SubjectKind = {
  name: 'login-at-address',
  stage: 'partition-key',
  of(event) {
    if (event.account !== '') {
      const where = event.clientAddress === '' ? `@${event.host}` : machineOf(event.clientAddress);
      return `${loginOf(event.account)}\u001f${where}`;
    }
    return event.clientAddress === '' ? '' : `\u001f${event.source}\u001f${machineOf(event.clientAddress)}`;
  },
};

/** What one machine may use: an IPv4 address, or a whole IPv6 /64. */
function machineOf(address: string): string {
  return address.includes(':') ? networkOf(address) : address;
}

/** The client's network: an IPv4 /24 or an IPv6 /64. */
export const clientNetwork: SubjectKind = {
  name: 'client-network',
  stage: 'rekeyed',
  of: (event) => networkOf(event.clientAddress),
};

/** A dataset, whoever touches it. */
export const asset: SubjectKind = { name: 'asset', stage: 'rekeyed', of: (event) => event.asset };

/** One department on one asset: what its members use under the same grant adds up. */
export const departmentAsset: SubjectKind = {
  name: 'department-asset',
  stage: 'rekeyed',
  of: (event) => (event.department === '' || event.asset === '' ? '' : `${event.department}\u001f${event.asset}`),
};

/** An account that somebody changes, on a system: by its login as the line names it. */
export const changedAccount: SubjectKind = {
  name: 'changed-account',
  stage: 'rekeyed',
  of: ({ target, system: where }) => (target === '' ? '' : `${loginOf(target)}\u001f${where}`),
  about(subject) {
    const cut = subject.indexOf('\u001f');
    return { target: subject.slice(0, cut), system: subject.slice(cut + 1) };
  },
};

/** A log source: silence and lag are its own, whichever accounts its lines name. */
export const source: SubjectKind = {
  name: 'source',
  stage: 'rekeyed',
  of: (event) => event.source,
  about: (subject) => ({ source: subject }),
};

/** One log as it was written: a host's, as its source delivers it. */
export const logStream: SubjectKind = {
  name: 'log-stream',
  stage: 'rekeyed',
  of: (event) => `${event.source}\u001f${event.host}`,
  about(subject) {
    const cut = subject.indexOf('\u001f');
    return { source: subject.slice(0, cut), host: subject.slice(cut + 1) };
  },
};

/** A system as the registry knows it, or as its lines call it. */
export const system: SubjectKind = { name: 'system', stage: 'rekeyed', of: (event) => event.system };

/** Those who are comparable by what the event says of them: department, role, and whether officer, vendor or machine. */
export const peerGroup: SubjectKind = {
  name: 'peer-group',
  stage: 'rekeyed',
  of({ actor: who, department, role, vendor }) {
    if (who === '') return '';
    return `${department}\u001f${role}\u001f${role === 'service' ? 'service' : vendor === '' ? 'officer' : 'vendor'}`;
  },
};

/** A person whose records are looked at, by keyed hash. */
export const dataSubject: SubjectKind = {
  name: 'data-subject',
  stage: 'rekeyed',
  of: (event) => event.dataSubjects[0] ?? '',
  split: (event) =>
    event.dataSubjects.length > 1
      ? [...new Set(event.dataSubjects)].map((one) => ({ ...event, dataSubjects: [one] }))
      : undefined,
};

/** /24 of an IPv4 address (an IPv4-mapped IPv6 one too), /64 of an IPv6 one; '' when it is neither. */
export function networkOf(address: string): string {
  const mapped = address.lastIndexOf(':');
  if (mapped < 0) return ipv4Network(address);
  if (address.includes('.', mapped)) return ipv4Network(address.slice(mapped + 1));
  return ipv6Network(address);
}

function ipv4Network(address: string): string {
  let dots = 0;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === 46) dots++;
    else if (code < 48 || code > 57) return '';
  }
  return dots === 3 ? `${address.slice(0, address.lastIndexOf('.'))}.0/24` : '';
}

function ipv6Network(address: string): string {
  const gap = address.indexOf('::');
  const head = gap < 0 ? address.split(':') : groupsOf(address.slice(0, gap));
  const tail = gap < 0 ? [] : groupsOf(address.slice(gap + 2));
  while (head.length + tail.length < 8) head.push('0');
  return `${head.concat(tail).slice(0, 4).join(':')}::/64`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
