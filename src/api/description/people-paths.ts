import { scopeRequest } from '../../scope/scope.ts';
import { ALL_PERMISSIONS } from '../../access/api-tokens.ts';
import { API_TOKEN_REQUESTS } from '../routes/api-tokens.ts';
import { PEOPLE_REQUESTS } from '../routes/people.ts';
import { SIGN_IN_REQUESTS } from '../routes/session.ts';
import { SESSION_REQUESTS } from '../routes/sessions.ts';
import { SIGN_ON_REQUESTS } from '../routes/sign-on.ts';
import {
  answer,
  content,
  ID,
  jsonAnswer,
  type Json,
  listOf,
  NUMBER,
  operation,
  schemaOf,
  TEXT,
  TEXTS,
} from './words.ts';

const NAME = { name: 'name', in: 'path', required: true, schema: TEXT };
const ACCOUNT = {
  ...{ name: TEXT, person: TEXT, roles: TEXTS, state: { enum: ['new', 'active', 'locked'] }, createdAt: NUMBER },
  ...{ createdBy: TEXT, signsIn: { enum: ['password', 'provider'] } },
  scope: { type: ['object', 'null'], properties: { departments: TEXTS, vendors: TEXTS } },
};
const CODE = { account: TEXT, code: TEXT, expiresAt: NUMBER };
const DAYS = {
  type: 'object',
  properties: {
    ...{ retentionDays: NUMBER, auditRetentionDays: NUMBER, sharingRetentionDays: NUMBER, recordRetentionDays: NUMBER },
  },
};
const REQUEST = {
  ...{ id: TEXT, account: TEXT, role: TEXT, by: TEXT, at: NUMBER, state: TEXT, decidedBy: TEXT },
  retention: { type: ['object', 'null'], properties: { was: DAYS, wanted: DAYS } },
};
const SESSION = {
  ...{ account: TEXT, roles: TEXTS, expiresAt: NUMBER, id: TEXT, byProvider: { type: 'boolean' } },
  ...{ means: { enum: ['wall', 'token'], description: 'absent for a session of the person' }, only: TEXTS },
};
const LISTED_SESSION = {
  ...{ id: TEXT, kind: { enum: ['person', 'wall'] }, account: TEXT, name: TEXT, createdAt: NUMBER, from: TEXT },
  ...{ lastUsedAt: NUMBER, lastUsedFrom: TEXT, expiresAt: NUMBER, current: { type: 'boolean' } },
};
const API_TOKEN = {
  ...{ id: TEXT, account: TEXT, name: TEXT, permissions: { type: 'array', items: { enum: [...ALL_PERMISSIONS] } } },
  ...{ networks: TEXTS, createdAt: NUMBER, expiresAt: NUMBER, lastUsedAt: NUMBER, lastUsedFrom: TEXT, endedAt: NUMBER },
  ...{ endedBy: TEXT, state: { enum: ['active', 'asleep', 'expired', 'revoked'] } },
};
const ENDED = answer({ ended: NUMBER });
const SIGNED_OUT = answer({ signedOut: { type: 'boolean' }, alsoAt: TEXT });

/** Signing in and out, accounts, sessions and tokens of people. All but signing in is there with `access: full` alone. */
export function peoplePaths(): Json {
  return { ...signInPaths(), ...accountPaths(), ...sessionPaths(), ...apiTokenPaths() };
}

function signInPaths(): Json {
  const { signIn, enrol, activate, password } = SIGN_IN_REQUESTS;
  const enrolled = answer({ secret: TEXT, uri: TEXT, asksPerson: { type: 'boolean' } });
  return {
    '/api/v1/sign-in': {
      get: operation('How people sign in here', [], undefined, answer({ mode: TEXT, provider: TEXT })),
      post: operation('Sign in; the session is a cookie', [], content(schemaOf(signIn)), answer(SESSION)),
    },
    '/api/v1/sign-on': {
      get: operation('Where the provider signs people in', [], undefined, answer({ url: TEXT })),
      post: operation('Sign in with what it sent back', [], content(schemaOf(SIGN_ON_REQUESTS.back)), answer(SESSION)),
    },
    '/api/v1/enrol': {
      post: operation('What an activation code enrols', [], content(schemaOf(enrol)), enrolled),
    },
    '/api/v1/activate': {
      post: operation('Spend an activation code', [], content(schemaOf(activate)), answer(SESSION)),
    },
    '/api/v1/password': {
      post: operation('Change the own password', [], content(schemaOf(password)), answer(SESSION)),
    },
    '/api/v1/sign-out': { post: operation('Sign out', [], undefined, SIGNED_OUT) },
    '/api/v1/sign-out-everywhere': { post: operation('End all sessions of the account', [], undefined, SIGNED_OUT) },
    '/api/v1/me': {
      get: operation(
        'Who is signed in, and may what',
        [],
        undefined,
        answer({ ...SESSION, mode: TEXT, permissions: TEXTS }),
      ),
    },
  };
}

