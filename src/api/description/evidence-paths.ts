import { EVIDENCE_REQUESTS } from '../routes/evidence.ts';
import { HOLD_REQUESTS } from '../routes/holds.ts';
import { answer, content, operation, schemaOf, type Json } from './words.ts';

const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const ANY = { type: 'object' };
const HELD = answer({ hold: ANY, isEnforced: { type: 'boolean' } });

/** The part of the API's description that is about seals; docs/evidence.md has the formats. */
export function evidencePaths(): Json {
  return {
    '/api/v1/evidence': {
      get: operation(
        'Where the chain of seals stands, and the public key',
        [],
        undefined,
        answer({ last: ANY, chain: { type: 'string' }, digest: { type: 'string' }, key: ANY, check: ANY }),
      ),
    },
    '/api/v1/evidence/check': {
      post: operation(
        'Compare everything that is stored with what was sealed; GET /api/v1/evidence says how far it is and what differs',
        [],
        undefined,
        answer({ check: ANY }),
      ),
    },
    '/api/v1/events/{id}/seal': {
      parameters: [ID],
      get: operation(
        'Whether an event is sealed, in which seal, and an inclusion proof that tells nothing of the event',
        [],
        undefined,
        answer({ state: { enum: ['unsealed', 'sealed', 'differs'] }, seal: { type: 'integer' }, proof: ANY }),
      ),
    },
    '/api/v1/events/{id}/proof': {
      parameters: [ID],
      post: operation(
        'An inclusion proof with the event in it, unmasked; 202 while somebody else has to agree',
        [],
        content(schemaOf(EVIDENCE_REQUESTS.wish)),
        answer({ reveal: ANY, state: { type: 'string' }, proof: ANY }),
      ),
    },
    '/api/v1/holds': {
      get: operation(
        'Legal holds: what may not expire',
        [],
        undefined,
        answer({ holds: { type: 'array', items: ANY } }),
      ),
      post: operation('Place a legal hold', [], content(schemaOf(HOLD_REQUESTS.wish)), HELD),
    },
    '/api/v1/holds/{id}/release': {
      parameters: [ID],
      post: operation('Ask for the release of a legal hold', [], content(schemaOf(HOLD_REQUESTS.release)), HELD),
    },
    '/api/v1/holds/{id}/approve': {
      parameters: [ID],
      post: operation('Agree to the release; not for who asked', [], undefined, HELD),
    },
    '/api/v1/holds/{id}/refuse': {
      parameters: [ID],
      post: operation('Refuse the release; not for who asked', [], undefined, HELD),
    },
    '/api/v1/evidence/export': {
      post: operation(
        'An evidence export of a range of time, unmasked, as a tar archive; 202 while somebody else has to agree',
        [],
        content(schemaOf(EVIDENCE_REQUESTS.range)),
        answer({ reveal: ANY }),
      ),
    },
  };
}
