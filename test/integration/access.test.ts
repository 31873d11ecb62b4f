import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FullAccess, type Ending } from './full-access.ts';

let full: FullAccess;

beforeAll(async () => {
  full = await FullAccess.start();
});
afterAll(() => full.stop());

describe('with two serve programs on one event log', () => {
  it.each<Ending>(['lock', 'revoke', 'end-sessions'])(
    '%s at one ends the session at the other, over REST and on an open feed',
    async (how) => {
      const operator = await full.operator(`to-${how}`);
      expect(await operator.status()).not.toBe(401);
      await full.end(`to-${how}`, how);
      await operator.refused();
      expect((await operator.closed).code).toBe(4401);
    },
  );
});
