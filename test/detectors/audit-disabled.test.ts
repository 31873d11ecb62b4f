import { describe, expect, it } from 'vitest';
import { auditDisabled } from '../../detectors/audit-disabled.ts';
import type { Event } from '../../src/event/event.ts';
import { eventAt, judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { says } from './town.ts';

const act = (fields: Partial<Event>) =>
  eventAt('2026-11-20T03:00', {
    action: 'command',
    outcome: 'success',
    host: 'db01',
    account: 'root',
    actor: 'root@db01',
    ...fields,
  });
const command = (text: string, fields: Partial<Event> = {}) => act({ attributes: ['command', text], ...fields });
const found = (event: Event) => judge(auditDisabled, [event]).signals;

describe('audit-disabled', () => {
  conforms(auditDisabled, { events: () => [command('systemctl stop auditd')] });

  it.each([
    'systemctl stop auditd',
    'systemctl --now disable rsyslog.service',
    'service auditd stop',
    '/sbin/auditctl -e 0',
    'pkill -9 rsyslogd',
    'undo info-center enable',
    'no logging on',
  ])('finds that auditing is stopped: %s', (text) => {
    expect(found(command(text))).toMatchObject([{ score: 90 }]);
    expect(says(found(command(text))[0], 'db01', { zh: '停止了审计', en: 'stopped auditing' })).toBe(true);
  });

  it.each([
    'rm -rf /var/log/audit/audit.log',
    'cat /dev/null > /var/log/secure',
    'wevtutil cl Security',
    'journalctl --vacuum-time=1s',
    'cp /dev/null /var/log/auth.log',
    'ln -sf /dev/null /var/log/audit/audit.log',
    'mv /var/log/audit/audit.log /tmp/.x',
    'sed -i /wang/d /var/log/auth.log',
  ])('finds that a log is cleared: %s', (text) =>
    expect(says(found(command(text))[0], { zh: '清空了日志', en: 'cleared a log' })).toBe(true),
  );

  it('finds narrowed policies of databases and Windows, and its event ids', () => {
    expect(
      found(act({ action: 'update', attributes: ['statement', "ALTER SYSTEM SET pgaudit.log TO 'none'"] })),
    ).toMatchObject([{ score: 85 }]);
    expect(found(command('SET GLOBAL general_log = 0'))).toHaveLength(1);
    expect(found(act({ action: 'configure', attributes: ['winlog.event_id', '4719'] }))).toMatchObject([{ score: 85 }]);
    expect(found(act({ action: 'configure', attributes: ['winlog.event_id', '1102'] }))).toMatchObject([{ score: 90 }]);
    expect(
      found(act({ action: 'configure', attributes: ['audit.type', 'CONFIG_CHANGE', 'audit_enabled', '0'] })),
    ).toHaveLength(1);
    expect(
      found(act({ action: 'configure', attributes: ['audit.type', 'CONFIG_CHANGE', 'audit_enabled', '1'] })),
    ).toEqual([]);
    expect(found(act({ action: 'maintain', message: '关闭审计功能' }))).toHaveLength(1);
    expect(found(command('auditctl -a never,task'))).toMatchObject([{ score: 85 }]);
    expect(found(command('auditctl -a exit,never -F auid=1004'))).toMatchObject([{ score: 85 }]);
    expect(found(command('sed -i /authpriv/d /etc/rsyslog.conf'))).toMatchObject([{ score: 85 }]);
  });

  it.each([
    'systemctl restart nginx',
    'systemctl status auditd',
    'tail -f /var/log/secure',
    'auditctl -l',
    'auditctl -a always,exit -F arch=b64 -S execve',
    'sed -i s/a/b/ /etc/nginx/nginx.conf',
    'cp /var/log/secure /root/copy',
    'grep x /var/log/messages',
    'ausearch -m avc',
  ])('stays quiet about ordinary work: %s', (text) => expect(found(command(text))).toEqual([]));

  it('leaves refused attempts and reads out', () => {
    expect(found(command('systemctl stop auditd', { outcome: 'failure' }))).toEqual([]);
    expect(found(command('systemctl stop auditd', { action: 'read' }))).toEqual([]);
  });
});
