import type { Random } from '../../../demo/random.ts';
import type { Kind } from '../../../src/access/masking/kinds.ts';

export type ValueKind = Exclude<Kind, 'encoded' | 'personal'>;

/** Invented persons only: every value is drawn. `plain` is the value as one says it, `written` one of its ways to be written. */
export interface Value {
  kind: ValueKind;
  written: string;
}

const SURNAMES = Array.from(
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
);
const COMPOUND = ['欧阳', '司马', '上官', '诸葛', '皇甫', '慕容'];
const GIVEN = Array.from(
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志辉文博思远子涵雨欣浩然晓东海燕春花秋菊俊峰雪婷佳怡鹏飞凯歌慧琳宇轩梓萱',
);
const REGIONS = [
  '110101',
  '110105',
  '310104',
  '320106',
  '330106',
  '370202',
  '420106',
  '440305',
  '510107',
  '610113',
  '650102',
];
const PLACES = [
  '北京市朝阳区',
  '上海市徐汇区',
  '江苏省南京市鼓楼区',
  '浙江省杭州市西湖区',
  '山东省青岛市市南区',
  '湖北省武汉市武昌区',
  '广东省深圳市南山区',
  '四川省成都市武侯区',
  '陕西省西安市雁塔区',
  '新疆维吾尔自治区乌鲁木齐市天山区',
  '河北省石家庄市正定县',
];
const ROADS = [
  '建国路',
  '中山北路',
  '文三路',
  '人民大道',
  '解放西路',
  '和平里',
  '幸福街',
  '长江路',
  '东风巷',
  '学府路',
  '滨海大道',
  '西直门内大街',
];
const ESTATES = ['阳光花园', '锦绣小区', '金域华府', '翠湖公寓', '学府苑'];
const PROVINCES = Array.from('京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼');
const LETTERS = Array.from('ABCDEFGHJKLMNPQRSTUVWXYZ');

export const VALUE_KINDS: readonly ValueKind[] = [
  'id-card',
  'mobile',
  'phone',
  'bank-card',
  'name',
  'address',
  'plate',
  'mail',
  'permit',
];

export function drawValue(kind: ValueKind, random: Random): Value {
  return { kind, written: DRAW[kind](random) };
}

const DRAW: Readonly<Record<ValueKind, (random: Random) => string>> = {
  'id-card': idCard,
  mobile,
  phone: landline,
  'bank-card': bankCard,
  name: chineseName,
  address,
  plate,
  mail,
  permit,
};

export function idCard(random: Random): string {
  const region = random.pick(REGIONS);
  const year = random.int(1940, 2015);
  const monthAndDay = `${two(random.int(1, 12))}${two(random.int(1, 28))}`;
  if (year < 1985 && random.chance(0.08)) return `${region}${two(year % 100)}${monthAndDay}${digits(random, 3)}`;
  const body = `${region}${year}${monthAndDay}${digits(random, 3)}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const check = '10X98765432'[weights.reduce((sum, weight, at) => sum + weight * Number(body[at]), 0) % 11]!;
  const card = body + (check === 'X' && random.chance(0.3) ? 'x' : check);
  return random.chance(0.1) ? `${card.slice(0, 6)} ${card.slice(6, 14)} ${card.slice(14)}` : card;
}

export function mobile(random: Random): string {
  const number = `1${random.int(3, 9)}${digits(random, 9)}`;
  const [a, b, c] = [number.slice(0, 3), number.slice(3, 7), number.slice(7)];
  const body = random.pick([number, number, number, `${a} ${b} ${c}`, `${a}-${b}-${c}`]);
  return random.pick(['', '', '', '+86', '+86 ', '86-', '0086']) + body;
}

export function landline(random: Random): string {
  const area = random.pick(['010', '021', '0571', '0755', '028', '0991', '0311']);
  const number = `${random.int(2, 8)}${digits(random, area.length === 3 ? 7 : 6)}`;
  const extension = random.chance(0.15) ? `-${random.int(1, 9999)}` : '';
  return (
    random.pick([`${area}-${number}`, `(${area})${number}`, `${area} ${number}`, `+86-${area.slice(1)}-${number}`]) +
    extension
  );
}

export function bankCard(random: Random): string {
  const length = random.pick([16, 19, 19, 17, 18]);
  const body = random.pick(['622202', '621700', '622848', '601382', '620200']) + digits(random, length - 7);
  const sum = Array.from(body)
    .reverse()
    .reduce((total, digit, at) => total + luhn(Number(digit), at % 2 === 0), 0);
  const card = body + String((10 - (sum % 10)) % 10);
  return random.chance(0.25) ? card.replace(/.{4}(?=.)/g, random.pick(['$& ', '$&-'])) : card;
}

export function chineseName(random: Random): string {
  if (random.chance(0.02))
    return `${random.pick(['买买提', '阿依古丽', '古丽娜尔'])}·${random.pick(['吐尔逊', '艾山', '克里木'])}`;
  const surname = random.chance(0.04) ? random.pick(COMPOUND) : random.pick(SURNAMES);
  return surname + random.pick(GIVEN) + (random.chance(0.65) ? random.pick(GIVEN) : '');
}

export function address(random: Random): string {
  const place = random.pick(PLACES);
  const house = `${random.pick(ROADS)}${random.int(1, 999)}号`;
  const room = `${random.int(1, 30)}号楼${random.int(1, 6)}单元${random.int(101, 2804)}室`;
  return random.pick([
    place + house,
    place + house + room,
    `${place}${random.pick(ROADS)}${random.int(1, 99)}号院${random.pick(ESTATES)}${random.int(1, 20)}栋${random.int(101, 1804)}`,
    `${place}${random.pick(['城关镇', '河东乡', '李家庄镇'])}${random.pick(['王家村', '新民村'])}${random.int(1, 12)}组${random.int(1, 99)}号`,
  ]);
}

export function plate(random: Random): string {
  const tail = (count: number): string =>
    Array.from({ length: count }, () => random.pick(random.chance(0.15) ? LETTERS : Array.from('0123456789'))).join('');
  const head = random.pick(PROVINCES) + random.pick(LETTERS);
  const dot = random.pick(['', '', '·']);
  return random.chance(0.3)
    ? `${head}${dot}${random.pick(['D', 'F'])}${digits(random, 5)}`
    : `${head}${dot}${digits(random, 2)}${tail(3)}`;
}

export function mail(random: Random): string {
  const user =
    random.pick(['li.na', 'zhang_wei', 'wangfang', 'chen-jie', 'liu', 'zhao']) + String(random.int(1, 99_999));
  return `${user}@${random.pick(['example.com', 'mail.example.cn', 'example.org', 'qq.example.com'])}`;
}

export function permit(random: Random): string {
  return random.pick([
    `E${digits(random, 8)}`,
    `EA${digits(random, 7)}`,
    `G${digits(random, 8)}`,
    `C${digits(random, 8)}`,
    `H${digits(random, 10)}`,
  ]);
}

export function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => String(random.int(0, 9))).join('');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function luhn(digit: number, doubled: boolean): number {
  return doubled ? (digit < 5 ? digit * 2 : digit * 2 - 9) : digit;
}
