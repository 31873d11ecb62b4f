import { z } from 'zod';
import { auditStopOf, mayStopAuditing, type AuditStop } from '../src/detection/audit-stop.ts';
import { defineDetector } from '../src/detection/detector.ts';
import { attack, classifiedProtection } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { logStream } from '../src/detection/subjects.ts';
import { actorNamed } from '../src/detection/wording.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  score: z.number().min(0).max(100).default(90).describe('Score.'),
  narrowedScore: z.number().min(0).max(100).default(85).describe('Score when auditing goes on, but of less.'),
});
type Settings = z.output<typeof settings>;

const NONE: readonly Signal[] = Object.freeze([]);

export const auditDisabled = defineDetector<Settings, Record<string, never>>({
  name: 'audit-disabled',
  version: 1,
  title: { zh: '审计被停用或清空', en: 'Auditing was stopped or cleared' },
  what: {
    zh: '主机、数据库或网络设备的审计、日志转发被停止，日志被清空，或审计策略被缩减。按命令、语句及 Windows 事件编号判断。',
    en: 'Auditing or log forwarding of a host, database or network device was stopped, a log was cleared, or the audit policy narrowed: told by commands, statements and Windows event ids.',
  },
  watches: mayStopAuditing,
  techniques: [attack('T1070.001'), attack('T1685')],
  cites: [classifiedProtection('8.1.4.3')],
  knownGaps: [
    {
      zh: '只认得日志写出的命令与语句；经脚本、计划任务或改配置文件完成的停用，只有静默可见（source-silence）。',
      en: 'Only commands and statements that show in a log are known; what a script, a job or an edited file does shows as silence (source-silence).',
    },
    {
      zh: '主机正常关机时审计服务随之结束，不在此报告；日志轮转中的清理命令可能被报。',
      en: 'That auditing ends when a host shuts down is not reported here; a clean-up command of log rotation may be flagged.',
    },
  ],
  settings,
  subject: logStream,
  start: () => ({}),
  step(_state, event, { settings: { score, narrowedScore }, registry }) {
    const how = auditStopOf(event);
    if (how === undefined) return NONE;
    const who = event.account === '' ? { zh: '未写明的账号', en: 'an unnamed account' } : actorNamed(event, registry);
    return [
      signalAt(event, {
        score: how === 'narrowed' ? narrowedScore : score,
        observed: 1,
        threshold: 1,
        unit: 'acts',
        explanation: sentence(who, event.host || event.system || event.source, how),
        groupKey: `${event.source}\u001f${event.host}\u001f${event.actor}\u001f${how}`,
      }),
    ];
  },
  forgetAfterMs: 3_600_000,
  example: sentence({ zh: '云栈科技 yz_liu', en: 'yz_liu of Cloudstack Technologies' }, 'db01', 'stopped'),
});

function sentence(who: Bilingual, where: string, how: AuditStop): Bilingual {
  const did = {
    stopped: { zh: '停止了审计或日志转发', en: 'stopped auditing or log forwarding' },
    cleared: { zh: '清空了日志', en: 'cleared a log' },
    narrowed: { zh: '缩减了审计策略', en: 'narrowed the audit policy' },
  }[how];
  return { zh: `${who.zh} 在 ${where} 上${did.zh}。`, en: `On ${where}, ${who.en} ${did.en}.` };
}
