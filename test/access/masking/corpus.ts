import { Random } from '../../../demo/random.ts';
import { digits, drawValue, VALUE_KINDS, type Value, type ValueKind } from './values.ts';

/** A line with the values that are personal in it, as they are written there. Everything else in it is not personal. */
export interface Labelled {
  text: string;
  personal: readonly Value[];
}

/** Names of fields as systems call them. */
const FIELDS: Readonly<Record<ValueKind, readonly string[]>> = {
  'id-card': [
    'idcard',
    'id_card',
    'idCardNo',
    'sfzh',
    'SFZHM',
    'zjhm',
    'cert_no',
    'applicant.idNumber',
    '身份证号',
    '公民身份号码',
    '证件号码',
  ],
  mobile: [
    'mobile',
    'phone',
    'sjh',
    'mobile_no',
    'userMobile',
    'contactPhone',
    'cell_phone',
    '手机号',
    '联系电话',
    '手机号码',
  ],
  phone: ['tel', 'telephone', 'lxdh', 'contact_tel', 'homePhone', '联系电话', '固定电话', '座机'],
  'bank-card': ['bankcard', 'bank_card_no', 'cardNo', 'yhkh', 'bankAccount', '银行卡号', '收款账号', '卡号'],
  name: [
    'xm',
    'XM',
    'name',
    'real_name',
    'personName',
    'sqrxm',
    'custName',
    'patient_name',
    '姓名',
    '申请人',
    '联系人',
    '户主',
  ],
  address: ['address', 'addr', 'home_address', 'jtzz', 'contactAddress', '住址', '家庭住址', '户籍地址', '地址'],
  plate: ['plate', 'plateNo', 'cph', 'car_number', '车牌号', '号牌号码'],
  mail: ['email', 'mail', 'user_email', 'dzyx', '邮箱', '电子邮箱'],
  permit: ['passport', 'passportNo', 'passport_no', '护照号', '护照号码', '港澳通行证号', 'permit_no'],
};

type Context = (value: Value, field: string, random: Random) => string;

/** Where a field with its name stands before its value. */
const IN_FIELDS: readonly Context[] = [
  ({ written }, field) => `SELECT id, status FROM rk_person WHERE ${field} = '${written}' LIMIT 20`,
  ({ written }, field) => `UPDATE t_apply SET ${field}='${written}', updated_at = now() WHERE id = 48213`,
  ({ written }, field) =>
    `duration: 3.214 ms  statement: select * from hr.person p where p.${field} in ('${written}') and rownum < 100`,
  ({ written }, field) => `INSERT INTO gov.person (id, ${field}, status) VALUES (10293, '${written}', 'ok')`,
  ({ written }, field) => `SELECT count(*) FROM person WHERE ${field} LIKE '%${written}%'`,
  ({ written }, field) =>
    `10.20.3.4 - - [12/Mar/2026:08:01:02 +0800] "GET /api/person?${encodeURIComponent(field)}=${encodeURIComponent(written)}&page=2 HTTP/1.1" 200 5123 "-" "curl/8.5"`,
  ({ written }, field) =>
    JSON.stringify({
      ts: 1_741_766_400_123,
      level: 'info',
      [field]: written,
      rows: 12,
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    }),
  ({ written }, field) => JSON.stringify({ msg: 'call', body: JSON.stringify({ [field]: written, page: 1 }) }),
  ({ written }, field) => `{"${field}":"${escaped(written)}","ok":true}`,
  ({ written }, field) =>
    `time=2026-03-12T08:01:02+08:00 level=info msg="query done" ${field}="${written}" cost_ms=31 rows=7`,
  ({ written }, field) => `audit: user=zhangsan op=read ${field}=${written.replaceAll(' ', '')} result=0`,
  ({ written }, field) => `<request><id>77123</id><${field}>${written}</${field}></request>`,
  ({ written }, field) => `Mar 12 08:01:02 app01 gateway[2211]: call ok ${field}: ${written}, elapsed 12ms`,
  ({ written }, field) =>
    `<134>1 2026-03-12T08:01:02Z app01 exchange 811 ID47 [req ${field}="${written}" sys="rk"] done`,
  ({ written }, field) => `参数校验失败：字段 ${field} 的值“${written}”格式不正确`,
  ({ written }, field) => `${field}：${written}`,
];