function accountPaths(): Json {
  const { creation, inRole } = PEOPLE_REQUESTS;
  const of = (act: string, what: string, done: Json, body?: Json): Json => ({
    [`/api/v1/accounts/{name}/${act}`]: { parameters: [NAME], post: operation(what, [], body, done) },
  });
  const byRole = content(schemaOf(inRole));
  const decided = (act: string, what: string): Json => ({
    [`/api/v1/access-requests/{id}/${act}`]: {
      parameters: [ID],
      post: operation(what, [], undefined, answer(REQUEST)),
    },
  });
  const code = { type: 'object', properties: CODE };
  const waiting = { type: 'object', properties: { waiting: { type: 'boolean' } } };
  return {
    '/api/v1/accounts': {
      get: operation('Accounts of people', [], undefined, answer({ accounts: listOf(ACCOUNT) })),
      post: operation('Create one, without a role', [], content(schemaOf(creation)), { 201: jsonAnswer(code) }),
    },
    ...of('activation-code', 'Another activation code for an account that is new', answer(CODE)),
    ...of('reset', 'Ask for a new beginning; another person decides', { 202: jsonAnswer(code) }),
    ...of('grant', 'Grant a role, or ask for it', { 200: jsonAnswer(waiting), 202: jsonAnswer(waiting) }, byRole),
    ...of('revoke', 'Revoke a role', answer(ACCOUNT), byRole),
    ...of('scope', 'Limit to departments or vendors', answer(ACCOUNT), content(schemaOf(scopeRequest))),
    ...of('lock', 'Lock, and end all sessions', answer(ACCOUNT)),
    ...of('unlock', 'Unlock', answer(ACCOUNT)),
    ...of('end-sessions', 'End all sessions', answer(ACCOUNT)),
    '/api/v1/access-requests': {
      get: operation('What waits for the word of another', [], undefined, answer({ requests: listOf(REQUEST) })),
    },
    ...decided('approve', 'Agree'),
    ...decided('refuse', 'Disagree'),
  };
}

function sessionPaths(): Json {
  const running = answer({ sessions: listOf(LISTED_SESSION) });
  const drawn = { 201: jsonAnswer({ type: 'object', properties: { code: TEXT, expiresAt: NUMBER } }) };
  return {
    '/api/v1/sessions': { get: operation('The own sessions', [], undefined, running) },
    '/api/v1/sessions/{id}/end': { parameters: [ID], post: operation('End one', [], undefined, ENDED) },
    '/api/v1/sessions/end-others': { post: operation('End all but this one', [], undefined, ENDED) },
    '/api/v1/wall-links': {
      post: operation('A one-time code for a wall screen', [], content(schemaOf(SESSION_REQUESTS.wall)), drawn),
    },
    '/api/v1/accounts/{name}/sessions': {
      parameters: [NAME],
      get: operation('Sessions of somebody', [], undefined, running),
    },
    '/api/v1/accounts/{name}/sessions/{id}/end': {
      parameters: [NAME, ID],
      post: operation('End one of somebody', [], undefined, ENDED),
    },
  };
}

function apiTokenPaths(): Json {
  const known = answer({ tokens: listOf(API_TOKEN) });
  const made = { 201: jsonAnswer({ type: 'object', properties: { token: TEXT, ...API_TOKEN } }) };
  const revoke = { parameters: [ID], post: operation('Make one worthless at once', [], undefined, answer(API_TOKEN)) };
  return {
    '/api/v1/api-tokens': {
      get: operation('The own tokens, without themselves', [], undefined, known),
      post: operation('Make one; it is told once', [], content(schemaOf(API_TOKEN_REQUESTS.creation)), made),
    },
    '/api/v1/api-tokens/{id}/revoke': revoke,
    '/api/v1/api-tokens-of-all': { get: operation('Tokens of all people', [], undefined, known) },
    '/api/v1/api-tokens-of-all/{id}/revoke': revoke,
  };
}
