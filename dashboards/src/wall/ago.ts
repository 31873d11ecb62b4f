import { duration } from '../format.ts';
import { i18n } from '../i18n.ts';

/** Milliseconds mean nothing from six metres. */
const JUST_NOW_MS = 3_000;

/** 刚刚, 5 分钟前: how long before `now` it was. */
export function ago(at: number, now: number): string {
  const { t } = i18n.global;
  return now - at < JUST_NOW_MS ? t('sources.now') : t('wall.ago', { age: duration(now - at) });
}
