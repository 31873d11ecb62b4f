import { DAY, daysBetween, HOUR, isWorkday, MINUTE, startOfDay } from '../../calendar.ts';
import { attemptLine, systemWith } from '../../incidents/attempts.ts';
import { accessLine } from '../../activity/access.ts';
import { DEPARTMENTS } from '../../platform/departments.ts';
import { isAssigned } from '../../activity/maintenance.ts';
import { accessed, administered, onHost } from '../acts.ts';
import type { Plot } from '../scene.ts';
import type { World } from '../world.ts';

/** The five stories of several steps. Pauses between the steps: short in the blatant ones, as long as the story allows else. */

/** On the way out: in the last weeks of a contract an engineer takes more of the data every day, and a copy at the end. */
export const exitPath: Plot = {
  name: 'exit-path',
  isIncident: true,
  workdays: true,
  occasions: (world) => daysBetween(world.first, world.last).filter((day) => isWorkday(day) && endingAfter(world, day)),
  stage(scene, difficulty) {
    const { random, plan, world } = scene;
    const ends = endingAfter(world, plan.day);
    const actor = scene.take(
      plan.platform.staff,
      ({ login }) => `person ${login}`,
      (one) => one.vendor === ends?.vendor && one.habits.length > 0 && isAssigned(plan, one),
    );
    if (ends === undefined || actor === undefined) return undefined;
    const { asset } = actor.habits[0]!;
    const rows = { blatant: 1_500, careful: 700, slow: 350 }[difficulty];
    const days = scene.workdays(LAST_DAYS).filter((day) => startOfDay(day) < ends.to);
    for (const day of days) {
      const workOrder = `WO-${day.replaceAll('-', '')}-${actor.login}`;
      for (const atMs of scene.spread(scene.at(9, 10, day), 4, 6 * HOUR))
        scene.say(accessed({ atMs, actor, asset, rows: Math.ceil((rows / 4) * random.between(0.7, 1.3)), workOrder }));
      if (day === days.at(-1))
        scene.say(accessed({ atMs: scene.at(16, 17, day), actor, asset, rows: rows * 3, action: 'export', workOrder }));
    }
    return {
      department: asset.owner,
      actor: actor.id,
      why: {
        zh: '合同将到期的运维人员每天多取数据',
        en: 'an engineer whose contract is about to end takes more every day',
      },
    };
  },
};

/** Workdays over which an engineer who has to go takes what can be taken. */
const LAST_DAYS = 9;

/** The contract that ends for good some two weeks after the day. */
function endingAfter({ platform }: World, day: string): World['platform']['contracts'][number] | undefined {
  const from = startOfDay(day);
  return platform.contracts.find(({ id, vendor, to }) => {
    const isExtended = platform.contracts.some((one) => one.vendor === vendor && one.id !== id && one.to > to);
    return !isExtended && to >= from + 10 * DAY && to <= from + 16 * DAY;
  });
}

/** An engineer gives itself a right and then reads what it opens. */
export const escalateThenRead: Plot = {
  name: 'escalate-then-read',
  isIncident: true,
  workdays: true,
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const actor = scene.engineer();
    if (actor === undefined) return undefined;
    const system = random.pick(
      plan.platform.systems.filter(({ vendor, log }) => vendor === actor.vendor && log !== 'gateway'),
    );
    const target = random.pick(plan.platform.assets.filter((one) => one.system === system.id));
    const atMs = scene.at(9, 12);
    scene.say(administered({ atMs, actor, system: system.id, action: 'grant', target: actor.login, privilege: 'dba' }));
    const pauseMs = { blatant: 10 * MINUTE, careful: 3 * HOUR, slow: 8 * HOUR }[difficulty];
    const pieces = difficulty === 'blatant' ? 2 : 8;
    const rows = { blatant: 40_000, careful: 2_000, slow: 400 }[difficulty];
    for (const at of scene.spread(atMs + pauseMs, pieces, HOUR))
      scene.say(accessed({ atMs: at, actor, asset: target, rows: Math.ceil(rows / pieces) }));
    return {
      department: system.department,
      actor: actor.id,
      why: { zh: '自行提权后读取数据', en: 'gives itself a right and reads what it opens' },
    };
  },
};

