/** OCSF severity_id of the words that loggers and devices use, in lower case. */
const WORDS = new Map<string, number>();
for (const [id, words] of [
  [1, 'trace debug info information informational verbose fine audit 信息 调试'],
  [2, 'notice low notification 通知 低 低危'],
  [3, 'warn warning medium moderate 警告 告警 中 中危'],
  [4, 'error err high severe failure 错误 高 高危'],
  [5, 'crit critical alert 严重 危急'],
  [6, 'emerg emergency fatal panic 致命 紧急'],
] as const)
  for (const word of words.split(' ')) WORDS.set(word, id);

/** Syslog severity 0–7 (emergency to debug) as OCSF severity_id. */
const SYSLOG = [6, 5, 5, 4, 3, 2, 1, 1] as const;

/** Levels of pino and Bunyan, 10 (trace) to 60 (fatal). */
const TENS: Readonly<Record<string, number>> = { 10: 1, 20: 1, 30: 1, 40: 3, 50: 4, 60: 6 };

/**
 * OCSF severity_id of a named value, or 0: a word, a pino level, and where the name speaks of syslog or priority its 0–7.
 * @param name the value's name, in any case.
 */
export function severityOf(name: string, value: string): number {
  const word = WORDS.get(value.toLowerCase());
  if (word !== undefined) return word;
  if (/^[0-7]$/.test(value)) return /syslog|priority/i.test(name) ? SYSLOG[Number(value)]! : 0;
  return Object.hasOwn(TENS, value) ? TENS[value]! : 0;
}
