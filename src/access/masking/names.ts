import type { Span } from './kinds.ts';

const HAN = /[\u3400-\u4dbf\u4e00-\u9fff]/;
/** Of one character. */
export const SURNAMES: ReadonlySet<string> = new Set(
  `赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖闫覃付代佟岳帅缑亢况郈有琴商牟佘佴伯赏墨哈谯笪年爱阳佟涂仝区苑冼晋楚闫法汝鄢涂钦归海岸督仉邸隋兰原练楼栗逯呼但初门来豆宛占`.trim(),
);
/** Of two. */
export const COMPOUND: ReadonlySet<string> = new Set(
  `欧阳 司马 上官 诸葛 夏侯 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 长孙 宇文 端木 百里 东郭 南宫 独孤 拓跋 轩辕 呼延 澹台 公冶 宗政
   濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 亓官 司寇 子车 颛孙 巫马 公西 漆雕 乐正 壤驷 公良 赫连 万俟 闻人`.split(
    /\s+/,
  ),
);
/** No given name has one of these. */
const NEVER_GIVEN = new Set(
  '的了在和与及或等为被把将向从对由是有不未已于之其该此各每些吗呢吧啊着过你我他她它们这那哪谁什么个号码查询请',
);
/** Said where a name could stand. */
const NO_VALUES = new Set(
  '未知 空白 全部 任意 管理员 成功 失败 空值 马上 元数据 后台 終端 终端 系统 平台 平时'.split(' '),
);
/** What follows a name where no space does. */
const AFTER =
  /^(?:$|[^\u3400-\u4dbf\u4e00-\u9fff]|[的了在和与及或等为被把将向从对由是有不未已于之其曾来去到说称持现系因经]|电话|手机|身份|证件|联系|住址|家住|住在|地址|户籍|银行|邮箱|车牌|性别|出生|年龄|申请|提交|办理|查询|登记|申报|咨询|投诉|反映|预约|领取|缴纳|变更|注销|补办|报案|就诊|住院|入学|参保|先生|女士|小姐|同志|老师|同学|本人|名下|所有|账户|账号|信息|记录|档案|材料|资料|护照|卡号|贷款|转账|汇款|打来|来电|来访|签收|签字|签名|男|女|等人|夫妇|夫妻|一家|家属|之子|之女|及其|民族|汉族|公积金|社保|医保)/;
/** No name ends so, and none begins so: places, offices, kinds of things. */
const PLACE_END = /[市区县省局厅部委院所处科股路街镇乡村桥厂站校店馆库表层库系统组类型]$/;
const NO_NAMES = new Set(
  `高新区 张家口 金融局 黄河路 任意 全部 全国 未知 空白 平台 应用 系统 管理员 成功 失败 方式 方法 时间 时候 安全 公安 公司 公民 国家 国土 国籍 通知 通过
   关于 关系 文件 文档 文本 文字 相关 相同 经济 经办 明细 明确 白名单 黑名单 利用 利息 法律 法院 法人 山东 山西 江苏 江西 云南 云端 海南 广东 广西 安徽
   温州 金华 连接 连续 解析 解决 解除 计划 计算 单位 单据 安装 常用 常见 程序 成员 强制 平均 满足 步骤 东部 空值 海关 支持 支付 支出 应当 应急 须知
   易用 向导 项目 封存 水利 水务 元数据 马上 终止 终端 和平 农业 农村 家庭 家属 路由 路径 全文 权限 权利 管理 管控 经理 类型 长度 说明 备注 富文本 干部 居民 居住 国内 后台 後台
   查看 查阅 查验 查无 从业 能力 能源 有效 有限 时效 年度 年龄 来源 来访 原因 原文 初始 初审 占用 宣传 商务 商户 房产 房屋 石油 双方 都市 景区 花园 游客
   高级 高峰 高校 伯仲 燕山 关闭 关键 关联 包括 包含 毕业 史料 金额 乐园 景观 万元 方案 方向`.split(/\s+/),
);

/** Where a person's name that begins at `place` ends; -1 when there is none. `isLabelled`: a label before it says that one comes. */
export function nameEnd(text: string, place: number, isLabelled: boolean): number {
  if (!HAN.test(text[place] ?? '')) return -1;
  const dotted = dottedEnd(text, place);
  if (dotted > 0) return dotted;
  const surname = COMPOUND.has(text.slice(place, place + 2)) ? 2 : SURNAMES.has(text[place]!) ? 1 : 0;
  if (surname === 0) return isLabelled ? wholeHan(text, place) : -1;
  for (const given of [2, 1]) {
    const end = place + surname + given;
    if (isGiven(text.slice(place + surname, end), given) && AFTER.test(text.slice(end, end + 3)))
      if (isName(text.slice(place, end), isLabelled)) return end;
  }
  const whole = wholeHan(text, place);
  return isLabelled && whole > 0 && isName(text.slice(place, whole), true) ? whole : -1;
}

/** Whether all of the text is a person's name in Chinese. */
export function isChineseName(text: string, isLabelled: boolean): boolean {
  return nameEnd(text, 0, isLabelled) === text.length && text.length > 1;
}

function isGiven(text: string, length: number): boolean {
  return (
    text.length === length && Array.from(text).every((character) => HAN.test(character) && !NEVER_GIVEN.has(character))
  );
}