/** A sprayed password works, and what it opens is read from the same network. */
export const sprayThenBulk: Plot = {
  name: 'spray-then-bulk',
  isIncident: true,
  workdays: true,
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const victim = scene.reader();
    if (victim === undefined) return undefined;
    const system = systemWith(plan, random, 'portal');
    const address = `198.18.${random.int(0, 255)}.7`;
    const accounts = { blatant: 80, careful: 40, slow: 30 }[difficulty];
    const spanMs = { blatant: 10, careful: 40, slow: 55 }[difficulty] * MINUTE;
    const first = scene.at(9, 14);
    const others = random
      .sample(
        plan.platform.officers.filter(({ login }) => login !== victim.login),
        accounts,
      )
      .map(({ login }) => login);
    scene
      .spread(first, accounts, spanMs)
      .forEach((atMs, n) =>
        scene.say(attemptLine(random, 'portal', system, { atMs, account: others[n]!, address, outcome: 'failure' })),
      );
    const inAt = first + spanMs + 2 * MINUTE;
    scene.say(
      attemptLine(random, 'portal', system, {
        atMs: inAt - MINUTE,
        account: victim.login,
        address,
        outcome: 'failure',
      }),
    );
    scene.say(
      attemptLine(random, 'portal', system, { atMs: inAt, account: victim.login, address, outcome: 'success' }),
    );
    const { asset } = victim.habits[0]!;
    const rows = { blatant: 50_000, careful: 12_000, slow: 5_000 }[difficulty];
    for (const atMs of scene.spread(inAt + 5 * MINUTE, 6, { blatant: 0.3, careful: 0.8, slow: 1.2 }[difficulty] * HOUR))
      scene.say(
        accessLine(plan.platform, {
          atMs,
          actor: { login: victim.login, address },
          asset,
          rows: Math.ceil(rows / 6),
          workOrder: '',
          incident: '',
        }),
      );
    return {
      department: victim.department,
      actor: victim.id,
      why: { zh: '口令喷洒得手后取走数据', en: 'a sprayed password works and opens a dataset' },
    };
  },
};

/** Auditing of a database host ends, then its data is taken. */
export const blindThenTake: Plot = {
  name: 'blind-then-take',
  isIncident: true,
  workdays: true,
  stage(scene, difficulty) {
    const { random, plan } = scene;
    const admin = scene.officer(({ role }) => role === 'system-admin');
    if (admin === undefined) return undefined;
    const reader = scene.reader(
      ({ department }, { system }) => department === admin.department && plan.platform.system(system).log === 'json',
    );
    if (reader === undefined) return undefined;
    const { asset } = reader.habits[0]!;
    const host = plan.platform.system(asset.system).hosts[1];
    const atMs = scene.at(9, 12);
    scene.say(onHost(atMs, admin, host, ['/usr/bin/systemctl stop auditd'], random));
    const rows = { blatant: 60_000, careful: 12_000, slow: 6_000 }[difficulty];
    const pauseMs = { blatant: 10 * MINUTE, careful: HOUR, slow: 2.5 * HOUR }[difficulty];
    for (const at of scene.spread(atMs + pauseMs, 8, HOUR))
      scene.say(accessed({ atMs: at, actor: reader, asset, rows: Math.ceil(rows / 8) }));
    return {
      department: reader.department,
      actor: reader.id,
      why: { zh: '先停审计再取数据', en: 'auditing ends first, then the data is taken' },
    };
  },
};

/** Data goes to a department without a grant, which passes it on. */
export const overShareChain: Plot = {
  name: 'over-share-chain',
  isIncident: true,
  workdays: true,
  stage(scene, difficulty) {
    const { random, world } = scene;
    const asset = scene.dataset(
      ({ sharing, level }) => sharing !== 'unconditional' && (level === 'core' || level === 'important'),
    );
    if (asset === undefined) return undefined;
    const held = new Set(world.grants.filter((grant) => grant.asset.id === asset.id).map(({ recipient }) => recipient));
    const [second, third] = random.sample(
      DEPARTMENTS.map(({ id }) => id).filter((id) => id !== asset.owner && !held.has(id)),
      2,
    );
    const owner = scene.officer(({ department }) => department === asset.owner);
    const recipient = scene.officer(({ department }) => department === second);
    if (owner === undefined || recipient === undefined || second === undefined || third === undefined) return undefined;
    const days = scene.workdays({ blatant: 1, careful: 3, slow: 12 }[difficulty]);
    const rows = { blatant: 20_000, careful: 300, slow: 40 }[difficulty];
    scene.say(
      accessed({ atMs: scene.at(9, 11, days[0]), actor: owner, asset, rows, action: 'share', recipient: second }),
    );
    scene.say(
      accessed({
        atMs: scene.at(13, 17, days.at(-1)),
        actor: recipient,
        asset,
        rows,
        action: 'share',
        recipient: third,
      }),
    );
    return {
      department: asset.owner,
      actor: recipient.id,
      why: { zh: '数据越界后又被转出', en: 'data goes past its boundary and is passed on' },
    };
  },
};
