import { z } from 'zod';
import messages from './messages.schema.json' with { type: 'json' };
import { PROTOCOL } from './protocol.ts';
import { subscriptionQuery } from './subscription.ts';

/**
 * The feed's description, AsyncAPI 3: messages from the types in protocol.ts (messages.schema.json is made of them), the
 * query from the schema that it is checked with.
 */
export function asyncApi(): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Wanglou live feed',
      version: String(PROTOCOL),
      description:
        'Findings, incidents, sources, rates and health as they change. src/feed/README.md tells how to follow it.',
    },
    defaultContentType: 'application/json',
    channels: {
      feed: {
        address: '/feed',
        description:
          'A WebSocket on which only the server speaks: one hello, then a snapshot or what a returning client missed, then batches.',
        messages: { hello: message('hello'), changes: message('changes') },
        bindings: { ws: { method: 'GET', query: querySchema(), bindingVersion: '0.1.0' } },
      },
    },
    operations: {
      tell: {
        action: 'send',
        channel: { $ref: '#/channels/feed' },
        messages: ['hello', 'changes'].map((name) => ({ $ref: `#/channels/feed/messages/${name}` })),
        security: ['token', 'session'].map((name) => ({ $ref: `#/components/securitySchemes/${name}` })),
      },
    },
    components: {
      messages: { hello: payload('Hello'), changes: payload('Changes') },
      schemas: relocated(messages.definitions),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'httpApiKey', in: 'cookie', name: 'wanglou_session' },
      },
    },
  };
}

function querySchema(): object {
  const described: Record<string, unknown> = { ...z.toJSONSchema(subscriptionQuery, { unrepresentable: 'any' }) };
  delete described['$schema'];
  return described;
}

function message(name: string): object {
  return { $ref: `#/components/messages/${name}` };
}

function payload(schema: string): object {
  return { payload: { $ref: `#/components/schemas/${schema}` } };
}

/** Schemas refer to each other; in this document they are elsewhere. */
function relocated(schemas: object): unknown {
  return JSON.parse(JSON.stringify(schemas).replaceAll('"#/definitions/', '"#/components/schemas/'));
}
