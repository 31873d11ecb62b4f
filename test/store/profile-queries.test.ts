import { expect, it } from 'vitest';
import { ProfileQueries } from '../../src/store/profile-queries.ts';

const span = { kind: 'department' as const, id: 'aid', from: 0, to: 1 };
const failing = (code: string): ProfileQueries =>
  new ProfileQueries({
    query: () => Promise.reject(Object.assign(new Error('no'), { code })),
  });

it('says what to do when a subject did too much to be summed up in time', async () => {
  await expect(failing('159').seen(span)).rejects.toMatchObject({
    code: 'WL_STORE_AWAY',
    remedy: expect.stringContaining('7 days') as string,
  });
});

it('passes other failures of the store on as they are', async () => {
  await expect(failing('62').seen(span)).rejects.toMatchObject({ code: '62' });
});
