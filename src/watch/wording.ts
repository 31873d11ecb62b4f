import type { FeedHealth, SourceProblem } from '../feed/protocol.ts';
import type { Severity } from '../finding/finding.ts';
import type { Disposition, LifeStatus } from '../finding/lifecycle.ts';

export type Language = 'zh' | 'en';

/** What `watch` says itself. */
export interface Wording {
  severity: Record<Severity, string>;
  status: Record<LifeStatus, string>;
  disposition: Record<Disposition, string>;
  health: Record<FeedHealth['state'], string>;
  source: Record<SourceProblem, string>;
  incident: string;
  healthIs: string;
  gone: string;
  by(who: string): string;
  rate(events: number, unparsed: number, findings: number): string;
  /** Scores, 100 is calm; what it was before is null at first. */
  score(now: number, before: number | null, trust: number): string;
  begun(findings: number, shown: number): string;
  resumed: string;
  restarted: string;
  lost(reason: string): string;
  away(reason: string): string;
}

export const WORDING: Readonly<Record<Language, Wording>> = {
  zh: {
    severity: { critical: '严重', high: '高', medium: '中', low: '低' },
    status: { new: '未处置', acknowledged: '已确认', closed: '已关闭', reopened: '已重新打开' },
    disposition: { 'true-positive': '属实', benign: '属实但无害', 'false-positive': '误报', duplicate: '重复' },
    health: { ok: '运行正常', degraded: '部分异常', stale: '数据停滞', starting: '等待数据' },
    source: { '': '恢复正常', silent: '已静默', lagging: '滞后', unparsed: '大量无法解析' },
    incident: '安全事件',
    healthIs: '运行状态',
    gone: '不再符合筛选条件',
    by: (who) => `操作人 ${who}`,
    rate: (events, unparsed, findings) => `每秒 ${events} 条，无法解析 ${unparsed} 条，新发现 ${findings} 个`,
    score: (now, before, trust) => `安全评分 ${before === null ? '' : `${before} → `}${now}（可信度 ${trust}）`,
    begun: (findings, shown) => `已连接：近 24 小时有 ${findings} 个发现，显示最近 ${shown} 条。按 Ctrl-C 结束。`,
    resumed: '已重新连接，从断开处继续，没有遗漏。',
    restarted: '已重新连接；服务已重新启动，下面只显示尚未显示过的内容。',
    lost: (reason) => `连接已断开（${reason}），正在重新连接……`,
    away: (reason) => `无法连接（${reason}），继续尝试……`,
  },
  en: {
    severity: { critical: 'critical', high: 'high', medium: 'medium', low: 'low' },
    status: { new: 'not handled', acknowledged: 'acknowledged', closed: 'closed', reopened: 'reopened' },
    disposition: {
      'true-positive': 'true positive',
      benign: 'benign',
      'false-positive': 'false positive',
      duplicate: 'duplicate',
    },
    health: { ok: 'healthy', degraded: 'degraded', stale: 'stale', starting: 'waiting for data' },
    source: { '': 'well again', silent: 'silent', lagging: 'lagging', unparsed: 'much can not be parsed' },
    incident: 'incident',
    healthIs: 'health',
    gone: 'no longer fits the filter',
    by: (who) => `by ${who}`,
    rate: (events, unparsed, findings) => `${events} events/s, ${unparsed} not parsed, ${findings} findings raised`,
    score: (now, before, trust) => `security score ${before === null ? '' : `${before} → `}${now} (trust ${trust})`,
    begun: (findings, shown) =>
      `connected: ${findings} findings of the last 24 hours, the last ${shown} lines are shown. Ctrl-C ends.`,
    resumed: 'connected again, going on where it stopped: nothing was missed.',
    restarted: 'connected again; the server was started anew, what has not been shown yet follows.',
    lost: (reason) => `the connection is lost (${reason}), connecting again …`,
    away: (reason) => `can not connect (${reason}), trying again …`,
  },
};
