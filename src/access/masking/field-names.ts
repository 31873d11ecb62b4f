import type { Kind } from './kinds.ts';

/**
 * What the name of a field says about its value. `sure`: any value of a fitting form is personal. `maybe`: only one that looks
 * like it (`name` also names services). `not`: a number that is none of a person's, however much it looks like one.
 */
export type FieldSays = { is: 'sure' | 'maybe'; kind: Kind } | { is: 'not' };

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Endings of names, as last words of `snake_case` and `camelCase` or as they are. */
const SURE: readonly (readonly [Kind, string])[] = [
  [
    'id-card',
    `idcard idcardno idcardnum idcardnumber idno idnum idnumber idnbr identitycard identityno identitynumber identity citizenid
     citizenno sfz sfzh sfzhm sfzhao sfzno gmsfhm gmsfzh shenfenzheng zjhm zjh zjno certno certid certnum certnumber certcode
     cardid credno credentialno residentid nationalid idcode pid18
     身份证 身份证号 身份证号码 身份证件号 身份证件号码 公民身份号码 公民身份证号 公民身份证号码 身份号码 证件号 证件号码 证件编号`,
  ],
  [
    'mobile',
    `mobile mobileno mobilenum mobilenumber mobilephone cellphone cell cellno handphone msisdn sjh sjhm sj shouji shoujihao sjno
     手机 手机号 手机号码 移动电话 联系手机 手机号手机号 预留手机号 绑定手机`,
  ],
  [
    'phone',
    `phone phoneno phonenum phonenumber tel telno telephone telnumber contactphone contacttel contactno fax homephone workphone dh dhhm
     lxdh lxfs gddh dianhua callee caller calledno callingno
     电话 电话号码 联系电话 联系方式 固定电话 固话 座机 家庭电话 办公电话 单位电话 住宅电话 传真 来电号码 主叫号码 被叫号码`,
  ],
  [
    'bank-card',
    `bankcard bankcardno bankcardnum bankcardnumber bankno bankaccount bankaccountno bankacct bankacctno cardno cardnum cardnumber
     debitcard creditcard creditcardno pan acctno accountno accountnumber payeeaccount payeracct yhkh yhzh yhkhm yinhangka khzh skzh
     银行卡 银行卡号 银行账号 银行帐号 银行账户 卡号 账号卡号 开户账号 收款账号 收款账户 付款账号 社保卡银行账号 借记卡号 信用卡号`,
  ],
  [
    'name',
    `xm ryxm realname truename fullname chinesename cnname namecn personname custname customername patientname studentname citizenname
     residentname ownername holder holdername cardholder applicantname contactname contactperson payeename payername recipientname
     receivername consignee insuredname beneficiary patient xingming zhenshixingming lxr lxrxm sqr sqrxm jhr jhrxm fddbr frxm frdb hz
     hzxm cbrxm czrxm ckrxm qlrxm nsrxm cyrxm brxm poxm fqxm mqxm
     firstname lastname givenname surname familyname
     姓名 真实姓名 中文姓名 人员姓名 客户姓名 患者姓名 学生姓名 申请人 申请人姓名 联系人 联系人姓名 户主 户主姓名 当事人
     当事人姓名 法定代表人 法人姓名 参保人 参保人姓名 持卡人 持证人 车主 车主姓名 业主 监护人 监护人姓名 收件人 收货人 寄件人
     权利人 权利人姓名 委托人 被保险人 受益人 配偶 配偶姓名 父亲姓名 母亲姓名 纳税人姓名 曾用名 居民姓名 公民姓名`,
  ],
  [
    'address',
    `homeaddress homeaddr residence residenceaddress residentialaddress liveaddr livingaddress postaladdress mailingaddress
     deliveryaddress shippingaddress contactaddress houseaddress useraddress jtzz jtdz zz zzdz hjdz hkszd hjszd txdz lxdz xxdz xzz
     jzdz jzd csd zhuzhi
     住址 家庭住址 家庭地址 地址 联系地址 通讯地址 通信地址 户籍地址 户籍地 户口所在地 户籍所在地 现住址 现居住地 居住地 居住地址
     常住地址 收货地址 收件地址 邮寄地址 详细地址 房屋坐落 坐落 住所 房屋地址 送达地址`,
  ],
  [
    'plate',
    `plate plateno platenum platenumber licenseplate licenceplate carno carnum carnumber vehicleno vehicleplate cph cphm hphm chepai
     车牌 车牌号 车牌号码 号牌号码 机动车号牌 车辆号牌`,
  ],
  [
    'mail',
    `email mail emailaddress emailaddr mailaddress mailaddr dzyx dzyj youxiang yxdz 邮箱 电子邮箱 邮箱地址 电子邮件 邮件地址`,
  ],
  [
    'permit',
    `passport passportno passportnum passportnumber hzh hzhm huzhao permitno travelpermit gatxz hkmpermit hxz tbz txzh
     护照 护照号 护照号码 通行证 通行证号 通行证号码 港澳通行证 港澳居民来往内地通行证 台胞证 台湾通行证 回乡证 往来港澳通行证
     军官证 军官证号 驾驶证号 社保卡号`,
  ],
];
const MAYBE: readonly (readonly [Kind, string])[] = [
  ['name', 'name cname nickname person persons 名字 名称 负责人 联络人 客户 本人 居民 市民'],
  ['address', 'address addr dz location dizhi'],
];
/** Who acts is not masked, nor what belongs to no person. */
const NOT =
  words(`order orderno trace traceid span spanid request requestid req reqid seq sequence serial serialno batch batchno tx txid
  txn lsn offset pid tid ppid uid gid port ts time timestamp stamp date datetime rows row count cnt num total bytes size length len
  amount amt money fee price cost balance duration elapsed ms ns us sec ver version hash md5 sha sha1 sha256 crc checksum digest etag
  uuid guid token nonce sign signature session sessionid msgid messageid eventid logid taskid jobid flowid flowno caseno billno tradeno
  invoice invoiceno ticket ticketno waybill barcode sku creditcode uscc shxydm tyshxydm xydm orgcode nsrsbh lsh ddh ajbh bh pch
  iops qps tps total_rows affected mac ip imei imsi iccid lat lng lon longitude latitude vin
  流水号 订单号 订单编号 订单 单号 编号 序号 批次 批次号 条数 行数 总数 数量 金额 余额 字节 时间戳 版本 哈希 案号 案件编号 受理号 受理编号
  统一社会信用代码 社会信用代码 信用代码 组织机构代码 纳税人识别号 运单号 快递单号 发票号 发票号码 合同编号 工单号 跟踪号 请求号 会话号`);