/** Sentences that say what the value is in their own words. */
const IN_PROSE: Readonly<Record<ValueKind, readonly ((written: string) => string)[]>> = {
  'id-card': [
    (card) => `已核验身份证${card}，结果一致`,
    (card) => `导出记录：${card}.pdf`,
    (card) => `查询 ${card} 的社保缴纳情况`,
  ],
  mobile: [
    (number) => `短信已发送至${number}`,
    (number) => `请回拨 ${number}，谢谢`,
    (number) => `export_${number.replace(/\D/g, '')}.xlsx`,
  ],
  phone: [(number) => `窗口电话 ${number}`, (number) => `来电${number}，已转接`],
  'bank-card': [(card) => `补贴打入银行卡${card}`, (card) => `转账至 ${card} 成功`],
  name: [
    (name) => `申请人${name}提交了材料`,
    (name) => `居民${name}，男，汉族`,
    (name) => `来访群众${name}反映问题`,
    (name) => `姓名：${name}；状态：正常`,
    (name) => `${name}先生您好`,
  ],
  address: [
    (address) => `家住${address}`,
    (address) => `送达地址为${address}。`,
    (address) => `房屋坐落于${address}，面积89平方米`,
  ],
  plate: [(plate) => `车辆${plate}进入停车场`, (plate) => `违章查询 ${plate}`],
  mail: [(mail) => `通知已发至 ${mail}`, (mail) => `from=<${mail}>, size=1024`],
  permit: [(number) => `持护照${number}入境`],
};

function contextOf(kind: ValueKind, random: Random): Context {
  return random.chance(0.25) ? ({ written }) => random.pick(IN_PROSE[kind])(written) : random.pick(IN_FIELDS);
}

/** Lines with one value each, kind after kind. */
export function labelledLines(seed: number, perKind: number): Labelled[] {
  return VALUE_KINDS.flatMap((kind) => {
    const random = new Random(seed, 'personal', kind);
    return Array.from({ length: perKind }, () => {
      const value = drawValue(kind, random);
      const wide = random.chance(0.05) && /^[\x20-\x7e]+$/.test(value.written);
      const shown = wide ? { kind, written: fullWidth(value.written) } : value;
      return { text: contextOf(kind, random)(shown, random.pick(FIELDS[kind]), random), personal: [value] };
    });
  });
}

/** Lines in which nothing is personal, much as it may look so. */
export function impersonalLines(seed: number, count: number): Labelled[] {
  const random = new Random(seed, 'impersonal');
  return Array.from({ length: count }, () => ({ text: random.pick(IMPERSONAL)(random), personal: [] }));
}

