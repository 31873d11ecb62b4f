import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ROLES } from '../../access/permissions.ts';
import { WanglouError } from '../../errors.ts';
import { checked } from '../answers.ts';
import type { Guard } from '../guard.ts';
import { scopeRequest, type Scope } from '../../scope/scope.ts';
import type { PeopleAdministration, RegistryOf } from '../parts.ts';

/** `forwarder` is for tokens, never for people. */
const PEOPLES = ROLES.filter((role) => role !== 'forwarder');
const role = z.enum(PEOPLES as [(typeof ROLES)[number]], { error: `must be one of ${PEOPLES.join(', ')}` });
const inRole = z.strictObject({ role });
const one = z.strictObject({ name: z.string().min(1).max(40) });
const request = z.strictObject({ id: z.uuid('must be a UUID') });
const creation = z.strictObject({
  name: z.string().max(40),
  person: z.string().trim().min(1, 'say who it is, by staff number or full name').max(100),
});
const empty = z.strictObject({});

/** Schemas of the requests, for the API's description. */
export const PEOPLE_REQUESTS = { creation, inRole };

const ACCOUNTS = '/api/v1/accounts';
const REQUESTS = '/api/v1/access-requests';
const RESTRAINTS = { lock: 'locked', unlock: 'unlocked', 'end-sessions': 'signed-out' } as const;
const DECISIONS = { approve: 'approved', refuse: 'refused' } as const;

/** Accounts of people: created by one administrator, given roles by another, with the word of two where that matters. */
export function peopleRoutes(
  app: FastifyInstance,
  guard: Guard,
  desk: PeopleAdministration,
  registry: RegistryOf,
): void {
  const named = (params: unknown): string => checked(one, params, 'WL_QUERY_INVALID').name;
  const roleIn = (body: unknown) => checked(inRole, body, 'WL_BODY_INVALID').role;

  app.get(ACCOUNTS, guard.may('see-accounts'), async () => ({ accounts: desk.accounts() }));

  app.get(REQUESTS, guard.may('see-accounts'), async () => ({ requests: desk.requests() }));

  app.post(ACCOUNTS, guard.may('create-accounts', 'account.create'), async ({ body, session }, reply) => {
    const { name, person } = checked(creation, body, 'WL_BODY_INVALID');
    return reply.code(201).send(await desk.create(name, person, session!.account));
  });

  app.post(
    `${ACCOUNTS}/:name/activation-code`,
    guard.may('create-accounts', 'account.code'),
    async ({ params, body, session }) => {
      checked(empty, body ?? {}, 'WL_BODY_INVALID');
      return desk.drawCode(named(params), session!.account);
    },
  );

  app.post(
    `${ACCOUNTS}/:name/reset`,
    guard.may('create-accounts', 'account.reset'),
    async ({ params, body, session }, reply) => {
      checked(empty, body ?? {}, 'WL_BODY_INVALID');
      return reply.code(202).send(await desk.requestReset(named(params), session!.account));
    },
  );

  app.post(
    `${ACCOUNTS}/:name/grant`,
    guard.may('grant-roles', 'role.grant'),
    async ({ params, body, session }, reply) => {
      const granted = await desk.grant(named(params), roleIn(body), session!.account);
      return reply.code(granted.waiting ? 202 : 200).send(granted);
    },
  );

  app.post(`${ACCOUNTS}/:name/revoke`, guard.may('grant-roles', 'role.revoke'), async ({ params, body, session }) =>
    desk.revoke(named(params), roleIn(body), session!.account),
  );

  app.post(`${ACCOUNTS}/:name/scope`, guard.may('grant-roles', 'account.scope'), async ({ params, body, session }) => {
    const scope = checked(scopeRequest, body ?? {}, 'WL_BODY_INVALID');
    checkKnown(scope, registry);
    return desk.limit(named(params), scope, session!.account);
  });

  for (const [name, act] of Object.entries(RESTRAINTS))
    app.post(
      `${ACCOUNTS}/:name/${name}`,
      guard.may('grant-roles', `account.${name as keyof typeof RESTRAINTS}`),
      async ({ params, body, session }) => {
        checked(empty, body ?? {}, 'WL_BODY_INVALID');
        return desk.restrain(named(params), act, session!.account);
      },
    );

  for (const [name, act] of Object.entries(DECISIONS))
    app.post(
      `${REQUESTS}/:id/${name}`,
      guard.may('decide-requests', `request.${name as keyof typeof DECISIONS}`),
      async ({ params, body, session }) => {
        checked(empty, body ?? {}, 'WL_BODY_INVALID');
        return desk.decide(checked(request, params, 'WL_QUERY_INVALID').id, act, session!.account);
      },
    );
}

/** A scope of what nobody knows would show nothing, and nobody would know why. @throws WanglouError WL_BODY_INVALID */
function checkKnown({ departments, vendors }: Scope, registry: RegistryOf): void {
  for (const [list, ids] of [['departments', departments] as const, ['vendors', vendors] as const])
    for (const id of ids)
      if (registry.history.latest(list, id) === undefined)
        throw new WanglouError('WL_BODY_INVALID', `${list} is ${JSON.stringify(id)}: the registry has no such id`, {
          remedy: `Name ${list} of the registry.`,
        });
}
