import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EmbeddedEventLog } from '../../src/event-log/embedded.ts';
import { stateOf } from '../../src/finding/lifecycle.ts';
import { IncidentDesk } from '../../src/incident/incident-desk.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import type { RegistryInput } from '../../src/registry/schema.ts';
import { TOPICS } from '../event-log/conformance-topics.ts';
import { finding, incident } from '../feed/samples.ts';

const registry = registryFrom({
  departments: [{ id: 'aid', name: { zh: '市民政局', en: 'Civil Affairs Bureau' } }],
  assets: [{ id: 'resident-register', name: { zh: '人口库', en: 'Register' }, names: [], level: 'core', owner: 'aid' }],
} as unknown as RegistryInput);
const made = incident([finding('one'), finding('two', { actor: '' })]);

let dir: string;
let log: EmbeddedEventLog;
const startLog = async (): Promise<void> => {
  log = new EmbeddedEventLog({ dir, topics: TOPICS, onProblem: () => undefined, onFatal: (error) => { throw error; } }); // prettier-ignore
  await log.start();
};
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'wanglou-reports-'));
  await startLog();
});
afterEach(async () => {
  await log.stop();
  rmSync(dir, { recursive: true, force: true });
});

function desk(now: () => number = Date.now): IncidentDesk {
  return new IncidentDesk({
    store: { incidentRevisions: async (id) => (id === made.id ? [made] : []), eventsById: async () => [] },
    findings: { revisionsOf: async () => [] },
    triage: { history: async () => ({ state: stateOf([]), events: [] }) },
    registry: { current: () => registry, history: { all: () => [], latest: () => undefined } },
    ...{ reports: log.table('reports'), reportWithin: '2h', now },
  });
}

it('keeps every entry about a report over a restart, in the order in which they were made', async () => {
  let at = made.causedAt;
  await desk(() => at).say(made.id, { act: 'stated', field: 'place', text: '一号机房' }, 'li.na');
  at -= 60_000; // the clock is set back
  await desk(() => at).say(made.id, { act: 'stated', field: 'place', text: '二号机房' }, 'wu');
  await log.stop();
  await startLog();
  const { entries, fields } = await desk().report(made.id);
  expect(entries.map(({ by }) => by)).toEqual(['li.na', 'wu']);
  expect(fields.find(({ name }) => name === 'place')).toMatchObject({ value: { zh: '二号机房' }, by: 'wu' });
});

it('hears at once what another program put in', async () => {
  const [here, there] = [desk(), desk()];
  expect((await here.report(made.id)).entries).toEqual([]);
  await there.say(made.id, { act: 'classified', level: 'major', within: '1h', text: '' }, 'wu');
  expect((await here.report(made.id)).clock).toMatchObject({ within: '1h', confirmed: { by: 'wu' } });
});

it('fills in who answers for the data and what it was about, in both languages', async () => {
  const { fields } = await desk().report(made.id);
  const value = (name: string) => fields.find((field) => field.name === name)?.value;
  expect(value('unit')).toEqual({ zh: '市民政局（aid）', en: 'Civil Affairs Bureau (aid)' });
  expect(value('systems')?.en).toContain('Data assets: Register (resident-register)');
  expect(value('clues')?.zh).toContain('li.wei@civil-affairs');
  expect(value('time')?.zh).toContain('2027-01-15 16:00:00');
});
