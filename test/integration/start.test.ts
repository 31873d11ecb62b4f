import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkout, environmentWith, runIn, runningIn, type Terminal } from './checkout.ts';
import { Forwarder } from './forwarder.ts';
import { ask, eventsShown, findingsShown, type ShownEvent } from './shown.ts';
import { eventually, freePorts } from './wanglou.ts';

const REFUSED = 78;

const folder = checkout();
const data = join(folder, 'data');
let ports: { web: number; intake: number; syslog: number; store: number };
const terminals: Terminal[] = [];

beforeEach(async () => {
  rmSync(data, { recursive: true, force: true });
  const [web, intake, syslog, store] = await freePorts(4);
  ports = { web: web!, intake: intake!, syslog: syslog!, store: store! };
});

afterEach(async () => {
  for (const terminal of terminals.splice(0)) await terminal.interrupt();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('npm start', () => {
  it('ends on Ctrl-C with nothing left running, and has everything at the next start', async () => {
    const first = await start({ WANGLOU_PARTITIONS: '3' });
    await guessPasswords('first');
    const [events, findings] = [await eventsOnce(48), await findingsShown(here())];
    expect(findings.map(({ detector }) => detector)).toContain('brute-force');
    await endsQuietly(first);

    const second = await start({});
    expect(second.printed()).toContain('topic events was begun with 3 partitions and keeps them; 1 are asked for');
    expect(await eventsOnce(48)).toEqual(events);
    expect(await findingsShown(here())).toEqual(findings);
    await guessPasswords('second');
    await eventsOnce(96);
    expect(await ask(here(), 'SELECT max(partition) AS last FROM events_once')).toEqual([{ last: 2 }]);
    await endsQuietly(second);
  });

  it('waits for a port that is in use, says which one and what to do, and can be ended meanwhile', async () => {
    const other = createServer().listen(ports.intake, '127.0.0.1');
    await once(other, 'listening');
    const waiting = run({});
    await waiting.says(`port ${ports.intake} on 127.0.0.1 is in use`);
    expect(waiting.printed()).toContain('Stop the other program or set another port.');
    await endsQuietly(waiting);

    const again = run({});
    await again.says(`port ${ports.intake} on 127.0.0.1 is in use`);
    other.close();
    await again.says('ready after');
    await endsQuietly(again);
  });

  it('does not work on the same data twice: the second one waits, and takes over when the first is gone', async () => {
    const first = await start({});
    const [web, intake, syslog, store] = (await freePorts(4)).map(String);
    const second = run({
      WANGLOU_WEB_PORT: web!,
      WANGLOU_INTAKE_PORT: intake!,
      WANGLOU_SYSLOG_PORT: syslog!,
      WANGLOU_STORE_PORT: store!,
    });
    await second.says('data: another process works on ./data');
    expect(second.printed()).toContain('set another data directory');
    await guessPasswords('first');
    await eventsOnce(48);
    expect(await first.interrupt()).toBe(0);
    await second.says('ready after');
    await endsQuietly(second);
  });

  it('refuses a broken registry with file, line, field, value and remedy', async () => {
    mkdirSync(join(data, 'registry'), { recursive: true });
    writeFileSync(join(data, 'registry/assets.yaml'), '- id: families\n  name: Families\n  level: importnt\n');
    const refused = run({});
    expect(await refused.ended).toBe(REFUSED);
    expect(refused.printed()).toContain('registry/assets.yaml:3:10: level is "importnt"');
    expect(refused.printed()).toContain('did you mean important?');
    expect(runningIn(folder)).toEqual([]);
  });

  it('refuses a wrong setting before anything starts', async () => {
    const refused = run({ WANGLOU_PARTITIONS: 'many' });
    expect(await refused.ended).toBe(REFUSED);
    expect(refused.printed()).toContain('WANGLOU_PARTITIONS: partitions is "many"');
    expect(refused.printed()).not.toContain('望楼');
  });
});

/** What `npm start` runs; npm itself ends by the signal, whatever its command makes of it. */
function run(settings: Record<string, string>): Terminal {
  const env = environmentWith({
    WANGLOU_WEB_PORT: String(ports.web),
    WANGLOU_INTAKE_PORT: String(ports.intake),
    WANGLOU_SYSLOG_PORT: String(ports.syslog),
    WANGLOU_STORE_PORT: String(ports.store),
    ...settings,
  });
  const terminal = runIn(folder, 'node src/start.mjs', env);
  terminals.push(terminal);
  return terminal;
}

async function start(settings: Record<string, string>): Promise<Terminal> {
  const started = run(settings);
  await started.says('Ctrl-C');
  expect(started.printed()).toContain('ready after');
  return started;
}

/** As Ctrl-C does it. */
async function endsQuietly(running: Terminal): Promise<void> {
  expect(await running.interrupt(), running.printed()).toBe(0);
  // Nothing in between: none had to be ended by force.
  expect(running.printed()).toMatch(/stopping …\s+stopped\s*$/);
  expect(runningIn(folder)).toEqual([]);
}

const here = () => ({
  ports,
  token: (name: string) => readFileSync(join(data, `access/${name}-token`), 'utf8').trim(),
});

/** Twelve failed sign-ins of each of four accounts. */
async function guessPasswords(key: string): Promise<void> {
  const forwarder = new Forwarder({ ports, token: here().token('ingest') });
  const time = new Date().toISOString();
  const lines = ['li.na', 'wang.fang', 'zhao.min', 'chen.jie'].flatMap((account) =>
    Array.from({ length: 12 }, (_, n) =>
      JSON.stringify({
        kind: 'sign-in',
        id: `${key}-${n}`,
        time,
        account,
        clientAddress: '203.0.113.9',
        outcome: 'failure',
      }),
    ),
  );
  await forwarder.send({ way: 'id', source: '', address: '127.0.0.1', key, lines });
  forwarder.stop();
}

async function eventsOnce(count: number): Promise<ShownEvent[]> {
  const events = await eventually(
    () => eventsShown(here()).catch((): ShownEvent[] => []),
    ({ length }) => length >= count,
  );
  expect(events).toHaveLength(count);
  return events;
}
