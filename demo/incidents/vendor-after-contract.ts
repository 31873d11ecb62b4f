import { HOUR, MINUTE } from '../calendar.ts';
import { sessionOf } from '../activity/access.ts';
import { hostLine, hostSession, port } from '../activity/hosts.ts';
import { staffOf } from '../activity/maintenance.ts';
import { signInLine } from '../activity/sign-ins.ts';
import type { Line } from '../line.ts';
import { gatewayCall } from '../lines/json.ts';
import { auditedRead, authorized, overSyslog } from '../lines/postgres.ts';
import { acceptedKey, failedPassword } from '../lines/sshd.ts';
import type { SystemOf } from '../platform/catalogue.ts';
import type { Actor } from '../platform/people.ts';
import type { Cast, Incident } from './incident.ts';

/** Somebody of a vendor acts after the contract, or the own assignment, has ended. */
export function vendorAfterContract(cast: Cast): Incident[] {
  const former = (): Actor => cast.staff((one) => staffOf(cast.plan, 'last-week').includes(one));
  const longGone = (): Actor => cast.staff((one) => staffOf(cast.plan, 'long-ended').includes(one));
  return [
    hostKey(cast, former()),
    hostFailure(cast, former()),
    portalUse(cast, former()),
    databaseUse(cast, former()),
    gatewayKey(cast, longGone()),
    forgottenJob(cast, longGone()),
    removedFromRoster(cast),
    outOfScope(cast),
  ];
}

function hostKey(cast: Cast, actor: Actor): Incident {
  const connection = connectionOf(cast, actor, cast.moment(0.5, 3), contractSystem(cast, actor));
  const why = {
    zh: '合同上周到期，仍用密钥登录主机',
    en: 'signs in to a host with a key; the contract ended last week',
  };
  return cast.incident('ssh-key', { actor: actor.id, why }, hostSession(connection, cast.random));
}

function hostFailure(cast: Cast, actor: Actor): Incident {
  const connection = connectionOf(cast, actor, cast.moment(11, 16), contractSystem(cast, actor));
  const lines = [0, 6_000].map((later) => {
    const atMs = connection.atMs + later;
    return hostLine(atMs, failedPassword({ ...connection, atMs }));
  });
  const why = { zh: '合同到期后尝试登录，未成功', en: 'tries to sign in after the contract, without success' };
  return cast.incident('ssh-refused', { actor: actor.id, why }, lines);
}

function portalUse(cast: Cast, actor: Actor): Incident {
  const system = contractSystem(cast, actor);
  const atMs = cast.moment(9, 16);
  const account = { account: actor.login, clientAddress: actor.address, system: system.id };
  const asset = cast.plan.platform.assets.find((one) => one.system === system.id)!;
  const lines = [
    signInLine({ ...account, atMs, outcome: 'success' }),
    { ...cast.access({ atMs: atMs + 90_000, actor, asset, rows: 4 }) },
  ];
  const why = { zh: '合同到期后登录业务系统并查询', en: 'signs in and queries after the contract' };
  return cast.incident('portal', { actor: actor.id, why }, lines);
}

function databaseUse(cast: Cast, actor: Actor): Incident {
  const system = cast.random.pick(cast.plan.platform.systems.filter((one) => one.log === 'pgaudit'));
  const asset = cast.plan.platform.assets.find((one) => one.system === system.id)!;
  const first = cast.moment(10, 17);
  const line = (atMs: number, message: string): Line => {
    const session = sessionOf({ atMs, actor }, system);
    return {
      atMs,
      source: 'databases',
      transport: 'syslog-tcp',
      line: overSyslog(session, 'LOG', message),
      incident: '',
    };
  };
  const lines = [
    line(first, authorized(sessionOf({ atMs: first, actor }, system))),
    line(first + 40_000, auditedRead(asset.table, 'count(*)', '', 1)),
  ];
  const why = { zh: '合同到期后连接数据库并查询', en: 'connects to a database and queries after the contract' };
  return cast.incident('database', { actor: actor.id, why }, lines);
}

function gatewayKey(cast: Cast, actor: Actor): Incident {
  const lines = cast.spread(cast.moment(13, 16), 5, 20 * MINUTE).map((atMs): Line => {
    const line = gatewayCall({
      atMs,
      account: actor.login,
      clientAddress: actor.address,
      system: 'data-gateway',
      path: '/open/v1/notices',
      status: 200,
      bytes: 900,
      durationMs: 12,
    });
    return { atMs, source: 'gateway', transport: 'bulk', line, incident: '' };
  });
  const why = {
    zh: '五个月前到期的厂商接口凭据仍在调用',
    en: "a credential still calls interfaces; the vendor's contract ended five months ago",
  };
  return cast.incident('gateway-key', { actor: actor.id, why }, lines);
}

function forgottenJob(cast: Cast, actor: Actor): Incident {
  const system = contractSystem(cast, actor);
  const lines = Array.from({ length: 6 }, (_, hour) => {
    const atMs = cast.plan.from + hour * HOUR + 7 * MINUTE;
    const connection = connectionOf(cast, actor, atMs, system);
    return hostLine(atMs, acceptedKey(connection, cast.random.base64(43)));
  });
  const why = {
    zh: '前服务商遗留的定时任务每小时登录',
    en: "a former vendor's forgotten job signs in every hour",
  };
  return cast.incident('forgotten-job', { actor: actor.id, why }, lines);
}

function removedFromRoster(cast: Cast): Incident {
  const { platform, from } = cast.plan;
  const removed = new Set(
    platform.contracts.flatMap((one) => one.roster.filter((entry) => entry.to <= from && one.to > from)).map(personOf),
  );
  const actor = cast.staff((one) => removed.has(one.person));
  const system = cast.random.pick(platform.systems.filter((one) => one.vendor === actor.vendor));
  const connection = connectionOf(cast, actor, cast.moment(9, 17), system);
  const why = {
    zh: '合同仍有效，但此人已调离名单',
    en: 'the contract goes on, but the person has left its roster',
  };
  return cast.incident('left-roster', { actor: actor.id, why }, hostSession(connection, cast.random));
}

/** A running contract that does not name the system: another detector's matter. */
function outOfScope(cast: Cast): Incident {
  const { platform } = cast.plan;
  const actor = cast.staff((one) => staffOf(cast.plan, 'renewed').includes(one));
  const system = cast.random.pick(platform.systems.filter((one) => one.vendor !== actor.vendor));
  const connection = connectionOf(cast, actor, cast.moment(10, 16), system);
  const why = {
    zh: '合同有效但不含该系统：属「超出合同范围」',
    en: 'the contract runs but does not name the system: out of scope, not after the contract',
  };
  const lines = hostSession(connection, cast.random);
  return cast.incident('out-of-scope', { actor: actor.id, expected: false, why }, lines);
}

function personOf(entry: { person: string }): string {
  return entry.person;
}

function contractSystem(cast: Cast, actor: Actor): SystemOf {
  const contract = cast.plan.platform.contracts.find((one) => one.vendor === actor.vendor);
  if (!contract) throw new RangeError(`${actor.vendor} has no contract`);
  return cast.plan.platform.system(cast.random.pick(contract.systems));
}

function connectionOf(cast: Cast, actor: Actor, atMs: number, system: SystemOf): Parameters<typeof acceptedKey>[0] {
  return { atMs, host: system.hosts[0], account: actor.login, address: actor.address, port: port(cast.random) };
}
