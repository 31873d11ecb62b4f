import { describe, expect, it } from 'vitest';
import { detectors } from '../../../detectors/index.ts';
import { cardsOf } from '../../../src/detection/cards.ts';
import { Masker } from '../../../src/access/masking/masker.ts';
import { DataSubjects } from '../../../src/event/data-subjects.ts';
import { impersonalLines, labelledLines, tallied } from './corpus.ts';
import { VALUE_KINDS } from './values.ts';

const subjects = new DataSubjects('a key of at least thirty-two characters');
const masker = new Masker({ hashOf: (plain) => subjects.hashOf(plain).slice(3) });
const KIND = /‹[^/›]+\/([a-z-]+)#[\w-]{10}›/g;

/** Kinds in the place of values. */
function masked(text: string): string {
  return masker.text(text).replace(KIND, '<$1>');
}

describe('masking of personal information', () => {
  it('finds at least 99.5 % of every kind, and at least 98 % of what it masks is personal', () => {
    const lines = [...labelledLines(11, 400), ...impersonalLines(11, 2_000)];
    const missed: string[] = [];
    const tallies = tallied(
      lines,
      (text) => ({ text: masker.text(text), spans: masker.spans(text) }),
      ({ text }) => missed.push(text),
    );
    for (const kind of VALUE_KINDS) {
      const { values, masked: found, spans, wrong } = tallies.get(kind)!;
      expect(found / values, `${kind}: ${missed.join('\n')}`).toBeGreaterThanOrEqual(0.995);
      expect(1 - wrong / spans, `${kind}: ${missed.join('\n')}`).toBeGreaterThanOrEqual(0.98);
    }
  });

  it('takes nothing for personal that the catalogue of detectors says', () => {
    const cards = cardsOf(detectors, {});
    expect(cards.map((card) => JSON.parse(masker.text(JSON.stringify(card))) as unknown)).toEqual(cards);
  });

  it.each([
    ["EXEC sp_find @xm=N'刘德华', @sjh=N'13912345678'", "EXEC sp_find @xm=N'<name>', @sjh=N'<mobile>'"],
    ['phone=139%2D1234%2D5678&name=%e8%83%a1%e6%ad%8c', 'phone=<mobile>&name=<name>'],
    ['xm=%BA%FA%B8%E8&x=1', 'xm=<name>&x=1'],
    [
      String.raw`{"d":"{\"xm\":\"\u80e1\u6b4c\",\"sjh\":\"13912345678\"}"}`,
      String.raw`{"d":"{\"xm\":\"<name>\",\"sjh\":\"<mobile>\"}"}`,
    ],
    [String.raw`xm=\xE8\x83\xA1\xE6\xAD\x8C ok`, 'xm=<name> ok'],
    ['idcard：１１０１０５１９４９１２３１００２Ｘ', 'idcard：<id-card>'],
    ['欧阳娜娜(女,汉族,身份证号:11010519491231002X)', '<name>(女,汉族,身份证号:<id-card>)'],
    ["WHERE xm IN ('张三', '李四') AND cph = '京A·D12345'", "WHERE xm IN ('<name>', '<name>') AND cph = '<plate>'"],
    ['==> Parameters: 周杰伦(String), 13912345678(String)', '==> Parameters: <name>(String), <mobile>(String)'],
    ['张伟(ds_abcdefghijklmnopqrstuv)', '<name>(ds_abcdefghijklmnopqrstuv)'],
    ['收货地址：广东省广州市天河区体育西路103号A塔28楼，张先生收', '收货地址：<address>，张先生收'],
    [`Authorization: Basic ${Buffer.from('13912345678:x').toString('base64')}`, 'Authorization: Basic <encoded>'],
  ])('masks %s', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    'trace=13800138000 order_no: 6222020200000000011 "orderId": "13912345678"',
    '统一社会信用代码 91110000100003962T',
    '承建商 华信 的账号 zhangwei 在合同到期后读取 5000 行',
    '字段 姓名 类型 VARCHAR(50) 姓名不能为空 申请人数为 35 人',
    'address=10.0.0.1:8080 mac_address=00:1a:2b:3c:4d:5e name=order-service',
    'SELECT xm, sfzh, dz FROM t WHERE xm IS NULL AND dz = ?',
    '市政务服务中心3楼A区12号窗口，京政发〔2024〕12号，线路12号机房',
    'Started user@1000.service, git@git.example.com:a/b.git',
    '操作员：王建国 登录成功',
  ])('leaves %s', (text) => {
    expect(masker.text(text)).toBe(text);
  });

  it('gives the same value the same pseudonym however it is written, and masks no pseudonym again', () => {
    const tokens = ['手机：+86 139-1234-5678', 'mobile=13912345678', 'm=%31391234%35678'].map(
      (text) => /#([\w-]+)›/.exec(masker.text(text))?.[1],
    );
    expect(new Set(tokens).size).toBe(1);
    // What the door of the event log makes of the same number begins the same.
    expect(subjects.hashOf('13912345678')).toContain(tokens[0]);
    const once = masker.text('姓名：张三，住址：北京市朝阳区建国路88号');
    expect(masker.text(once)).toBe(once);
    const other = new Masker({ hashOf: (plain) => new DataSubjects('another key').hashOf(plain).slice(3) });
    expect(other.text('mobile=13912345678')).not.toContain(tokens[0]);
  });

  it('masks what is left of a value that was cut off with its text', () => {
    const before = 'the query took longer than it may and was ended, here is how it begins so that it can be found: ';
    for (const cut of ["id_no = '110105194912", 'mail li.na@exam', '13912345…"', "xm = '张伟"])
      expect(masker.text(before + cut)).not.toMatch(/110105|li\.na|139123|张伟/);
  });

  it('ends soon with any text, however it is made', () => {
    for (const part of [
      '1',
      '1 ',
      '张',
      "'",
      '“',
      'xm=',
      "xm='",
      '%25',
      '\\',
      '@',
      'a@',
      '=',
      '(',
      'A1号',
      '姓名',
      "(xm) VALUES ('",
      'QUJD',
      '&#1',
    ])
      expect(masker.text(part.repeat(Math.ceil(60_000 / part.length))).length).toBeGreaterThan(0);
  });
});

