import { createHash } from 'node:crypto';
import { z } from 'zod';
import { WanglouError } from '../errors.ts';
import type { Severity } from '../finding/finding.ts';
import type { LifeStatus } from '../finding/lifecycle.ts';

/**
 * What a client can ask for. One more topic is a name here, a field of `Changes` (protocol.ts) and a line in
 * `FeedState.changes`.
 */
export const TOPICS = ['posture', 'findings', 'incidents', 'sources', 'rates', 'health'] as const;
export type FeedTopic = (typeof TOPICS)[number];
/** What is counted is in two topics: events and findings a second, and totals. */
const COUNTERS: readonly FeedTopic[] = ['rates', 'health'];

const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[];
const STATUSES = ['new', 'acknowledged', 'closed', 'reopened'] as const satisfies readonly LifeStatus[];

/** A comma-separated list; the parameter may also be repeated. */
function list<T extends z.ZodType<string>>(one: T) {
  const parts = z.preprocess(
    (given) => (Array.isArray(given) ? given : [given]).flatMap((text) => String(text).split(',')),
    z.array(one).min(1).max(50),
  );
  return parts.optional();
}

const name = z.string().min(1, 'is empty').max(200);

/** The query of `/feed`. `epoch` and `after` are looked at on their own: nonsense in them begins with a snapshot. */
export const subscriptionQuery = z.strictObject({
  topics: list(z.enum([...TOPICS, 'counters'])).describe(
    'What to send; everything when left out. `counters` is `rates` and `health`.',
  ),
  severity: z.enum(SEVERITIES).optional().describe('Findings and incidents at least as severe.'),
  department: list(name).describe('Ids of departments that the actor, or a step of the incident, is of.'),
  vendor: list(name).describe('Ids of vendors.'),
  system: list(name).describe('Ids of systems.'),
  detector: list(name).describe('Names of detectors, as in detectors/README.md.'),
  status: list(z.enum(STATUSES)).describe('How findings stand; `new` while nobody has touched them.'),
  epoch: z.unknown().optional().describe('Where a returning client stopped: the epoch of the last message.'),
  after: z.unknown().optional().describe('Where a returning client stopped: the `n` of the last message.'),
});

/** Findings and incidents that are wanted. An absent field takes all; lists take any of their values. */
export interface FeedFilter {
  /** At least. */
  severity?: Severity;
  department?: readonly string[];
  vendor?: readonly string[];
  system?: readonly string[];
  detector?: readonly string[];
  status?: readonly LifeStatus[];
}

export interface Subscription {
  topics: ReadonlySet<FeedTopic>;
  filter: FeedFilter;
  /** The same for the same subscription, however it was written; '' for everything. */
  key: string;
}

export const EVERYTHING: Subscription = { topics: new Set(TOPICS), filter: {}, key: '' };

/**
 * @param query of the request's URL.
 * @param detectors names of all detectors: another name would never be sent anything.
 * @throws WanglouError WL_QUERY_INVALID that names parameter, value and remedy.
 */
export function subscriptionOf(query: unknown, detectors: readonly string[]): Subscription {
  const result = subscriptionQuery.safeParse(query);
  if (!result.success) throw refusal(result.error.issues[0]!, query);
  const { topics = [...TOPICS], severity, department, vendor, system, detector, status } = result.data;
  const unknown = detector?.find((each) => detectors.length > 0 && !detectors.includes(each));
  if (unknown !== undefined)
    throw new WanglouError('WL_QUERY_INVALID', `detector is ${JSON.stringify(unknown)}: there is none of that name`, {
      remedy: 'Name detectors as detectors/README.md and /api/v1/detectors do.',
    });
  const named: ReadonlySet<string> = new Set(topics.flatMap((topic) => (topic === 'counters' ? COUNTERS : topic)));
  const ordered = TOPICS.filter((topic) => named.has(topic));
  const filter = Object.fromEntries(
    Object.entries({ severity, department, vendor, system, detector, status }).flatMap(([field, value]) =>
      value === undefined ? [] : [[field, Array.isArray(value) ? [...new Set(value)].sort() : value]],
    ),
  ) as FeedFilter;
  return { topics: new Set(ordered), filter, key: keyOf(ordered, filter) };
}

function keyOf(topics: readonly FeedTopic[], filter: FeedFilter): string {
  const fields = Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1));
  if (topics.length === TOPICS.length && fields.length === 0) return '';
  return createHash('sha256')
    .update(JSON.stringify([topics, fields]))
    .digest('hex')
    .slice(0, 16);
}

const REMEDIES: Readonly<Record<string, string>> = {
  topics: `Name one or more of ${TOPICS.join(', ')}, counters, separated by commas; leave it out for all.`,
  severity: `Name one of ${SEVERITIES.join(', ')}.`,
  status: `Name one or more of ${STATUSES.join(', ')}, separated by commas.`,
};

function refusal(issue: z.core.$ZodIssue, query: unknown): WanglouError {
  if (issue.code === 'unrecognized_keys')
    return new WanglouError('WL_QUERY_INVALID', `${quoted(issue.keys[0])} is no parameter of the feed`, {
      remedy: `Use ${Object.keys(subscriptionQuery.shape).join(', ')}.`,
    });
  const field = String(issue.path[0]);
  const value = (query as Record<string, unknown> | undefined)?.[field];
  return new WanglouError('WL_QUERY_INVALID', `${field} is ${quoted(value)}: ${issue.message}`, {
    remedy: REMEDIES[field] ?? `Name one or more, separated by commas, or leave ${field} out.`,
  });
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
