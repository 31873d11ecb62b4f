import { describe, expect, it } from 'vitest';
import { attributes, iso, read } from './read.ts';

const head = (type: string): string => `type=${type} msg=audit(1790000000.125:77): `;
const login = (type: string, exe: string, res: string): string =>
  `${head(type)}pid=1 uid=0 auid=4294967295 ses=4294967295 msg='op=login acct="wang" exe="${exe}" hostname=? addr=192.0.2.9 terminal=ssh res=${res}'`;

describe('auditd', () => {
  it('reads a sign-in with its fields', () => {
    const event = read(login('USER_LOGIN', '/usr/sbin/sshd', 'failed'));
    expect(event).toMatchObject({
      format: 'auditd',
      account: 'wang',
      clientAddress: '192.0.2.9',
      action: 'sign-in',
      outcome: 'failure',
    });
    expect(iso(event)).toBe('2026-09-21T14:13:20.125Z');
    expect(attributes(event, 'audit.type', 'audit.serial', 'exe', 'hostname')).toEqual({
      ...{ 'audit.type': 'USER_LOGIN', 'audit.serial': '77', exe: '/usr/sbin/sshd', hostname: undefined },
    });
  });

  it('counts USER_AUTH only for programs that write no USER_LOGIN', () => {
    expect(read(login('USER_AUTH', '/usr/sbin/sshd', 'failed'))).toMatchObject({
      action: '',
      outcome: 'failure',
      account: 'wang',
    });
    expect(read(login('USER_AUTH', '/usr/bin/su', 'failed'))).toMatchObject({ action: 'sign-in', outcome: 'failure' });
  });

  it.each(['"(unknown)"', '28696E76616C6964207573657229'])('knows that acct=%s names nobody', (acct) => {
    const event = read(login('USER_LOGIN', '/usr/sbin/sshd', 'failed').replace('"wang"', acct));
    expect(event).toMatchObject({ account: '', action: 'sign-in', outcome: 'failure' });
    expect(attributes(event, 'invalidUser')).toEqual({ invalidUser: 'true' });
  });

  it('joins the records of one event into a command', () => {
    const event = read(
      [
        `${head('SYSCALL')}arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 auid=1000 uid=0 ses=3 comm="cat" exe="/usr/bin/cat" key="x"\u001dAUID="wang" UID="root"`,
        `${head('EXECVE')}argc=3 a0="cat" a1="/etc/shadow" a2=6120622063`,
        `${head('CWD')}cwd="/root"`,
        `${head('PATH')}item=0 name="/usr/bin/cat" inode=1`,
        `${head('PROCTITLE')}proctitle=636174002F6574632F736861646F77`,
      ].join('\n'),
    );
    expect(event).toMatchObject({
      classUid: 1007,
      action: 'command',
      outcome: 'success',
      account: 'wang',
      session: '3',
    });
    expect(attributes(event, 'command', 'proctitle', 'audit.type')).toEqual({
      ...{
        command: 'cat /etc/shadow a b c',
        proctitle: 'cat /etc/shadow',
        'audit.type': 'SYSCALL,EXECVE,CWD,PATH,PROCTITLE',
      },
    });
  });

  it('names the file of a system call, relative to where it was', () => {
    const event = read(
      `${head('SYSCALL')}syscall=2 success=no exit=-13 auid=1000 uid=1000\n${head('CWD')}cwd="/home/w"\n${head('PATH')}item=0 name="a b" nametype=NORMAL`,
    );
    expect(event).toMatchObject({ asset: '/home/w/a b', outcome: 'failure', account: 'uid:1000' });
  });

  it('decodes hexadecimal values and leaves numbers alone', () => {
    const event = read(
      `${head('USER_CMD')}pid=5 uid=1000 auid=1000 ses=2 msg='cwd="/" cmd=6C73202D6C terminal=pts/0 res=success'`,
    );
    expect(event).toMatchObject({ action: 'command', message: 'ls -l' });
    expect(attributes(event, 'pid')).toEqual({ pid: '5' });
  });

  it.each([
    ['ADD_USER', 'msg=\'op=add-user acct="eve" exe="/usr/sbin/useradd" res=success\'', 'account-create', 'eve', 'root'],
    [
      'DEL_USER',
      'msg=\'op=delete-user id=1002 exe="/usr/sbin/userdel" res=success\'',
      'account-delete',
      '1002',
      'root',
    ],
    ['CONFIG_CHANGE', 'op=set audit_enabled=0 old=1 res=1', 'configure', 'set', 'root'],
    ['DAEMON_END', 'op=terminate res=success', 'configure', 'terminate', 'root'],
  ])('understands %s', (type, rest, action, target, account) => {
    expect(read(`${head(type)}pid=1 uid=0 auid=4294967295 ${rest}`)).toMatchObject({
      action,
      target,
      account,
      outcome: 'success',
    });
  });

  it('reads the shapes that syslog carries', () => {
    const body = 'pid=1 uid=0 msg=\'op=login acct="bob" exe="/usr/sbin/sshd" addr=192.0.2.9 res=failed\'';
    for (const line of [
      `Nov  1 10:00:00 h audispd: type=USER_LOGIN msg=audit(1790000000.125:77): ${body}`,
      `Nov  1 10:00:00 h kernel: audit: type=1112 audit(1790000000.125:77): ${body}`,
      `Nov  1 10:00:00 h audit[1]: USER_LOGIN ${body}`,
    ])
      expect(read(line)).toMatchObject({
        format: 'rfc3164+auditd',
        account: 'bob',
        action: 'sign-in',
        outcome: 'failure',
        host: 'h',
      });
  });

  it('reads laurel’s JSON', () => {
    const event = read(
      '{"ID":"1790000000.125:77","NODE":"h1","SYSCALL":{"success":"yes","AUID":"wang","UID":"root"},"EXECVE":{"ARGV":["id","-u"]}}',
    );
    expect(event).toMatchObject({ format: 'laurel', host: 'h1', account: 'wang', action: 'command', message: 'id -u' });
    expect(iso(event)).toBe('2026-09-21T14:13:20.125Z');
  });
});