describe('masking of answers', () => {
  it('masks every text by what it is and by the name of its field, and leaves who acts and what is our own', () => {
    const event = {
      id: '0198a3c4-0000-8000-8000-000013800138',
      time: 1_741_766_400_123,
      account: '13800138000',
      actor: '13800138000@hr',
      message: '13800138000 read 13912345678',
      rows: 13_912_345_678,
      attributes: [
        'xm',
        '张三',
        'mobile',
        '13912345678',
        'name',
        '李四',
        '护照号',
        'Ｈ１０７２２６５７９９',
        'page',
        '2',
      ],
      unmapped: { sfzh: '11010519491231002X', size: 12 },
      phone: 13_912_345_678,
    };
    const shown = masker.data({ ...event, '13912345678': true });
    expect(JSON.parse(JSON.stringify(shown).replace(KIND, '<$1>'))).toEqual({
      ...event,
      message: '13800138000 read <mobile>',
      attributes: ['xm', '<name>', 'mobile', '<mobile>', 'name', '<name>', '护照号', '<permit>', 'page', '2'],
      unmapped: { sfzh: '<id-card>', size: 12 },
      phone: '<phone>',
      '<mobile>': true,
    });
  });

  it('masks what the line of an event has in it in all its fields, and what no login looks like', () => {
    const event = {
      account: '; 车辆皖K08006 进入 - -',
      attributes: ['extra1', ':"H4922957061"', 'extra2', '李四', 'extra3', ':"\\u5f20\\u4f1f"'],
      raw: '{"passportNo":"H4922957061","xm":"李四","lxr":"\\u5f20\\u4f1f"} ; 车辆皖K08006 进入 - -',
    };
    expect(JSON.stringify(masker.data(event))).not.toMatch(/H4922957061|李四|K08006|5f20/);
  });

  it('masks the fields that the registry tags', () => {
    const tagged = new Masker({
      hashOf: () => '0123456789',
      tagged: (field) => (field === 'diagnosis' ? 'personal' : undefined),
    });
    expect(tagged.text('{"diagnosis":"J45.9","page":2}')).toBe(
      '{"diagnosis":"‹个人信息/personal#0123456789›","page":2}',
    );
    expect(tagged.text("WHERE diagnosis = 'J45.9'")).toBe("WHERE diagnosis = '‹个人信息/personal#0123456789›'");
  });

  it('hands back what has nothing to mask as it is', () => {
    const given = { findings: [{ id: 'a', score: 3, title: { zh: '批量读取', en: 'Bulk read' } }] };
    expect(masker.data(given)).toBe(given);
  });
});
