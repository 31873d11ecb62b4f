import type { Span } from './kinds.ts';

/** House, building, unit, room. */
const PART =
  /(?:[0-9]{1,5}|[一二三四五六七八九十百]{1,4}|[A-Za-z甲乙丙])(?:[-之][0-9]{1,4})?(?:号院|号楼|号|弄|栋|幢|座|单元|室|层|楼|组|户)/g;
/** What may stand between two parts of one address. */
const BETWEEN = /^[\u3400-\u9fffA-Za-z0-9 -]{0,14}$/;
const ROAD =
  /(?:路|街|巷|大道|弄|胡同|里|村|屯|庄|坊|园|苑|城|府|寓|厦|小区|院|社区|湾|公馆|组|队|路段|道|[一二三四五六七八九十东西南北]区)$/;
const NO_ROAD =
  /(?:线路|电路|链路|网路|回路|思路|短路|套路|铁路|管道|通道|渠道|信道|频道|隧道|轨道|道路|医院|法院|学院|政府|城市|机房|第)$/;
const REGION = /(?:省|自治区|市|区|县|旗|自治州|镇|乡|街道|村)/;
const PROVINCE =
  /(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆)/;
/** What stands before an address in a sentence. */
const BEFORE = /[住于在至到从址是为往的]|居住|地址|坐落|位于|送达|寄往|搬到/g;
const MAX_BEFORE = 44;

/** Addresses with a house number; those without one are found by the name of their field. */
export function findAddresses(text: string): Span[] {
  const found: Span[] = [];
  for (const { from, to, count } of groups(text)) {
    const begin = begins(text, from, count);
    if (begin < 0) continue;
    const end = to + (/^(?:[0-9]{2,5}(?:室)?|-[0-9]{1,4}){1,2}/.exec(text.slice(to, to + 12))?.[0].length ?? 0);
    found.push({ from: begin, to: end, kind: 'address', value: text.slice(begin, end) });
  }
  return found;
}

function groups(text: string): { from: number; to: number; count: number }[] {
  const all: { from: number; to: number; count: number }[] = [];
  PART.lastIndex = 0;
  for (let part = PART.exec(text); part !== null; part = PART.exec(text)) {
    const last = all.at(-1);
    const to = part.index + part[0].length;
    if (last && part.index - last.to <= 14 && BETWEEN.test(text.slice(last.to, part.index))) {
      last.to = to;
      last.count++;
    } else all.push({ from: part.index, to, count: 1 });
  }
  return all;
}

/** Where the address begins whose first part begins at `from`; -1 when it is none. */
function begins(text: string, from: number, parts: number): number {
  let first = from;
  while (first > 0 && from - first < MAX_BEFORE && /[\u3400-\u9fffA-Za-z0-9]/.test(text[first - 1]!)) first--;
  const before = text.slice(first, from);
  if (before.length < 2 || !ROAD.test(before) || NO_ROAD.test(before)) return -1;
  const province = PROVINCE.exec(before);
  if (province) return first + province.index;
  let start = 0;
  for (const word of before.matchAll(BEFORE))
    if (before.length - word.index - word[0].length >= 3) start = word.index + word[0].length;
  const rest = before.slice(start);
  const isPlace = REGION.test(rest) || parts > 1 || /(?:路|街|巷|胡同|大道)$/.test(rest);
  return isPlace && rest.length >= 3 ? first + start : -1;
}
