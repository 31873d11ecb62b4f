import { describe, expect, it } from 'vitest';
import { attributes, read } from './read.ts';

const line = (tag: string, message: string): ReturnType<typeof read> => read(`Nov  1 10:00:00 h ${tag}: ${message}`);

describe('sudo', () => {
  it('reads a command that ran', () => {
    const event = line(
      'sudo',
      '   wang : TTY=pts/0 ; PWD=/home/wang ; USER=root ; COMMAND=/usr/bin/cat /etc/shadow ; id',
    );
    expect(event).toMatchObject({
      account: 'wang',
      action: 'command',
      outcome: 'success',
      target: 'root',
      privileged: true,
    });
    expect(attributes(event, 'command', 'tty', 'pwd', 'runAs')).toEqual({
      ...{ command: '/usr/bin/cat /etc/shadow ; id', tty: 'pts/0', pwd: '/home/wang', runAs: 'root' },
    });
  });

  it('reads a command that was refused', () => {
    const event = line('sudo', 'wang : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls');
    expect(event).toMatchObject({ action: 'command', outcome: 'failure' });
    expect(attributes(event, 'reason')).toEqual({ reason: 'user NOT in sudoers' });
  });

  it('counts wrong passwords in its own line and not in PAM’s', () => {
    const own = line('sudo', 'wang : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls');
    expect(own).toMatchObject({ account: 'wang', action: 'sign-in', outcome: 'failure' });
    expect(attributes(own, 'repeat')).toEqual({ repeat: '3' });
    const pam = line(
      'sudo',
      'pam_unix(sudo:auth): authentication failure; logname=wang uid=1000 ruser=wang rhost=  user=wang',
    );
    expect(pam).toMatchObject({ account: 'wang', action: '', outcome: 'failure' });
  });
});

describe('the kin of sudo', () => {
  it('names who opened a session, and as whom', () => {
    const event = line('sudo', 'pam_unix(sudo:session): session opened for user root(uid=0) by wang(uid=1000)');
    expect(event).toMatchObject({ account: 'wang', target: 'root', action: '', outcome: 'success' });
  });

  it('takes a line without a command for none', () => {
    expect(line('sudo', 'wang : problem with defaults entries ; TTY=pts/0 ; PWD=/ ;')).toMatchObject({
      ...{ account: 'wang', action: '', classUid: 0 },
    });
  });

  it.each([
    ['doas', 'wang ran command ls -l as root from /home/wang', 'success', 'ls -l'],
    ['doas', 'command not permitted for wang: reboot', 'failure', 'reboot'],
    [
      'pkexec[7]',
      'wang: Executing command [USER=root] [TTY=unknown] [CWD=/home/wang] [COMMAND=/usr/bin/test [x]]',
      'success',
      '/usr/bin/test [x]',
    ],
  ])('reads %s: %s', (tag, message, outcome, command) => {
    const event = line(tag, message);
    expect(event).toMatchObject({ account: 'wang', action: 'command', outcome });
    expect(attributes(event, 'command')).toEqual({ command });
  });
});

describe('su', () => {
  it('reads the System V form', () => {
    expect(line('su', "'su root' failed for wang on /dev/pts/8")).toMatchObject({
      ...{ account: 'wang', target: 'root', action: 'sign-in', outcome: 'failure' },
    });
  });

  it('counts a failure once, with who asked and whom they wanted to be', () => {
    const pam = line(
      'su[1]',
      'pam_unix(su:auth): authentication failure; logname=wang uid=1000 euid=0 tty=pts/1 ruser=wang rhost=  user=root',
    );
    const own = line('su[1]', 'FAILED SU (to root) wang on pts/1');
    expect(pam).toMatchObject({ account: 'wang', target: 'root', action: 'sign-in', outcome: 'failure' });
    expect(own).toMatchObject({ account: 'wang', target: 'root', action: '', outcome: 'failure' });
  });

  it('counts a success once', () => {
    const own = line('su[1]', '(to root) wang on pts/1');
    const pam = line('su[1]', 'pam_unix(su:session): session opened for user root(uid=0) by wang(uid=1000)');
    expect([own.action, pam.action]).toEqual(['', 'sign-in']);
    expect(pam).toMatchObject({ account: 'wang', target: 'root', outcome: 'success' });
  });

  it('reads the BSD form', () => {
    expect(line('su', 'BAD SU bob to root on /dev/ttyp1')).toMatchObject({
      account: 'bob',
      target: 'root',
      outcome: 'failure',
    });
  });
});

