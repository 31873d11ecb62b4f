import { describe, expect, it } from 'vitest';
import { attributes, read } from './read.ts';

const from = (line: string): ReturnType<typeof read> => read(`<189>Nov 20 2026 10:20:30 sw-1 ${line}`);

describe('network devices', () => {
  it.each([
    [
      '%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: wang] [Source: 192.0.2.4] [localport: 22] [Reason: Invalid login] at 10:20:30 CST',
      'failure',
    ],
    [
      '%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: wang] [Source: 192.0.2.4] [localport: 22] at 10:20:30 CST',
      'success',
    ],
    ['%ASA-6-605005: Login permitted from 192.0.2.4/40022 to inside:10.0.0.1/ssh for user "wang"', 'success'],
    ['%ASA-6-605004: Login denied from 192.0.2.4/40022 to outside:10.0.0.1/https for user "wang"', 'failure'],
    [
      '%ASA-6-113005: AAA user authentication Rejected : reason = Invalid password : server = 10.0.0.5 : user = wang : user IP = 192.0.2.4',
      'failure',
    ],
    ['%%01SSH/4/SSH_FAIL(s)[5]:Failed to login through SSH. (Ip=192.0.2.4, UserName=wang, Times=1)', 'failure'],
    ['%%10SHELL/5/SHELL_LOGIN: wang logged in from 192.0.2.4.', 'success'],
    ['%%10SHELL/5/SHELL_LOGIN: -DevIP=10.0.0.1; wang logged in from 192.0.2.4.', 'success'],
  ])('count a sign-in: %s', (line, outcome) => {
    expect(from(line)).toMatchObject({
      ...{ format: 'rfc3164+network-device', action: 'sign-in', outcome, account: 'wang', clientAddress: '192.0.2.4' },
      ...{ host: 'sw-1', fault: '' },
    });
  });

  it.each([
    [
      '%%01SHELL/5/CMDRECORD(l)[12]:Recorded command information. (Task=VT0 , Ip=192.0.2.4 , User=wang, Command="save")',
    ],
    ['%%10SHELL/6/SHELL_CMD: -Line=vty0-IPAddr=192.0.2.4-User=wang; Command is save'],
    ["%ASA-5-111010: User 'wang', running 'CLI' from IP 192.0.2.4, executed 'save'"],
  ])('name who ran which command: %s', (line) => {
    const event = from(line);
    expect(event).toMatchObject({ action: 'command', account: 'wang', clientAddress: '192.0.2.4', classUid: 1007 });
    expect(attributes(event, 'command')).toEqual({ command: 'save' });
  });

  it('name who changed the configuration', () => {
    expect(from('%SYS-5-CONFIG_I: Configured from console by wang on vty0 (192.0.2.4)')).toMatchObject({
      ...{ action: 'configure', account: 'wang', clientAddress: '192.0.2.4', outcome: 'success' },
    });
  });

  it('say nothing more in other lines', () => {
    expect(from('%LINK-3-UPDOWN: Interface Gi0/1, changed state to up')).toMatchObject({
      ...{ format: 'rfc3164', action: '', service: '%LINK-3-UPDOWN' },
    });
  });
});
