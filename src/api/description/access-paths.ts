import { AUDIT_OUTCOMES } from '../../access/audit/entry.ts';
import { auditQuery } from '../routes/audit.ts';
import { tokenRequest } from '../routes/sender-tokens.ts';
import {
  answer,
  content,
  ID,
  INTEGER,
  jsonAnswer,
  type Json,
  listOf,
  NUMBER,
  operation,
  queryOf,
  schemaOf,
  TEXT,
  TEXTS,
} from './words.ts';

const AUDIT_RECORD = {
  ...{ id: TEXT, phase: { enum: ['begun', 'done'] }, at: INTEGER, recordedAt: INTEGER },
  ...{ account: TEXT, roles: TEXTS, session: TEXT, address: TEXT, request: TEXT, action: TEXT, object: TEXT },
  ...{ outcome: { enum: [...AUDIT_OUTCOMES] }, code: TEXT, reason: TEXT, asked: TEXT, digest: TEXT },
  ...{ rows: INTEGER, count: INTEGER, title: { type: 'object', properties: { zh: TEXT, en: TEXT } } },
};
const SENDER_TOKEN = {
  ...{ id: TEXT, source: TEXT, networks: TEXTS, expiresAt: NUMBER, state: TEXT, createdAt: NUMBER, createdBy: TEXT },
  ...{ revokedAt: NUMBER, revokedBy: TEXT, lastUsedAt: NUMBER, lastUsedFrom: TEXT },
};

/** Who did what here, and the tokens that senders append with. */
export function accessPaths(): Json {
  const entries = listOf(AUDIT_RECORD);
  const known = { tokens: listOf(SENDER_TOKEN), forAll: listOf({ file: TEXT, source: TEXT }) };
  const made = { 201: jsonAnswer({ type: 'object', properties: { token: TEXT, ...SENDER_TOKEN } }) };
  return {
    '/api/v1/audit': {
      get: operation(
        'Who did what here, newest first',
        queryOf(auditQuery),
        undefined,
        answer({ entries, next: TEXT, actions: { type: 'object' }, problem: TEXT }),
      ),
    },
    '/api/v1/sender-tokens': {
      get: operation('Tokens of senders, without themselves', [], undefined, answer(known)),
      post: operation('Make one for a source; it is told once', [], content(schemaOf(tokenRequest)), made),
    },
    '/api/v1/sender-tokens/{id}/revoke': {
      parameters: [ID],
      post: operation('Make one worthless within a second', [], undefined, answer(SENDER_TOKEN)),
    },
  };
}
