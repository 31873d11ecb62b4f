/**
 * The vocabulary: one event is one flat object whose fields are always all present and always in the same order, so that
 * it decodes, is judged and is inserted fast. '' means "not stated", 0 means "none or not stated".
 * The nested OCSF 1.9 form exists only at the edges: see ocsf.ts.
 */
export interface Event {
  /** UUID, fixed before the append: version 5 when it follows from the sender's own key, version 8 otherwise. */
  id: string;
  /** Event time as claimed by the sender, ms since the Unix epoch. */
  time: number;
  /** When a collector took it, ms since the Unix epoch, monotone per collector. */
  ingestTime: number;
  /** Order of arrival at its collector; ties of ingestTime are broken by it. */
  sequence: number;
  /** Registry id of the source, or `<protocol>/<peer address>` for a sender that the registry does not know. */
  source: string;
  /** Whether the source's identity was proven (token, client certificate) rather than claimed. */
  authenticated: boolean;
  /** The formats that read it, outermost first: `rfc5424+sshd`, `web-access`, …, or `unparsed`. */
  format: string;
  /** Why it could not be (wholly) read; '' when it could. */
  fault: string;

  /** OCSF class_uid: 6005 datastore, 6003 API, 3002 authentication, 3003 authorize session, 3006–3008 management, 0 base. */
  classUid: number;
  /** OCSF activity_id within the class. */
  activityId: number;
  /** OCSF severity_id 0–6. */
  severity: number;
  /** What was done, one of ACTIONS where we know it. */
  action: string;
  outcome: Outcome;

  /** Login name as the sender wrote it. */
  account: string;
  /** Canonical actor, set by enrichment: the registry's account id, else `account@system`, else the account. */
  actor: string;
  person: string;
  department: string;
  vendor: string;
  contract: string;
  role: string;
  privileged: boolean;

  /** IP address in its shortest text form, no port; the host name in lower case when the log names only that. */
  clientAddress: string;
  device: string;
  session: string;
  /** Registry id of the system (set by enrichment) or the name that the sender gave. */
  system: string;
  /** 'business' or 'operations', set by enrichment. */
  plane: string;
  /** Host name that the line claims. */
  host: string;
  /** Program or service that wrote the line: sshd, nginx, postgres, … */
  service: string;

  /** Registry id of the dataset (set by enrichment) or its name as logged: `database.schema.table`, a path, an interface. */
  asset: string;
  /** Set by enrichment. */
  assetLevel: AssetLevel;
  /** Columns or attributes of the asset that were touched. */
  fields: readonly string[];
  /** Records read or changed. */
  rows: number;
  bytes: number;
  /** Keyed hashes of the persons whose records were touched. */
  dataSubjects: readonly string[];

  purpose: string;
  caseNumber: string;
  grant: string;
  /** To whom data went: department, system, vendor, person or address. */
  recipient: string;
  workOrder: string;
  /** What an administrative act was done to: an account, role or configuration item. */
  target: string;

  /** The human-readable text of the line, without its envelope. */
  message: string;
  /** Everything else that was stated, as name, value, name, value, … (no prototype to pollute, no shape to change). */
  attributes: readonly string[];
  /** The original text; truncated at the source's limit, and then `fault` says so with length and hash. */
  raw: string;
}

export type Outcome = '' | 'success' | 'failure';

/** GB/T 43697-2024: 核心 core, 重要 important, 一般 general 4 (highest) to 1. */
export type AssetLevel = '' | 'core' | 'important' | 'general-4' | 'general-3' | 'general-2' | 'general-1';

/** What an event's `action` can be when its format knows. */
export const ACTIONS = [
  'read',
  'query',
  'create',
  'update',
  'delete',
  'export',
  'print',
  'download',
  'share',
  'call',
  'sign-in',
  'sign-out',
  'connect',
  'grant',
  'revoke',
  'account-create',
  'account-change',
  'account-delete',
  'configure',
  'command',
  'maintain',
] as const;

const NONE: readonly string[] = Object.freeze([]);

/** A new event with every field at its "not stated" value. Every event starts here, which keeps the shape monomorphic. */
export function emptyEvent(): Event {
  return {
    id: '',
    time: 0,
    ingestTime: 0,
    sequence: 0,
    source: '',
    authenticated: false,
    format: '',
    fault: '',
    classUid: 0,
    activityId: 0,
    severity: 0,
    action: '',
    outcome: '',
    account: '',
    actor: '',
    person: '',
    department: '',
    vendor: '',
    contract: '',
    role: '',
    privileged: false,
    clientAddress: '',
    device: '',
    session: '',
    system: '',
    plane: '',
    host: '',
    service: '',
    asset: '',
    assetLevel: '',
    fields: NONE,
    rows: 0,
    bytes: 0,
    dataSubjects: NONE,
    purpose: '',
    caseNumber: '',
    grant: '',
    recipient: '',
    workOrder: '',
    target: '',
    message: '',
    attributes: NONE,
    raw: '',
  };
}

/** The value of a free attribute, or undefined. */
export function attributeOf(event: Event, name: string): string | undefined {
  const pairs = event.attributes;
  for (let i = 0; i + 1 < pairs.length; i += 2) if (pairs[i] === name) return pairs[i + 1];
  return undefined;
}