describe('login, logind and account tools', () => {
  it('reads sign-ins at the console', () => {
    expect(line('login[5]', "FAILED LOGIN (1) on '/dev/tty1' FOR 'bob', Authentication failure")).toMatchObject({
      ...{ account: 'bob', action: 'sign-in', outcome: 'failure' },
    });
    expect(line('login[5]', 'LOGIN ON tty1 BY wang')).toMatchObject({
      account: 'wang',
      action: 'sign-in',
      outcome: 'success',
    });
  });

  it('does not count the session that logind opens for a sign-in', () => {
    expect(line('systemd-logind[7]', 'New session 5 of user wang.')).toMatchObject({
      account: 'wang',
      session: '5',
      action: '',
    });
  });

  it('reads account and group changes', () => {
    expect(line('useradd[7]', 'new user: name=eve, UID=1002, GID=1002, home=/home/eve')).toMatchObject({
      ...{ classUid: 3007, activityId: 1, action: 'account-create', target: 'eve' },
    });
    expect(line('usermod[7]', "add 'eve' to group 'sudo'")).toMatchObject({ action: 'grant', target: 'eve' });
    expect(line('userdel[7]', "delete user 'eve'")).toMatchObject({ action: 'account-delete', target: 'eve' });
  });

  it('does not take cron’s sessions for sign-ins', () => {
    expect(line('CRON[7]', 'pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)').action).toBe('');
    expect(line('CRON[7]', 'pam_unix(cron:session): session closed for user root').action).toBe('');
  });

  it.each([
    ['login', 'LOGIN bob REFUSED FROM 192.0.2.4 ON TTY ttyp0', '', 'failure'],
    ['login', '3 LOGIN FAILURES FROM 192.0.2.4, bob', 'sign-in', 'failure'],
    ['ftpd[7]', 'FTP LOGIN FROM 192.0.2.4 as bob', 'sign-in', 'success'],
    ['vsftpd[7]', '[bob] FAIL LOGIN: Client "::ffff:192.0.2.4"', '', 'failure'],
    ['proftpd[7]', '192.0.2.1 (192.0.2.4[192.0.2.4]) - USER bob (Login failed): Incorrect password.', '', 'failure'],
    ['dropbear[7]', "Password auth succeeded for 'bob' from 192.0.2.4:40022", 'sign-in', 'success'],
    ['dropbear[7]', "Bad password attempt for 'bob' from 192.0.2.4:40022", 'sign-in', 'failure'],
    [
      'vsftpd',
      'pam_unix(vsftpd:auth): authentication failure; logname= uid=0 tty=ftp ruser=bob rhost=192.0.2.4',
      'sign-in',
      'failure',
    ],
  ])('reads who came from where: %s: %s', (tag, message, action, outcome) => {
    expect(line(tag, message)).toMatchObject({ account: 'bob', clientAddress: '192.0.2.4', action, outcome });
  });

  it('reads the quotes of systemd 256 and the console’s own name for login', () => {
    expect(line('systemd-logind[7]', "New session '5' of user 'wang' with class 'user' and type 'tty'.")).toMatchObject(
      {
        ...{ account: 'wang', session: '5', action: '' },
      },
    );
    expect(line('-- root[7]', 'ROOT LOGIN ON tty2')).toMatchObject({
      ...{ service: 'login', account: 'root', action: 'sign-in', outcome: 'success' },
    });
  });

  it.each([
    ['gpasswd[7]', 'user eve added by wang to group wheel', 'grant', 'wang'],
    ['gpasswd[7]', 'user eve removed by wang from group wheel', 'revoke', 'wang'],
    ['passwd[7]', "password for 'eve' changed by 'wang'", 'account-change', 'wang'],
    ['passwd[7]', 'pam_unix(passwd:chauthtok): password changed for eve', 'account-change', ''],
  ])('reads whose account was changed and by whom: %s: %s', (tag, message, action, account) => {
    expect(line(tag, message)).toMatchObject({ target: 'eve', action, account, outcome: 'success', classUid: 3007 });
  });

  it('takes a new or removed group for group management', () => {
    expect(line('groupadd[7]', 'new group: name=staff, GID=1003')).toMatchObject({ classUid: 3006, activityId: 6 });
    expect(line('groupdel[7]', "group 'staff' removed from /etc/group")).toMatchObject({
      ...{ classUid: 3006, activityId: 5, target: 'staff' },
    });
    expect(line('useradd[7]', "failed adding user 'eve', data deleted")).toMatchObject({ outcome: 'failure' });
  });
});
