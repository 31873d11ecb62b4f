import type { Event } from '../event.ts';
import { state, type Format } from './format.ts';
import { command, signIn, signOut } from './outcome.ts';
import { setPeer } from './peer.ts';

type Reading = 'sign-in success' | 'sign-in failure' | 'sign-out' | 'command' | 'configure';

/** Lines of one mnemonic by their shape; the named groups are account, address, port, reason, command. */
interface Shape {
  /** What the tag holds: Cisco's mnemonic or message number, Huawei's and H3C's module and digest. */
  tag: RegExp;
  text: RegExp;
  reads: Reading;
}

const SHAPES: readonly Shape[] = [
  shape(
    /LOGIN_FAILED/,
    /^Login failed \[user: (?<account>[^\]]*)\] \[Source: (?<address>[^\]]*)\].{0,80}?\[Reason: (?<reason>[^\]]*)\]/,
    'sign-in failure',
  ),
  shape(
    /LOGIN_SUCCESS/,
    /^Login Success \[user: (?<account>[^\]]*)\] \[Source: (?<address>[^\]]*)\]/,
    'sign-in success',
  ),
  shape(
    /SYS-5-CONFIG_I/,
    /^Configured from \S+ by (?<account>\S{1,128})(?: on \S+)?(?: \((?<address>[^)]*)\))?/,
    'configure',
  ),
  shape(
    /-605005$/,
    /^Login permitted from (?<address>[^\s/]{1,64})\/(?<port>\d+) to \S+ for user "(?<account>[^"]*)"/,
    'sign-in success',
  ),
  shape(
    /-605004$/,
    /^Login denied from (?<address>[^\s/]{1,64})\/(?<port>\d+) to \S+ for user "(?<account>[^"]*)"/,
    'sign-in failure',
  ),
  shape(
    /-113005$/,
    /^AAA user authentication Rejected : reason = (?<reason>.{0,120}?) : .{0,120}?user = (?<account>\S{1,128})(?: : user IP = (?<address>\S{1,64}))?/,
    'sign-in failure',
  ),
  shape(/-113004$/, /^AAA user authentication Successful : .{0,120}?user = (?<account>\S{1,128})/, 'sign-in success'),
  shape(
    /-11101?[08]$/,
    /^User '(?<account>[^']*)'(?:, running '[^']*' from IP (?<address>[^\s,]{1,64}),)? executed (?:the )?'(?<command>[^']*)'/,
    'command',
  ),
  shape(
    /^%%\d\dSHELL\/\d\/CMDRECORD/,
    /\bIp=(?<address>[^\s,)]{0,64})\s?,.{0,200}?User=(?<account>[^\s,)]{0,128})\s?,.{0,200}?Command="(?<command>.*)"/,
    'command',
  ),
  shape(
    /^%%\d\dSHELL\/\d\/SHELL_CMD$/,
    /^-Line=.{0,60}?-IPAddr=(?<address>[^-\s]*)-User=(?<account>[^;]{0,80}); Command is (?<command>.*)$/,
    'command',
  ),
  shape(
    /(?:LOGINFAIL|LOGIN_?FAILED|SSH_FAIL|LOGFAIL)/,
    /^.{0,200}?\bI[pP](?:Address)?=(?<address>[^\s,)]{0,64})\s?,.{0,80}?User(?:Name)?=(?<account>[^\s,)]{0,128})/,
    'sign-in failure',
  ),
  shape(
    /SHELL_LOGIN$/,
    /^(?:-\S{1,128}?; )?(?<account>\S{1,128}) logged in from (?<address>\S{1,64}?)\.?$/,
    'sign-in success',
  ),
  shape(
    /SHELL_LOGINFAIL$/,
    /^.{0,60}?(?<account>\S{1,128}) failed to log ?in from (?<address>\S{1,64}?)\.?$/,
    'sign-in failure',
  ),
  shape(
    /SHELL_LOGOUT$/,
    /^(?:-\S{1,128}?; )?(?<account>\S{1,128}) logged out from (?<address>\S{1,64}?)\.?$/,
    'sign-out',
  ),
];

function shape(tag: RegExp, text: RegExp, reads: Reading): Shape {
  return { tag, text, reads };
}

/**
 * What switches, routers and firewalls of Cisco, Huawei and H3C say of sign-ins, commands and configuration, behind syslog with
 * a `%` tag. Sets account, clientAddress, action, outcome; attributes port, reason, command.
 */
export const networkDevice: Format = {
  name: 'network-device',

  recognizes(text, event) {
    return event.service.charCodeAt(0) === 37 && shapeOf(text, event) !== undefined;
  },

  parse(text, event) {
    event.message = text;
    const found = shapeOf(text, event);
    const groups = found?.text.exec(text)?.groups;
    if (found === undefined || groups === undefined) return 'no line of a network device that is known';
    event.account = groups['account'] ?? '';
    setPeer(groups['address'] ?? '', event);
    for (const name of ['port', 'reason', 'command']) state(event, name, groups[name] ?? '');
    conclude(found.reads, event);
    return '';
  },
};

function shapeOf(text: string, event: Event): Shape | undefined {
  return SHAPES.find(({ tag, text: shaped }) => tag.test(event.service) && shaped.test(text));
}

function conclude(reads: Reading, event: Event): void {
  if (reads === 'sign-in success') signIn(event, 'success');
  else if (reads === 'sign-in failure') signIn(event, 'failure');
  else if (reads === 'sign-out') signOut(event);
  else if (reads === 'command') command(event, 'success');
  else {
    event.action = 'configure';
    event.outcome = 'success';
  }
}
