import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TAKES_EFFECT_AFTER_MS } from '../../src/event-log/table-follower.ts';
import { parseChanges } from '../../src/settings-command.ts';
import { testApi, type TestApi } from './parts.ts';

const now = 1_800_000_000_000;
let clock = now;
let api: TestApi;
beforeEach(async () => {
  clock = now;
  api = await testApi({ now: () => clock });
});
afterEach(() => api.stop());

const ask = (method: 'GET' | 'POST', path: string, payload?: object) => api.ask(method, `/settings${path}`, payload);

const change = {
  detector: 'bulk-read',
  scope: { department: 'tax' },
  settings: { rowsAtLeast: 5_000 },
  why: 'the yearly census',
};

describe('versions of settings', () => {
  it('are kept with who, when, why and from when on, and numbered by detector', async () => {
    expect((await ask('POST', '', change)).status).toBe(201);
    await ask('POST', '', { ...change, settings: null, effectiveFrom: String(now + 1e9) });
    await ask('POST', '', { ...change, detector: 'brute-force', settings: {} });
    const { body } = await ask('GET', '?detector=bulk-read');
    expect(body['versions']).toMatchObject([
      { ...change, version: 1, at: now, effectiveFrom: now + TAKES_EFFECT_AFTER_MS },
      { version: 2, settings: null, effectiveFrom: now + 1e9 },
    ]);
  });

  it('say which hold now, the least specific first', async () => {
    await ask('POST', '', change);
    await ask('POST', '', { ...change, scope: {} });
    expect((await ask('GET', '')).body['inForce']).toEqual([]);
    clock += TAKES_EFFECT_AFTER_MS;
    const held = (await ask('GET', '')).body['inForce'];
    expect(held).toMatchObject([{ scope: {} }, { scope: { department: 'tax' } }]);
    await ask('POST', '', { ...change, settings: null });
    clock += TAKES_EFFECT_AFTER_MS;
    expect((await ask('GET', '')).body['inForce']).toMatchObject([{ scope: {} }]);
  });

  it('are refused that name no detector, scope or setting, or would change what was judged', async () => {
    const refused = async (changes: object) => {
      const { status, body } = await ask('POST', '', { ...change, ...changes });
      expect(status).toBe(400);
      return `${String(body['message'])} ${String(body['remedy'])}`;
    };
    expect(await refused({ detector: 'bulk-raed' })).toContain('no detector "bulk-raed"');
    expect(await refused({ scope: { planet: 'mars' } })).toContain('planet');
    expect(await refused({ settings: { rowsAtLeast: -1 } })).toContain('bulk-read.rowsAtLeast is -1');
    expect(await refused({ why: '' })).toContain('Correct why.');
    expect(await refused({ effectiveFrom: String(now - 1) })).toContain('too soon');
    expect((await ask('GET', '')).body['versions']).toEqual([]);
  });
});

describe('settings on the command line', () => {
  it('are name=value, with JSON as JSON', () => {
    const parsed = parseChanges(['rowsAtLeast=5000', 'machineRoles=["service"]', 'name=a=b']);
    expect(parsed).toEqual({ rowsAtLeast: 5_000, machineRoles: ['service'], name: 'a=b' });
    expect(() => parseChanges(['rowsAtLeast'])).toThrow('is no setting');
  });
});