const IMPERSONAL: readonly ((random: Random) => string)[] = [
  (random) => `{"traceId":"${random.hex(32)}","spanId":"${random.hex(16)}","parent":"${random.hex(16)}"}`,
  (random) => `order_no=2026${digits(random, 14)} status=paid`,
  (random) => `"orderId": "1${random.int(3, 9)}${digits(random, 9)}"`,
  (random) =>
    `seq=${random.int(1_000_000_000, 9_999_999_999)} rows=1${random.int(3, 9)}${digits(random, 9)} bytes=${digits(random, 9)}`,
  (random) => `ts=17${digits(random, 8)} 17${digits(random, 11)} 17${digits(random, 14)} 17${digits(random, 17)}`,
  (random) =>
    `Mar 12 08:0${random.int(0, 9)}:02 app01 sshd[${random.int(1000, 99_999)}]: Accepted publickey for deploy from 10.${random.int(0, 255)}.3.4 port ${random.int(1024, 65_535)} ssh2`,
  (random) =>
    `systemd[1]: Started user@${random.int(1000, 9999)}.service - User Manager for UID ${random.int(1000, 9999)}.`,
  (random) => `sha256:${random.hex(64)} etag="${random.hex(32)}"`,
  (random) => `snowflake id 1${digits(random, 18)} partition 12 offset ${digits(random, 12)}`,
  (random) =>
    `request ${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)} done in ${random.int(1, 9999)} ms`,
  (random) => `统一社会信用代码：91${random.pick(['110000', '330100', '440300'])}MA${digits(random, 7)}X`,
  (random) => `name=order-service-${random.int(1, 99)} version=2.${random.int(0, 9)}.${random.int(0, 9)}`,
  (random) =>
    `{"name":"${random.pick(['人口库查询接口', '高新区平台', '社保数据同步', '法人库'])}","address":"10.1.${random.int(0, 255)}.9:8080"}`,
  (random) => `京政发〔2026〕${random.int(1, 99)}号 关于加强数据安全管理的通知`,
  (random) => `办事大厅${random.int(1, 20)}号窗口 排队${random.int(1, 200)}人`,
  (random) => `第${random.int(1, 40)}号令 线路${random.int(1, 9)}号机房 温度${random.int(18, 30)}度`,
  (random) =>
    `remote_addr=192.0.2.${random.int(1, 254)} user=zhangsan operator=lisi action=export rows=${random.int(1, 99_999)}`,
  (random) => `操作员：王建国 登录成功，终端 10.3.${random.int(0, 255)}.8`,
  (random) => `amount=${random.int(100, 999_999)}.${digits(random, 2)} balance: ${digits(random, 11)}.00`,
  (random) => `服务热线 400-${digits(random, 3)}-${digits(random, 4)}，市民热线 12345`,
  (random) => `git@git.example.com:platform/repo-${random.int(1, 99)}.git`,
  (random) => `GET /assets/index-${random.base64(8).replace(/[+/]/g, 'x')}.js HTTP/1.1 200 ${digits(random, 6)}`,
  (random) => `Cookie: sid=${random.base64(40)}; lang=zh`,
  (random) =>
    `duration: ${random.int(1, 99)}.${digits(random, 3)} ms plan: SELECT name, phone, idcard FROM person WHERE dept_id = ${random.int(1, 999)}`,
];

export interface Tally {
  values: number;
  masked: number;
  /** Masked spans, and how many of them cover nothing personal. */
  spans: number;
  wrong: number;
}

/** @param spansOf places that are masked. @returns by kind of value, and of what was masked though nothing was personal. */
export function tallied(
  lines: readonly Labelled[],
  maskedOf: (text: string) => { text: string; spans: readonly { kind: string; value: string }[] },
  missed: (line: Labelled) => void = () => undefined,
): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  const of = (kind: string): Tally => {
    const tally = tallies.get(kind) ?? { values: 0, masked: 0, spans: 0, wrong: 0 };
    tallies.set(kind, tally);
    return tally;
  };
  for (const line of lines) {
    const { text, spans } = maskedOf(line.text);
    for (const { kind, written } of line.personal) {
      of(kind).values++;
      if (leaks(text, written)) missed(line);
      else of(kind).masked++;
    }
    for (const { kind, value } of spans) {
      of(kind).spans++;
      if (line.personal.every(({ written }) => !shares(value, written))) {
        of(kind).wrong++;
        missed(line);
      }
    }
  }
  return tallies;
}

/** Whether so much of the value is left in the text that one knows it: all of a short one, six characters of a longer one. */
function leaks(text: string, written: string): boolean {
  const left = plain(decoded(text).replace(/‹[^›]*›/g, '\u0000'));
  const value = plain(written);
  if (value.length <= 6) return left.includes(value);
  for (let from = 0; from + 6 <= value.length; from++) if (left.includes(value.slice(from, from + 6))) return true;
  return false;
}

function shares(span: string, written: string): boolean {
  const [a, b] = [plain(decoded(span)), plain(written)];
  return a.includes(b) || b.includes(a);
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s()+·-]/g, '')
    .toUpperCase();
}

function decoded(text: string): string {
  return text
    .replace(/(?:%[0-9A-F]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

function escaped(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
}
