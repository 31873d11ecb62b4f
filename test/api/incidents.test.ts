import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Correlator } from '../../src/finding/correlation.ts';
import { aFinding } from '../store/a-finding.ts';
import { testApi, type TestApi } from './parts.ts';

const correlator = new Correlator({ contractEnd: () => undefined, derivedFrom: () => [], networkOf: () => '' });
const incidents = [
  aFinding({ detector: 'vendor-privilege-escalation', score: 60 }),
  aFinding({ id: '6f1c3a52-8f0b-5a52-9d3e-000000000102' }),
].flatMap((finding) => correlator.take(finding));

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
  api.parts.store.incidents = incidents;
});
afterEach(() => api.stop());

const get = (path: string) => api.ask('GET', `/incidents${path}`);

describe('incidents', () => {
  it('are listed, and each is shown with its revisions, flat or as OCSF', async () => {
    expect(incidents).toHaveLength(1);
    expect((await get('')).body['incidents']).toEqual(incidents);
    const { id } = incidents[0]!;
    expect((await get(`/${id}`)).body).toEqual({ incident: incidents[0], revisions: incidents });
    expect((await get(`/${id}?form=ocsf`)).body).toMatchObject({ class_uid: 2005 });
  });

  it('are not found under an unknown id, and refuse what they do not know', async () => {
    expect((await get('/00000000-0000-5000-8000-000000000000')).status).toBe(404);
    expect((await get('?severity=terrible')).body['message']).toContain('severity is "terrible"');
  });
});