function isName(text: string, isLabelled: boolean): boolean {
  if (NO_VALUES.has(text)) return false;
  return isLabelled || (!NO_NAMES.has(text) && !/^(.)\1$/.test(text) && !PLACE_END.test(text));
}

/** Up to four characters between others than Han: a name of a surname that is not in the list. */
function wholeHan(text: string, place: number): number {
  let end = place;
  while (end - place <= 4 && HAN.test(text[end] ?? '')) end++;
  const name = text.slice(place, end);
  const fits =
    end - place >= 2 &&
    end - place <= 4 &&
    !NO_NAMES.has(name) &&
    !NO_VALUES.has(name) &&
    !Array.from(name).some((each) => NEVER_GIVEN.has(each));
  return fits &&
    !/^(?:姓名|身份|手机|电话|为空|不能|必填|字段|参数|错误|格式|缺失|公司|中心|单位|部门|科室)|(?:公司|中心|部门|单位|部|局|处|科|系统|平台|服务|证件|号码|机构|医院|学校|银行)$/.test(
      name,
    )
    ? end
    : -1;
}

/** 买买提·吐尔逊: parts of Han with a dot between. */
function dottedEnd(text: string, place: number): number {
  const dotted = /^[\u3400-\u9fff]{1,10}(?:[·•・][\u3400-\u9fff]{1,10}){1,3}/.exec(text.slice(place, place + 44))?.[0];
  if (dotted === undefined) return -1;
  const last = dotted.split(/[·•・]/).at(-1)!;
  for (let cut = last.length; cut > 1; cut--)
    if (
      AFTER.test(text.slice(place + dotted.length - last.length + cut, place + dotted.length - last.length + cut + 3))
    )
      return place + dotted.length - last.length + cut;
  return place + dotted.length;
}

/** Words in Chinese sentences after which a person is named; longer ones first. */
const LABEL =
  /(?:姓名|联系人|申请人|当事人|法定代表人|户主|患者|病人|监护人|参保人|被保险人|投保人|受益人|持卡人|持证人|车主|业主|房主|房东|承租人|出租人|纳税人|收件人|寄件人|收货人|委托人|代理人|权利人|抵押人|借款人|担保人|开户人|嫌疑人|受害人|报案人|举报人|投诉人|信访人|来访人|来电人|上访人|逝者|死者|产妇|新生儿|配偶|丈夫|妻子|父亲|母亲|儿子|女儿|居民|市民|群众|公民|村民|学生|考生|家长|旅客|乘客|客户|老人|儿童|驾驶人|驾驶员|司机|退役军人|残疾人|低保户|名叫|本人)(?:的?姓名)?(?:<\/\w{1,10}>\s{0,3}<\w{1,10}>)?[\s:=为是叫名([{【「『<|"'“‘,\t]{0,4}/g;
/** A name before these: 张伟先生. */
const HONORIFIC = /先生|女士|小姐|同志|大爷|大妈|阿姨|同学/g;

/** Names in Chinese sentences. */
export function findNames(text: string): Span[] {
  const found: Span[] = [];
  LABEL.lastIndex = 0;
  for (let label = LABEL.exec(text); label !== null; label = LABEL.exec(text)) {
    const from = label.index + label[0].length;
    const isSure = /(?:[:=\t|"'“[【(]|姓名为)\s?$/.test(label[0]);
    add(found, text, from, nameEnd(text, from, isSure));
  }
  HONORIFIC.lastIndex = 0;
  for (let title = HONORIFIC.exec(text); title !== null; title = HONORIFIC.exec(text))
    for (const length of [4, 3, 2]) {
      const from = title.index - length;
      if (
        from >= 0 &&
        nameEnd(text, from, false) === title.index &&
        length > (COMPOUND.has(text.slice(from, from + 2)) ? 2 : 1)
      ) {
        add(found, text, from, title.index);
        break;
      }
    }
  return found;
}

const MAY_STAND_BETWEEN =
  /(?:[\s,，、;；:：|/("'（[【\t-]|的|持|公民身份号码|身份证号码|身份证号|身份证|手机号码|手机号|手机|联系电话|电话|银行卡号|卡号|男|女|汉族|\d{1,3}岁)+$/;

/** Names beside an identifier of a person: 张伟(110101…), 110101…,张伟. */
export function findNamesBeside(text: string, identifiers: readonly Pick<Span, 'from' | 'to'>[]): Span[] {
  const found: Span[] = [];
  for (const { from, to } of identifiers) {
    const before = text.slice(Math.max(0, from - 24), from);
    const between = MAY_STAND_BETWEEN.exec(before)?.[0];
    if (between !== undefined) addBefore(found, text, from - between.length);
    const gap = /^['"]?[,，|\t;；、] ?['"]?/.exec(text.slice(to, to + 5))?.[0];
    if (gap !== undefined) add(found, text, to + gap.length, nameEnd(text, to + gap.length, false));
  }
  return found;
}

function addBefore(found: Span[], text: string, end: number): void {
  for (const length of [4, 3, 2]) {
    const from = end - length;
    if (from < 0 || HAN.test(text[from - 1] ?? '')) continue;
    const name = text.slice(from, end);
    if (!isChineseName(name, false)) continue;
    add(found, text, from, end);
    return;
  }
}

function add(found: Span[], text: string, from: number, to: number): void {
  if (to > from) found.push({ from, to, kind: 'name', value: text.slice(from, to) });
}
