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
    ['CONFIG_CHANGE', 'op=set audit_enabled=0 old=1 res=1', 'configure', 'audit_enabled', 'root'],
    ['USER_MGMT', 'msg=\'op=add-user-to-group grp="wheel" acct="eve" res=success\'', 'grant', 'eve', 'root'],
    ['USER_MGMT', 'msg=\'op=delete-user-from-group grp="wheel" acct="eve" res=success\'', 'revoke', 'eve', 'root'],
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

  it('does not take a result that is not there for a success', () => {
    expect(read(`${head('USER_LOGIN')}pid=1 uid=0 msg='op=login acct="bob" exe="/usr/sbin/sshd"`)).toMatchObject({
      ...{ action: '', outcome: '', account: 'bob', classUid: 3002 },
    });
    expect(read('type=USER_LOGIN msg=audit(1790000000.125:7').fault).toBe('the audit record names no time');
    expect(read('type=USER_LOGIN msg=audit(soon:7): res=success').fault).toBe("'soon' is no time");
  });

  it('reads the time that ausearch -i writes', () => {
    expect(iso(read('type=SYSCALL msg=audit(11/24/2026 09:08:07.125:77) : success=yes'))).toBe(
      '2026-11-24T01:08:07.125Z',
    );
  });

  it('takes a host name for the client only where it is an address', () => {
    const own = read(`${head('ADD_USER')}uid=0 auid=0 msg='op=add-user acct="eve" hostname=db-1 addr=? res=success'`);
    expect(own).toMatchObject({ clientAddress: '', device: '' });
    const client = read(`${head('USER_LOGIN')}uid=0 msg='op=login acct="eve" hostname=192.0.2.9 addr=? res=failed'`);
    expect(client.clientAddress).toBe('192.0.2.9');
  });

  it('leaves the name of an unknown user empty', () => {
    const event = read(`${head('USER_LOGIN')}uid=0 msg='op=login acct="(unknown)" addr=192.0.2.9 res=failed'`);
    expect(event).toMatchObject({ account: '', action: 'sign-in', outcome: 'failure' });
    expect(attributes(event, 'invalidUser')).toEqual({ invalidUser: 'true' });
  });

  it('tells who asked su from whom they became, and does not end a sign-in with it', () => {
    const su = (type: string, result: string): ReturnType<typeof read> =>
      read(`${head(type)}uid=1000 auid=1000 msg='op=PAM acct="root" exe="/usr/bin/su" res=${result}'AUID="wang"`);
    expect(su('USER_AUTH', 'failed')).toMatchObject({ account: 'wang', target: 'root', action: 'sign-in' });
    expect(su('USER_END', 'success')).toMatchObject({ account: 'wang', target: 'root', action: '' });
  });

  it('says what a system call was done to', () => {
    const lines = [
      `${head('SYSCALL')}success=no auid=1000 exe="/usr/bin/cat" SYSCALL=openat AUID="wang"`,
      `${head('CWD')}cwd="/etc"`,
      `${head('PATH')}item=0 name="shadow" nametype=NORMAL`,
      `${head('PROCTITLE')}proctitle=63617400736861646F77`,
    ];
    expect(read(lines.join('\n'))).toMatchObject({
      ...{ asset: '/etc/shadow', outcome: 'failure', message: 'SYSCALL openat /usr/bin/cat /etc/shadow (cat shadow)' },
    });
  });

  it('reads the other end of a socket', () => {
    const socket = (saddr: string): ReturnType<typeof read> => read(`${head('SOCKADDR')}saddr=${saddr}`);
    expect(attributes(socket('02000050C00002040000000000000000'), 'socket.address', 'socket.port')).toEqual({
      ...{ 'socket.address': '192.0.2.4', 'socket.port': '80' },
    });
    expect(
      attributes(
        socket('0A00005000000000 20010DB8000000000000000000000004 00000000'.replaceAll(' ', '')),
        'socket.address',
      ),
    ).toEqual({ 'socket.address': '2001:db8::4' });
    expect(attributes(socket('01002F72756E2F78000000'), 'socket.path')).toEqual({ 'socket.path': '/run/x' });
  });

  it('joins the pieces of a long argument', () => {
    const text = `${head('SYSCALL')}success=yes\n${head('EXECVE')}argc=2 a0="echo" a1_len=4 a1[0]="ab" a1[1]="cd"`;
    expect(read(text).message).toBe('echo abcd');
  });

  it('does not call what is only logged (permissive) a refusal', () => {
    const avc = 'avc:  denied  { read } for pid=1 name="x"';
    expect(read(`${head('AVC')}${avc} permissive=1`).outcome).toBe('success');
    expect(read(`${head('AVC')}${avc} permissive=0`).outcome).toBe('failure');
  });
});
