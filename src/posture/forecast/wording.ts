import type { Bilingual } from '../../finding/finding.ts';
import type { Step } from './series.ts';

/** Why a forecast is not shown. */
export function historyTooShort(step: Step, has: number, needed: number): Bilingual {
  const zh = step === 'day' ? '天' : '小时';
  const en = step === 'day' ? 'days' : 'hours';
  return {
    zh: `历史数据只有 ${has} ${zh}，至少需要 ${needed} ${zh}才能检验预测`,
    en: `The history has ${has} ${en}; a forecast can be tested with ${needed} or more`,
  };
}

export function noBetterThanNaive(mase: number, naive: number): Bilingual {
  const [own, measure] = [mase.toFixed(2), naive.toFixed(2)];
  return {
    zh: `近四周的预测不优于简单重复最近值（MASE ${own}，重复最近值 ${measure}，须低于后者且不超过 1）`,
    en: `Over the last four weeks it was no better than repeating the last value (MASE ${own}, repeating ${measure}; it has to be below that and at most 1)`,
  };
}
