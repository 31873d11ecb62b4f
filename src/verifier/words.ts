import type { Kind, Problem } from './problem.ts';
import type { Report } from './verify.ts';

export type Language = 'zh' | 'en';

const KIND_WORDS: Readonly<Record<Kind, Record<Language, string>>> = {
  'record-changed': { zh: '记录被修改', en: 'record changed' },
  'record-removed': { zh: '记录被删除', en: 'record removed' },
  'record-inserted': { zh: '记录被插入', en: 'record inserted' },
  'record-moved': { zh: '记录顺序被改动', en: 'record moved' },
  'block-changed': { zh: '数据块中有记录被改动', en: 'block changed' },
  'block-removed': { zh: '数据块被删除', en: 'block removed' },
  'block-inserted': { zh: '多出未封存的数据块', en: 'block that no seal has' },
  'block-moved': { zh: '数据块顺序被改动', en: 'block moved' },
  'seal-changed': { zh: '封条被修改', en: 'seal changed' },
  'seal-forged': { zh: '封条由不受信任的密钥签署', en: 'seal signed by a key that is not trusted' },
  'seal-removed': { zh: '封条被删除', en: 'seal removed' },
  'seal-inserted': { zh: '封条被插入或顺序被改动', en: 'seal inserted or moved' },
  'seal-unlinked': { zh: '封条与前一封条不衔接', en: 'seal does not continue the one before it' },
  'rolled-back': {
    zh: '封条链被回退：外部副本有更新的封条',
    en: 'chain rolled back: the outside copy has later seals',
  },
  forked: { zh: '封条链被改写：外部副本的同号封条不同', en: 'chain rewritten: the outside copy has another seal' },
  'manifest-forged': { zh: '导出清单签名无效', en: 'manifest not signed by a trusted key' },
  'manifest-differs': { zh: '封条与导出清单不符', en: 'seal is not the one that the manifest names' },
  'outside-forged': { zh: '外部副本中的封条无效', en: 'seal of the outside copy is not valid' },
  'key-forged': { zh: '密钥更换声明无效', en: 'change of key is not valid' },
  'key-anew': {
    zh: '信任由此重新开始：新密钥未经原密钥签署，须另行取得新公钥再核验',
    en: 'trust begins anew here: the old key did not sign for the new one; verify with the new public key, taken from elsewhere',
  },
  'places-skipped': { zh: '有位置未被封存', en: 'places were left out of the seals' },
  unreadable: { zh: '文件无法读取', en: 'file can not be read' },
};

const WORDS = {
  zh: {
    intact: '完好：封存以来未被改动',
    tampered: '已被改动',
    seals: '封条',
    records: '条记录',
    blocks: '个数据块',
    expired: '个数据块已按留存期到期',
    outside: '个封条与外部副本比对',
    rate: '条/秒',
    ownKey: '注意：使用了导出包自带的公钥。请用 --key 指定另行取得的公钥，否则整体伪造无法发现。',
    vouches: '注意：该公钥只为以下封条起的内容作保；更早的由前任密钥签署，请用更早的公钥核验。自封条',
    began: '密钥重新启用（原密钥遗失或被盗，未经其签署），自封条',
    changed: '密钥更换，自封条',
    trial: '注意：部分封条在试用模式下生成（单一账号拥有全部权限）。',
    seal: '封条',
    block: '块',
    record: '第',
    more: '其余未列出的问题数：',
    key: '公钥',
    leaf: '记录摘要',
    proven: '已证明：该记录在封条中',
    disproven: '未能证明：该记录与封条不符',
    unusable: '无法核验：',
  },
  en: {
    intact: 'intact: nothing was changed since it was sealed',
    tampered: 'TAMPERED WITH',
    seals: 'seals',
    records: 'records',
    blocks: 'blocks',
    expired: 'blocks expired by the retention in force',
    outside: 'seals compared with the outside copy',
    rate: 'records/s',
    ownKey:
      'Note: the public key of the export itself was used. Name one that came another way with --key, or a wholly forged export passes.',
    vouches:
      'Note: this key vouches only for what is sealed from the seal below on; earlier ones were signed by keys before it: verify those with the earliest public key you have. From seal',
    began: 'key began anew (the one before was lost or stolen and did not sign for it) with seal',
    changed: 'change of key with seal',
    trial: 'Note: some seals were made in trial mode (one account does everything).',
    seal: 'seal',
    block: 'block',
    record: 'record',
    more: 'problems that are not listed: ',
    key: 'public key',
    leaf: 'digest of the record',
    proven: 'proven: the record is in the seal',
    disproven: 'NOT proven: record and seal do not fit',
    unusable: 'can not be verified: ',
  },
} as const;

export function wordsOf(language: Language): (typeof WORDS)[Language] {
  return WORDS[language];
}

/** One line of text for a problem: what, and where. */
export function problemText(problem: Problem, language: Language): string {
  const words = WORDS[language];
  const { kind, seal, block, stream, record, place, id, times, detail } = problem;
  const where = [
    seal === undefined ? '' : `${words.seal} ${seal}`,
    block === undefined ? '' : `${words.block} ${block}`,
    stream ?? '',
    record === undefined ? '' : language === 'zh' ? `第 ${record + 1} 条` : `record ${record + 1}`,
    place === undefined || place === '' ? '' : `@${place}`,
    id ?? '',
    times === undefined ? '' : times.map(timeText).join(' – '),
    detail ?? '',
  ];
  return printable(`${KIND_WORDS[kind][language]}: ${where.filter(Boolean).join(', ')}`);
}

export function reportText(report: Report, language: Language): string {
  const words = WORDS[language];
  const rate = Math.round(report.records / Math.max(report.seconds, 0.001));
  const lines = [
    words[report.result],
    `${report.seals.count} ${words.seals} (${report.seals.first}–${report.seals.last}), ${report.blocks} ${words.blocks}, ` +
      `${report.records} ${words.records}, ${report.seconds.toFixed(1)} s, ${rate} ${words.rate}`,
    `${words.key} ${report.key}`,
    ...(report.expired > 0 ? [`${report.expired} ${words.expired}`] : []),
    ...(report.outside > 0 ? [`${report.outside} ${words.outside}`] : []),
    ...(report.isKeyGiven ? [] : [words.ownKey]),
    ...report.keyChanges.map(
      ({ old, fresh, seal, anew }) =>
        `${anew === '' ? words.changed : words.began} ${seal + 1}: ${old || '?'} – ${fresh}${printable(anew && ` (${anew})`)}`,
    ),
    ...(report.vouchesFrom > report.seals.first ? [`${words.vouches} ${report.vouchesFrom}`] : []),
    ...(report.access.includes('trial') ? [words.trial] : []),
    ...report.problems.map((problem) => `  ${problemText(problem, language)}`),
    ...(report.problemCount > report.problems.length
      ? [`  ${words.more}${report.problemCount - report.problems.length}`]
      : []),
  ];
  return lines.join('\n');
}

function timeText(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? String(ms) : time.toISOString();
}

/** What records say of themselves must not reach the terminal as control characters. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '�');
}
