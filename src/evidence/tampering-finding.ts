import { OWN_SOURCE } from '../event/own-source.ts';
import type { Bilingual, Finding } from '../finding/finding.ts';
import { platformFinding } from '../finding/platform-finding.ts';
import type { StoreDifference } from './difference.ts';

const SCORE = 95;
/** So many places of a kind have a finding each; of more there is one, with the first of them. */
const FEW = 5;

/** What differs, for people. */
const SAID: Readonly<Record<StoreDifference['in'], Bilingual>> = {
  sealed: { zh: '已封存的记录被修改、删除或插入', en: 'sealed records were changed, removed or inserted' },
  table: { zh: '查询表中的行与封存的记录不符', en: 'rows of the table that people query are not what was sealed' },
  log: { zh: '事件日志中的副本与封存的记录不符', en: "the event log's copy is not what was sealed" },
  chain: { zh: '封条被修改、删除或插入', en: 'seals were changed, removed or inserted' },
  view: { zh: '视图的定义被改动', en: 'the definition of a view was changed' },
};

const NEXT: Bilingual = {
  zh: '请先保全数据盘、事件日志与主机日志，导出这一时段的证据包，用 wanglou verify --outside 与外部封条副本核对，并查明谁能写入存储。',
  en: 'Preserve the data volume, the event log and the logs of the host; export the evidence of that time and check it with wanglou verify --outside against the copy of the seals outside; find out who can write to the store.',
};

/**
 * Findings about the store of this platform: one for each place, the same however often it is found.
 * @param at when it was found, ms since the Unix epoch.
 */
export function tamperingFindings(differences: readonly StoreDifference[], at: number): Finding[] {
  const kinds = Map.groupBy(differences, ({ in: within, stream }) => `${within} ${stream}`);
  return [...kinds.values()].flatMap((some) =>
    some.length > FEW ? [findingOf(some[0]!, some.length, at)] : some.map((one) => findingOf(one, 1, at)),
  );
}

function findingOf(difference: StoreDifference, count: number, at: number): Finding {
  const { in: within, seal, stream, place } = difference;
  const groupKey = ['seals', within, stream, seal, place].join('\u001f');
  const where = whereOf(difference);
  const more =
    count > 1 ? { zh: `（共 ${count} 处，此为首处）`, en: ` (the first of ${count} places)` } : { zh: '', en: '' };
  return platformFinding(at, {
    ...{ detector: 'log-tampering', severity: 'critical', score: SCORE, source: OWN_SOURCE, groupKey },
    ...{ observed: count, unit: 'differences' },
    title: { zh: '存储与封条不符', en: 'What is stored is not what was sealed' },
    explanation: {
      zh: `本平台${SAID[within].zh}：${where.zh}${more.zh}。${NEXT.zh}`,
      en: `On this platform ${SAID[within].en}: ${where.en}${more.en}. ${NEXT.en}`,
    },
  });
}

function whereOf({ seal, stream, place, times: [first, last] }: StoreDifference): Bilingual {
  const span = [first, last].map((time) => new Date(time).toISOString()).join(' – ');
  const zh = [
    seal > 0 ? `封条 ${seal}` : '不在任何封条中',
    stream && `数据流 ${stream}`,
    place && `位置 ${place}`,
    span,
  ];
  const en = [seal > 0 ? `seal ${seal}` : 'in no seal', stream && `stream ${stream}`, place && `at ${place}`, span];
  return { zh: zh.filter(Boolean).join('，'), en: en.filter(Boolean).join(', ') };
}
