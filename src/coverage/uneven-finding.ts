import type { Bilingual, Finding } from '../finding/finding.ts';
import { platformFinding } from '../finding/platform-finding.ts';
import { STEPS, type CoverageLine, type OffsetRange, type Step } from './balance.ts';

const SCORE = 65;
const HOUR_MS = 3_600_000;

/** What is said of a difference, for people. */
const SAID: Readonly<Record<Step, Bilingual>> = {
  received: { zh: '收到而既未入库也未拒收', en: 'were received and are neither refused nor durable' },
  appended: {
    zh: '采集端与事件日志不符',
    en: 'differ between what collectors made durable and what the event log has',
  },
  parsed: { zh: '既未解析也未记为无法解析', en: 'are neither parsed nor kept as unparsed' },
  stored: { zh: '事件日志与存储不符', en: 'differ between event log and store' },
  evaluated: { zh: '未经全部检测器判断', en: 'were not judged by every enabled detector' },
};

/** The first step of a line that does not agree, and by how many events. */
function firstDifference({ off }: CoverageLine): { step: Step; events: number } {
  const step = STEPS.find((one) => off[one] !== 0) ?? 'received';
  return { step, events: off[step] };
}

function placesOf(ranges: readonly OffsetRange[]): string {
  const shown = ranges.slice(0, 3).map(({ partition, from, to }) => `${partition}/${from}–${to - 1}`);
  return ranges.length > 3 ? `${shown.join(', ')}, …` : shown.join(', ');
}

/**
 * Findings about the platform itself: of each step and source one an hour, with the first minute that does not balance.
 * @param lines that do not balance, in order of time.
 */
export function unevenFindings(lines: readonly CoverageLine[]): Finding[] {
  const first = new Map<string, CoverageLine>();
  const counts = new Map<string, number>();
  for (const line of lines) {
    const key = keyOf(line);
    if (!first.has(key)) first.set(key, line);
    counts.set(key, (counts.get(key) ?? 0) + Math.abs(firstDifference(line).events));
  }
  return [...first].map(([groupKey, line]) => findingOf(groupKey, line, counts.get(groupKey)!));
}

function keyOf(line: CoverageLine): string {
  return ['coverage', firstDifference(line).step, line.source, Math.floor(line.minute / HOUR_MS)].join('\u001f');
}

function findingOf(groupKey: string, line: CoverageLine, missing: number): Finding {
  const { step, events } = firstDifference(line);
  const at = new Date(line.minute).toISOString();
  const places = placesOf(line.ranges);
  const where =
    places === '' ? { zh: '', en: '' } : { zh: `，分区/位置 ${places}`, en: `, partition/offsets ${places}` };
  const signed = events > 0 ? `+${events}` : String(events);
  return platformFinding(line.minute, {
    ...{ detector: 'engine', severity: 'high', score: SCORE, source: line.source, groupKey },
    ...{ observed: missing, unit: 'events', windowMs: HOUR_MS },
    title: { zh: '接收台账不平', en: 'Coverage ledger does not balance' },
    explanation: {
      zh: `日志源 ${line.source} 在 ${at} 起的一分钟内有 ${signed} 条事件${SAID[step].zh}${where.zh}。请在“覆盖台账”中查看，可重放的缺口在那里重放。`,
      en: `Of source ${line.source}, ${signed} events of the minute from ${at} ${SAID[step].en}${where.en}. Look at the coverage page; gaps that can be replayed are replayed there.`,
    },
  });
}

/** In one sentence where, how often and by how much the ledger does not balance; '' when it does. */
export function unevenProblem(uneven: readonly CoverageLine[]): string {
  const last = uneven.at(-1);
  if (last === undefined) return '';
  const { step, events } = firstDifference(last);
  const places = placesOf(last.ranges);
  const where = places === '' ? '' : ` at partition/offsets ${places}`;
  const count = uneven.length === 1 ? '1 source minute' : `${uneven.length} source minutes`;
  return (
    `the coverage ledger does not balance in ${count} of the last 24 h, the last of source ${JSON.stringify(last.source)} ` +
    `at ${new Date(last.minute).toISOString()}: ${step} ${events > 0 ? '+' : ''}${events}${where}; look at the coverage page`
  );
}
