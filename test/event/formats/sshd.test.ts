import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/event/event.ts';
import { attributes, read } from './read.ts';

function sshd(message: string): Event {
  return read(`<38>1 2026-11-24T03:00:00Z gate-1 sshd 812 - - ${message}`);
}

describe('sshd: attempts that count', () => {
  it.each([
    ['Failed password for root from 192.0.2.9 port 53502 ssh2', 'root', 'failure', 'password'],
    ['Failed password for invalid user li si from 192.0.2.9 port 5 ssh2', 'li si', 'failure', 'password'],
    ['Failed publickey for wang from 192.0.2.9 port 5 ssh2: RSA SHA256:abc', 'wang', 'failure', 'publickey'],
    [
      'Failed keyboard-interactive/pam for wang from 192.0.2.9 port 5 ssh2',
      'wang',
      'failure',
      'keyboard-interactive/pam',
    ],
    ['Failed none for invalid user 0101 from 192.0.2.9 port 5 ssh2', '0101', 'failure', 'none'],
    ['error: PAM: Authentication failure for wang from 192.0.2.9', 'wang', 'failure', 'keyboard-interactive/pam'],
    ['Accepted password for wang from 192.0.2.9 port 5 ssh2', 'wang', 'success', 'password'],
    ['Accepted publickey for wang from 192.0.2.9 port 5 ssh2: ED25519 SHA256:xyz', 'wang', 'success', 'publickey'],
  ])('%s', (message, account, outcome, method) => {
    const event = sshd(message);
    expect(event).toMatchObject({ format: 'rfc5424+sshd', classUid: 3002, activityId: 1, action: 'sign-in', message });
    expect(event).toMatchObject({ account, outcome, clientAddress: '192.0.2.9' });
    expect(attributes(event, 'method')).toEqual({ method });
  });

  it('keeps the user name that tries to forge a second address', () => {
    const event = sshd('Failed password for invalid user x from 203.0.113.1 port 1 ssh2 from 192.0.2.9 port 5 ssh2');
    expect(event).toMatchObject({ clientAddress: '192.0.2.9', account: 'x from 203.0.113.1 port 1 ssh2' });
  });

  it('shortens an IPv6 client', () => {
    expect(sshd('Failed password for a from 2001:DB8:0:0:0:0:0:1 port 5 ssh2').clientAddress).toBe('2001:db8::1');
    expect(sshd('Failed password for a from ::ffff:192.0.2.1 port 5 ssh2').clientAddress).toBe('192.0.2.1');
  });

  it('says how often a repeated message stands for itself', () => {
    const event = sshd('message repeated 5 times: [ Failed password for root from 192.0.2.9 port 5 ssh2]');
    expect(event).toMatchObject({ action: 'sign-in', outcome: 'failure', account: 'root', clientAddress: '192.0.2.9' });
    expect(attributes(event, 'repeat')).toEqual({ repeat: '5' });
  });

  it('counts the PAM line of old systems, whose sshd has no other in that log', () => {
    const event = read(
      'Nov 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=192.0.2.4  user=root',
    );
    expect(event).toMatchObject({ action: 'sign-in', outcome: 'failure', account: 'root', clientAddress: '192.0.2.4' });
  });

  it('takes OpenSSH 9.8’s program name', () => {
    expect(read('Nov 14 15:16:01 h sshd-session[9]: Failed password for a from 192.0.2.4 port 1 ssh2')).toMatchObject({
      ...{ format: 'rfc3164+sshd', action: 'sign-in', outcome: 'failure' },
    });
  });

  it('knows its lines without the program’s name', () => {
    expect(read('Failed password for a from 192.0.2.4 port 1 ssh2')).toMatchObject({
      format: 'sshd',
      action: 'sign-in',
    });
  });
});

