/** The kinds of personal information that are masked. */
export const KINDS = {
  'id-card': { zh: '身份证', en: 'id-card' },
  mobile: { zh: '手机', en: 'mobile' },
  phone: { zh: '电话', en: 'phone' },
  'bank-card': { zh: '银行卡', en: 'bank-card' },
  name: { zh: '姓名', en: 'name' },
  address: { zh: '地址', en: 'address' },
  plate: { zh: '车牌', en: 'plate' },
  mail: { zh: '邮箱', en: 'mail' },
  permit: { zh: '证件', en: 'permit' },
  /** A field that the registry tags as personal, and that is none of the others. */
  personal: { zh: '个人信息', en: 'personal' },
  /** Base64 that has personal information in it. */
  encoded: { zh: '编码', en: 'encoded' },
} as const;

export type Kind = keyof typeof KINDS;

/** Where personal information stands in a text: UTF-16 places, from ≤ place < to. */
export interface Span {
  from: number;
  to: number;
  kind: Kind;
  /** The value as one writes it: half-width, unescaped. */
  value: string;
}

/** What takes the place of a value. Nothing in it is found again. */
const TOKEN = /‹[^‹›#]{2,20}#[\w-]{10}›/;

export function isMasked(text: string): boolean {
  return TOKEN.test(text);
}

/** The value without what people write it differently with, so that the same value has the same pseudonym. */
export function plainOf(kind: Kind, value: string): string {
  if (kind === 'name') return value.replace(/[•・]/g, '·').trim();
  const close = value.replace(/[\s+]/g, '');
  if (kind === 'mail' || kind === 'address' || kind === 'encoded' || kind === 'personal') return close;
  const plain = close.replace(/[-().·•]/g, '');
  return kind === 'mobile' ? plain.replace(/^(?:00)?86(?=1\d{10}$)/, '') : plain;
}
