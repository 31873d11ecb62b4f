import { Ajv } from 'ajv';
import { createRequire } from 'node:module';
import { createGenerator } from 'ts-json-schema-generator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApi, type TestApi } from '../api/parts.ts';

const require = createRequire(import.meta.url);

it('messages.schema.json says what protocol.ts says (renew it with `npx vitest run --project unit test/feed/asyncapi.test.ts -u`)', async () => {
  const generator = createGenerator({
    path: 'src/feed/protocol.ts',
    tsconfig: 'tsconfig.json',
    type: 'FeedMessage',
    topRef: false,
    skipTypeCheck: true,
  });
  const schema = generator.createSchema('FeedMessage');
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../src/feed/messages.schema.json');
});

describe('/api/asyncapi.json', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await testApi();
  });
  afterAll(() => api.stop());

  it('is for those who are signed in', async () => {
    expect((await api.app.inject('/api/asyncapi.json')).statusCode).toBe(401);
  });

  it('is an AsyncAPI 3 document that describes the feed with its parameters', async () => {
    const headers = { authorization: `Bearer ${api.parts.apiToken}` };
    const document = (await api.app.inject({ url: '/api/asyncapi.json', headers })).json<{
      channels: { feed: { bindings: { ws: { query: { properties: object } } } } };
    }>();
    const schema = require('@asyncapi/specs/schemas/3.0.0.json') as object;
    // The specification's schema brings the meta-schema of JSON Schema along.
    const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
    expect(ajv.validate(schema, document), JSON.stringify(ajv.errors?.slice(0, 5))).toBe(true);
    expect(Object.keys(document.channels.feed.bindings.ws.query.properties)).toEqual(
      expect.arrayContaining(['topics', 'severity', 'department', 'vendor', 'epoch', 'after']),
    );
  });
});
