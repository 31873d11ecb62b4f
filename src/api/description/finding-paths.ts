import { GROUPINGS } from '../../finding/finding-filter.ts';
import { SEARCHES } from '../finding-search.ts';
import { answer, content, operation, queryOf, schemaOf, type Json } from './words.ts';
import { ACTS, BULK } from '../routes/triage.ts';

const TEXT = { type: 'string' };
const NUMBER = { type: 'number' };
const ID = { name: 'id', in: 'path', required: true, schema: TEXT };
const OBJECT = { type: 'object' };
const OBJECTS = { type: 'array', items: OBJECT };
const STATE = {
  type: 'object',
  properties: { status: TEXT, assignee: TEXT, disposition: TEXT, reason: TEXT, changedAt: NUMBER, changedBy: TEXT },
};
const ENTRY = { type: 'object', properties: { finding: TEXT, entry: TEXT, state: STATE } };
const REFUSAL = { type: 'object', properties: { finding: TEXT, code: TEXT, message: TEXT, remedy: TEXT } };

const SUMMARIES: Readonly<Record<keyof typeof ACTS, string>> = {
  acknowledge: 'Say that somebody looks at it',
  assign: 'Give it to somebody, or to nobody',
  note: 'Add a note',
  close: 'Close it with a disposition',
  reopen: 'Open it again',
  undo: 'Take back the last decision about it, if it was yours: what it changed is as it was before',
};

/** The part of the API's description that is about findings and what people do with them. */
export function findingPaths(): Json {
  const history = { state: STATE, events: OBJECTS };
  const acts = Object.entries(ACTS).map(([name, body]): [string, Json] => [
    `/api/v1/findings/{id}/${name}`,
    {
      parameters: [ID],
      post: operation(
        SUMMARIES[name as keyof typeof ACTS],
        [],
        content(schemaOf(body)),
        answer({ entry: TEXT, ...history }),
      ),
    },
  ]);
  const outcome = answer({ done: { type: 'array', items: ENTRY }, refused: { type: 'array', items: REFUSAL } });
  const group = { key: TEXT, title: OBJECT, findings: NUMBER, severity: TEXT, raisedAt: NUMBER };
  return {
    '/api/v1/findings': {
      get: operation(
        'Findings with their states, the last raised first',
        queryOf(SEARCHES.page),
        undefined,
        answer({ findings: OBJECTS, next: TEXT }),
      ),
    },
    '/api/v1/findings/counts': {
      get: operation(
        'How many findings there are; by severity and by status of what the filter without that field leaves',
        queryOf(SEARCHES.counts),
        undefined,
        answer({ total: NUMBER, bySeverity: OBJECT, byStatus: OBJECT }),
      ),
    },
    '/api/v1/findings/ids': {
      get: operation(
        'Ids of findings, the last raised first: their places in the queue',
        queryOf(SEARCHES.ids),
        undefined,
        answer({ ids: { type: 'array', items: TEXT } }),
      ),
    },
    '/api/v1/findings/groups': {
      get: operation(
        `Findings by ${GROUPINGS.join(', ')}: the worst group first, at most 500`,
        queryOf(SEARCHES.groups),
        undefined,
        answer({ groups: { type: 'array', items: { type: 'object', properties: group } } }),
      ),
    },
    '/api/v1/findings/{id}': {
      parameters: [ID],
      get: operation(
        'A finding with its revisions and the events behind it',
        [],
        undefined,
        answer({ finding: OBJECT, revisions: OBJECTS, events: OBJECTS }),
      ),
    },
    '/api/v1/findings/{id}/history': {
      parameters: [ID],
      get: operation('What happened to a finding', [], undefined, answer(history)),
    },
    ...Object.fromEntries(acts),
    '/api/v1/findings/triage': {
      post: operation(
        'One decision about up to 1,000 findings; each that can not be taken is refused by itself, with the reason',
        [],
        content(schemaOf(BULK.decide)),
        outcome,
      ),
    },
    '/api/v1/findings/triage/undo': {
      post: operation('Take decisions back, each by the id of its entry', [], content(schemaOf(BULK.undo)), outcome),
    },
  };
}
