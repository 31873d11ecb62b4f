import fc from 'fast-check';
import { ACTIONS, type Event } from '../../src/event/event.ts';

/** Events as nobody means well: strings and numbers that a detector must take without harm. */

const HOSTILE = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  '\u001f',
  '\u001b[31m',
  '\u202e',
  '\ud800',
  '$',
  "' OR 1=1 --",
  '<script>',
  '=1+1',
  '%s%n',
  'x'.repeat(5000),
  '望'.repeat(500),
  '../../etc/passwd',
  '2001:db8::1',
  '::ffff:192.0.2.1',
  ':::::::::',
  '999.999.999.999',
  '1.2.3',
  '-1',
  '9007199254740991',
  '1e999',
  'CORP\\user',
  'a@b@c',
];
const EXTREME = [0, -1, 1, 5, 6, 1000, 2 ** 53 - 1];

const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 20 }));
const texts = fc.array(text, { maxLength: 6 });
const number = fc.constantFrom(...EXTREME);

/** Names that detectors look for among the attributes. */
const ATTRIBUTES = [
  'sequence',
  'chainHash',
  'chainPrevious',
  'repeat',
  'status',
  'durationMs',
  'query',
  'recordKey',
  'statement',
  'command',
  'bastionUser',
  'role',
  'audit.type',
  'winlog.event_id',
];
const attributes = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...ATTRIBUTES), text), fc.oneof(text, number.map(String))), { maxLength: 3 })
  .map((pairs) => pairs.flat());

const FIELDS: { [F in keyof Event]?: fc.Arbitrary<Event[F]> } = {
  source: text,
  authenticated: fc.boolean(),
  classUid: fc.constantFrom(6005, 6003, 3002, 3005, 0, -1),
  action: fc.oneof(fc.constantFrom(...ACTIONS), text),
  outcome: fc.constantFrom('', 'success', 'failure'),
  account: text,
  actor: text,
  person: text,
  department: text,
  vendor: text,
  contract: text,
  role: text,
  privileged: fc.boolean(),
  clientAddress: text,
  device: text,
  session: text,
  system: text,
  plane: text,
  host: text,
  asset: text,
  assetLevel: fc.constantFrom('', 'core', 'important', 'general-4', 'general-1'),
  fields: texts,
  rows: number,
  bytes: number,
  dataSubjects: texts,
  purpose: text,
  caseNumber: text,
  grant: text,
  recipient: text,
  workOrder: text,
  target: text,
  message: text,
  attributes,
};

/** Some fields of an event, replaced. */
export const spoiled: fc.Arbitrary<Partial<Event>> = fc
  .subarray(Object.keys(FIELDS) as (keyof Event)[], { maxLength: 6 })
  .chain(
    (names) =>
      fc.record(Object.fromEntries(names.map((name) => [name, FIELDS[name]!]))) as fc.Arbitrary<Partial<Event>>,
  );

/** Fields by which an attacker makes many different things of one subject's events. */
export const MANY: (n: number) => Partial<Event>[] = (n) => [
  { asset: `schema.table_${n}` },
  { account: `user${n}` },
  { actor: `user${n}@aid` },
  { target: `role_${n}` },
  { recipient: `partner-${n}.example.com` },
  { clientAddress: `198.51.${n % 100}.${n % 251}` },
  { device: `device-${n}` },
  { session: `session-${n}` },
  { host: `host${n}` },
  { department: `office-${n}` },
  { person: `p-${n}` },
  { purpose: `purpose ${n}` },
  { caseNumber: `AJ-${n}` },
  { workOrder: `GD-${n}` },
  { dataSubjects: [`hash-${n}`] },
  { fields: [`column_${n}`] },
  { rows: (n * 7919) % 50_000 },
  { bytes: (n * 104_729) % 1_000_000_000 },
];
