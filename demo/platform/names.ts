import type { Random } from '../random.ts';

/** Invented people: surname and given name in Chinese with their pinyin, and a login that nobody else has. */
export interface PersonName {
  zh: string;
  login: string;
}

const SURNAMES =
  '王wang 李li 张zhang 刘liu 陈chen 杨yang 赵zhao 黄huang 周zhou 吴wu 徐xu 孙sun 胡hu 朱zhu 高gao 林lin 何he 郭guo 马ma 罗luo 梁liang 宋song 郑zheng 谢xie 韩han 唐tang 冯feng 于yu 董dong 萧xiao 程cheng 曹cao 袁yuan 邓deng 许xu 傅fu 沈shen 曾zeng 彭peng 吕lv 苏su 卢lu 蒋jiang 蔡cai 贾jia 丁ding 魏wei 薛xue 叶ye 阎yan';
const GIVEN =
  '建jian 国guo 明ming 华hua 伟wei 芳fang 娜na 敏min 静jing 丽li 强qiang 磊lei 军jun 洋yang 勇yong 艳yan 杰jie 娟juan 涛tao 超chao 秀xiu 霞xia 平ping 刚gang 桂gui 英ying 文wen 玉yu 兰lan 红hong 志zhi 海hai 燕yan 鹏peng 辉hui 婷ting 宇yu 浩hao 欣xin 怡yi 佳jia 晨chen 雪xue 梅mei 龙long 峰feng 林lin 晓xiao 东dong 春chun';

const surnames = SURNAMES.split(' ');
const given = GIVEN.split(' ');

/** Draws people; keeps the logins apart by a number, as directories do. */
export class Names {
  readonly #taken = new Map<string, number>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** @param prefix of the login, for staff of vendors */
  next(prefix = ''): PersonName {
    const parts = [this.#random.pick(surnames), this.#random.pick(given), this.#random.pick(given)];
    const login = prefix + parts.map((part) => part.slice(1)).join('');
    const count = (this.#taken.get(login) ?? 0) + 1;
    this.#taken.set(login, count);
    return { zh: parts.map((part) => part[0]!).join(''), login: count === 1 ? login : `${login}${count}` };
  }
}
