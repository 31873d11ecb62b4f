import type { Bilingual } from '../../src/finding/finding.ts';
import type { Transport } from '../line.ts';

/** What sends: a forwarder with its way in. On one machine each has a loopback address of its own, as in real life. */
export interface SourceOf {
  id: string;
  name: Bilingual;
  transport: Transport;
  /** Local address that it sends from. */
  address: string;
  /** Registry id of its system, when it forwards for one. */
  system: string;
}

export const SOURCES: readonly SourceOf[] = (
  [
    ['web-portal', '政务服务网 nginx', 'Public portal nginx', 'syslog-tcp', 'data-portal'],
    ['web-office', '协同办公 nginx', 'Office portal nginx', 'syslog-tcp', ''],
    ['hosts', '主机认证日志', 'Host authentication logs', 'syslog-tcp', ''],
    ['hosts-legacy', '老旧主机日志', 'Old hosts', 'syslog-udp', ''],
    ['audit', '主机审计 auditd', 'Host audit (auditd)', 'syslog-tcp', ''],
    ['databases', '数据库审计', 'Database audit', 'syslog-tcp', ''],
    ['database-files', '数据库日志文件', 'Database log files', 'file', ''],
    ['applications', '业务系统访问日志', 'Application access logs', 'ingest', ''],
    ['identity', '统一身份认证', 'Identity provider', 'ingest', ''],
    ['bastion', '运维堡垒机', 'Bastion host', 'ingest', 'emergency-ops'],
    ['gateway', '统一接口网关', 'API gateway', 'bulk', 'data-gateway'],
    ['monitoring', '监控探测', 'Health checks', 'bulk', ''],
  ] as const
).map(([id, zh, en, transport, system], n) => ({
  id,
  name: { zh, en },
  transport,
  address: `127.0.10.${n + 1}`,
  system,
}));
