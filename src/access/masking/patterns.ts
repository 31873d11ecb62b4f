import type { Span } from './kinds.ts';
import { matches } from './numbers.ts';
import type { Traits } from './traits.ts';

const MAIL =
  /(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,5}[A-Za-z]{2,12}(?![A-Za-z0-9-])/g;
/** user@1000.service is a unit of systemd, git@host an address of programs. */
const NO_MAIL =
  /^(?:git|svn)@|\.(?:service|socket|timer|slice|mount|target|scope|path|device|swap|local|internal|lan|svc|localdomain)$/i;
/** Without a label only where a message quotes it. */
const QUOTED_PERMIT = /(?<=“)(?:[EGHCM]\d{8}(?:\d{2})?|E[A-HJ-NP-Z]\d{7})(?=”)/g;
const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
const PLATE = new RegExp(
  `[${PROVINCES}][A-HJ-NP-Za-hj-np-z][ ·•.-]?(?:[DFdf][A-HJ-NP-Za-hj-np-z0-9]\\d{4}|\\d{5}[DFdf]|[A-HJ-NP-Za-hj-np-z0-9]{4}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳])(?![A-Za-z0-9])`,
  'g',
);

export function findPatterns(text: string, { hasAt, hasHan }: Traits): Span[] {
  return [
    ...(hasAt ? matches(text, MAIL, 'mail', (value) => !NO_MAIL.test(value)) : []),
    ...(text.includes('“') ? matches(text, QUOTED_PERMIT, 'permit') : []),
    ...(hasHan ? matches(text, PLATE, 'plate', (value) => (value.match(/\d/g)?.length ?? 0) >= 2) : []),
  ];
}
