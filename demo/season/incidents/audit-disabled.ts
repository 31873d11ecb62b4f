import { HOUR } from '../../calendar.ts';
import { onHost } from '../acts.ts';
import type { Plot } from '../scene.ts';

const LOUD = [
  ['/usr/bin/systemctl stop auditd', '/usr/bin/rm -rf /var/log/audit'],
  ['/usr/bin/systemctl stop rsyslog', '/usr/bin/truncate -s 0 /var/log/auth.log'],
  ['/usr/sbin/service auditd stop', '/usr/bin/shred -u /var/log/secure'],
];
const QUIET = [
  ['/usr/sbin/auditctl -e 0'],
  ['/usr/sbin/auditctl -D'],
  ['/usr/bin/journalctl --rotate --vacuum-time=1s'],
  ['/usr/bin/pkill -STOP rsyslogd'],
  ['/usr/bin/cp /dev/null /var/log/auth.log'],
  ['/usr/bin/ln -sf /dev/null /var/log/audit/audit.log'],
  ['/usr/bin/mv /var/log/audit/audit.log /tmp/.x'],
  ['/usr/sbin/auditctl -a never,task'],
  ['/usr/bin/systemctl mask auditd'],
  ['/usr/bin/sed -i /authpriv/d /etc/rsyslog.conf', '/usr/bin/systemctl restart rsyslog'],
];
/** Line by line out of the file, so that nothing stops. */
const PIECEWISE = [
  '/usr/bin/sed -i /10.99.1/d /var/log/auth.log',
  '/usr/bin/truncate -s 4096 /var/log/audit/audit.log',
  '/usr/bin/rm /var/log/audit/audit.log.1',
];

/** An administrator sees to it that what follows is not written down, or that what was is gone. */
export const auditDisabled: Plot = {
  name: 'audit-disabled',
  stage(scene, difficulty) {
    const { random } = scene;
    const actor = scene.officer(({ role }) => role === 'system-admin');
    if (actor === undefined) return undefined;
    const system = random.pick(scene.plan.platform.systems.filter(({ department }) => department === actor.department));
    if (difficulty === 'blatant') scene.say(onHost(scene.at(1, 5), actor, system.hosts[1], random.pick(LOUD), random));
    if (difficulty === 'careful')
      scene.say(onHost(scene.at(9, 17), actor, system.hosts[0], random.pick(QUIET), random));
    if (difficulty === 'slow')
      for (const day of scene.workdays(random.int(4, 6), 3))
        scene.say(onHost(scene.at(10, 16, day), actor, system.hosts[0], [random.pick(PIECEWISE)], random));
    return {
      department: actor.department,
      actor: actor.id,
      host: system.hosts[difficulty === 'blatant' ? 1 : 0],
      to: scene.lines.at(-1)!.atMs + HOUR,
      why: { zh: '停用审计或清除日志', en: 'stops auditing or clears what it has written' },
    };
  },
};