describe('sshd: lines beside an attempt', () => {
  it.each([
    ['Invalid user pascal from 192.0.2.9 port 53502', 'pascal', 'failure'],
    ['Invalid user  from 192.0.2.9 port 53502', '', 'failure'],
    ['Invalid user admin from 192.0.2.9', 'admin', 'failure'],
    ['error: PAM: Authentication failure for illegal user bob from 192.0.2.9', 'bob', 'failure'],
    [
      'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.9  user=wang',
      'wang',
      'failure',
    ],
    [
      'PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.9  user=wang',
      'wang',
      'failure',
    ],
    ['Connection closed by authenticating user root 192.0.2.9 port 5 [preauth]', 'root', 'failure'],
    ['Connection closed by invalid user li si 192.0.2.9 port 5 [preauth]', 'li si', 'failure'],
    ['Disconnected from authenticating user root 192.0.2.9 port 5 [preauth]', 'root', 'failure'],
    ['Disconnected from user root 192.0.2.9 port 5', 'root', ''],
    [
      'error: maximum authentication attempts exceeded for root from 192.0.2.9 port 5 ssh2 [preauth]',
      'root',
      'failure',
    ],
    [
      'error: maximum authentication attempts exceeded for invalid user x from 192.0.2.9 port 5 ssh2 [preauth]',
      'x',
      'failure',
    ],
    [
      'Disconnecting authenticating user root 192.0.2.9 port 5: Too many authentication failures [preauth]',
      'root',
      'failure',
    ],
    ['User bob from 192.0.2.9 not allowed because not listed in AllowUsers', 'bob', 'failure'],
    ['Received disconnect from 192.0.2.9 port 5:11: Bye Bye [preauth]', '', ''],
    ['Received disconnect from 192.0.2.9: 11: Bye Bye [preauth]', '', ''],
    ['Did not receive identification string from 192.0.2.9 port 5', '', ''],
    ["Bad protocol version identification '\\003' from 192.0.2.9 port 5", '', ''],
    ['reverse mapping checking getaddrinfo for x.example [192.0.2.9] failed - POSSIBLE BREAK-IN ATTEMPT!', '', ''],
  ])('%s names who and from where, but counts as no attempt', (message, account, outcome) => {
    expect(sshd(message)).toMatchObject({ classUid: 3002, action: '', account, outcome, clientAddress: '192.0.2.9' });
  });

  it('gives one failure for the lines of one failed attempt of an unknown user', () => {
    const events = [
      'Invalid user pascal from 192.0.2.9 port 5',
      'pam_unix(sshd:auth): check pass; user unknown',
      'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.9',
      'Failed password for invalid user pascal from 192.0.2.9 port 5 ssh2',
      'Connection closed by invalid user pascal 192.0.2.9 port 5 [preauth]',
    ].map(sshd);
    expect(events.filter((event) => event.action === 'sign-in')).toHaveLength(1);
  });

  it('gives one success and one sign-out for a session', () => {
    const events = [
      'Accepted password for wang from 192.0.2.9 port 5 ssh2',
      'pam_unix(sshd:session): session opened for user wang(uid=1000) by (uid=0)',
      'pam_unix(sshd:session): session closed for user wang',
      'Disconnected from user wang 192.0.2.9 port 5',
    ].map(sshd);
    expect(events.map((event) => event.action)).toEqual(['sign-in', '', 'sign-out', '']);
    expect(events[2]).toMatchObject({ account: 'wang', activityId: 2 });
  });

  it('keeps a line that it does not know as a message', () => {
    expect(sshd('Server listening on 0.0.0.0 port 22.')).toMatchObject({ classUid: 0, action: '', fault: '' });
  });

  it.each([
    ['Failed password for li from 192.0.2.9 port 5 ssh1: ruser from 203.0.113.1', 'li'],
    ['Postponed publickey for li from 192.0.2.9 port 5 ssh2 [preauth]', 'li'],
    ['Received disconnect from 192.0.2.9 port 5:11: Bye [preauth]', ''],
    ['Timeout before authentication for connection from 192.0.2.9 to 192.0.2.1, pid = 7', ''],
    ['ssh_dispatch_run_fatal: Connection from invalid user li 192.0.2.9 port 5: Broken pipe [preauth]', 'li'],
    ['Disconnecting invalid user li 192.0.2.9 port 5: Too many authentication failures [preauth]', 'li'],
    ['Starting session: shell on pts/2 for li from 192.0.2.9 port 5 id 0', 'li'],
    ['Close session: user li from 192.0.2.9 port 5 id 0', 'li'],
    ['refused connect from li@192.0.2.9 (192.0.2.9)', ''],
    ['drop connection #3 from [192.0.2.9]:5 on [192.0.2.1]:22 penalty: failed authentication', ''],
    ['User li from 192.0.2.9 not allowed because not listed in AllowUsers', 'li'],
    ["pam_access(sshd:account): access denied for user `li' from `192.0.2.9'", 'li'],
  ])('finds client and account in %s', (message, account) => {
    expect(sshd(message)).toMatchObject({ clientAddress: '192.0.2.9', account, classUid: 3002 });
  });

  it.each([
    ['fatal: Access denied for user li by PAM account configuration [preauth]'],
    ['pam_sss(sshd:auth): received for user li: 7 (Authentication failure)'],
    ['pam_faillock(sshd:auth): Consecutive login failures for user li account temporarily locked'],
    ['pam_tally2(sshd:auth): user li (1001) tally 5, deny 3'],
    ['pam_unix(sshd:account): account li has expired (account expired)'],
    ["pam_winbind(sshd:auth): user 'li' denied access (incorrect password or invalid membership)"],
    ['Login restricted for li: account is locked'],
  ])('takes %s for an aside about a failure', (message) => {
    expect(sshd(message)).toMatchObject({ account: 'li', action: '', outcome: 'failure', classUid: 3002 });
  });

  it('keeps the port and the key’s fingerprint apart from what stands behind them', () => {
    const event = sshd(
      'Accepted publickey for li from 192.0.2.9 port 5 ssh2: ED25519-CERT SHA256:abc ID li (serial 1) CA',
    );
    expect(attributes(event, 'port', 'key')).toEqual({ port: '5', key: 'SHA256:abc' });
    expect(attributes(sshd('Received disconnect from 192.0.2.9 port 58:11: Bye'), 'port')).toEqual({ port: '58' });
  });

  it('leaves a name that sshd hides empty', () => {
    const event = sshd('Failed keyboard-interactive for <invalid username> from 192.0.2.9 port 5 ssh2');
    expect(event).toMatchObject({ account: '', clientAddress: '192.0.2.9', outcome: 'failure' });
    expect(attributes(event, 'invalidUser')).toEqual({ invalidUser: 'true' });
  });

  it('reads metalog’s bracketed program', () => {
    expect(read('Nov 14 15:16:01 [sshd] Accepted password for a from 192.0.2.4 port 1 ssh2')).toMatchObject({
      ...{ host: '', service: 'sshd', action: 'sign-in', outcome: 'success' },
    });
  });
});