/** Names of fields whose values are personal, by kind, in lower case and without what stands between words. */
export const PERSONAL_FIELDS: ReadonlyMap<Kind, readonly string[]> = new Map(
  SURE.map(([kind, names]): [Kind, readonly string[]] => [kind, words(names)]),
);

const KNOWN: ReadonlyMap<string, FieldSays> = new Map([
  ...NOT.map((name): [string, FieldSays] => [name.replaceAll('_', ''), { is: 'not' }]),
  ...MAYBE.flatMap(([kind, names]) => words(names).map((name): [string, FieldSays] => [name, { is: 'maybe', kind }])),
  ...SURE.flatMap(([kind, names]) => words(names).map((name): [string, FieldSays] => [name, { is: 'sure', kind }])),
]);

/** Endings of names that run words together (`sqrsfzh`, `usermobile`); longest first. */
const RUN_TOGETHER = [...KNOWN]
  .filter(
    ([name, says]) => says.is === 'sure' && (name.length >= 4 || name === 'sjh' || /^[\u3400-\u9fff]{2,}$/.test(name)),
  )
  .filter(
    ([name]) => !['cell', 'zzdz', 'callee', 'caller', 'plate', 'patient', 'identity', 'mail', 'hphm'].includes(name),
  )
  .map(([name]) => name)
  .sort((a, b) => b.length - a.length);
/** `ryxm`, `jbrxm`: the pinyin abbreviation of a name; `hzxm`. */
const NAME_ABBREVIATION = /^[a-z]{0,5}xm$/;
/** Accounts and those who act. */
const ACTING =
  /^(?:username|loginname|loginuser|operator|operatorname|account|accountname|user|actor|经办人|操作人|操作员|审批人|登录用户|用户名|hostname|filename|tablename|dbname|rolename|servicename|appname)$/;
/** The number of what is none of a person's: `order_id`. */
const NUMBERING = /^(?:id|no|num|number|code|key|nbr|seq)$/;
const CLIENT =
  /(?:^|_|-|\.)(?:remote|client|server|ip|ipv4|ipv6|mac|host|peer|bind|listen|src|dst|source|dest|mem|web|base|url)[_-]?addr(?:ess)?$/i;
const MAX_KNOWN = 10_000;
const seen = new Map<string, FieldSays | undefined>();

/** @param name as written: `id_card`, `user.idCardNo`, `SFZH`, `身份证号`. */
export function saysField(name: string): FieldSays | undefined {
  if (seen.has(name)) return seen.get(name);
  if (seen.size >= MAX_KNOWN) seen.clear();
  const says = look(name);
  seen.set(name, says);
  return says;
}

function look(name: string): FieldSays | undefined {
  const parts = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9\u3400-\u9fff]+/)
    .filter((part) => part !== '');
  const whole = parts.join('');
  if (ACTING.test(whole) || CLIENT.test(name)) return undefined;
  for (let first = Math.max(0, parts.length - 4); first < parts.length; first++) {
    const says = KNOWN.get(parts.slice(first).join(''));
    if (says !== undefined) return says;
  }
  if (parts.length > 1 && NUMBERING.test(parts.at(-1)!) && KNOWN.get(parts.at(-2)!)?.is === 'not') return { is: 'not' };
  const numbered = whole.replace(/\d{1,2}$/, '');
  if (numbered !== whole && KNOWN.has(numbered)) return KNOWN.get(numbered);
  const last = parts.at(-1) ?? '';
  if (NAME_ABBREVIATION.test(last)) return { is: 'sure', kind: 'name' };
  const ending = RUN_TOGETHER.find((known) => last.endsWith(known));
  return ending === undefined ? undefined : KNOWN.get(ending);
}
