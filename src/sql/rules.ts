import type { Bilingual } from '../finding/finding.ts';

/** Why something is refused, and what to do instead. */
export interface Rule {
  why: Bilingual;
  instead: Bilingual;
}

const rule = (why: [zh: string, en: string], instead: [zh: string, en: string]): Rule => ({
  why: { zh: why[0], en: why[1] },
  instead: { zh: instead[0], en: instead[1] },
});

/** What is refused of syntax. Functions have their own reasons (refused-functions.ts). */
export const RULES = {
  syntax: rule(
    ['存储引擎无法读懂这条语句', 'the engine can not read it as one statement'],
    [
      '请改正此处的语法；只能写一条查询，不带分号后的其他语句。',
      'Correct the syntax there; write one query, and nothing after a semicolon.',
    ],
  ),
  select: rule(
    ['只允许 SELECT 查询，不能带 FORMAT、INTO OUTFILE', 'only a SELECT is run, without FORMAT and INTO OUTFILE'],
    ['请改写成 SELECT … FROM …；导出另有入口。', 'Write it as SELECT … FROM …; results are exported elsewhere.'],
  ),
  settings: rule(
    ['查询的限制由平台规定', 'the limits of queries are set by the platform'],
    ['请去掉 SETTINGS。', 'Leave SETTINGS out.'],
  ),
  apply: rule(
    [
      '引擎不显示 APPLY 中的函数名，无法检查',
      'the engine does not tell which function is applied, so it can not be checked',
    ],
    ['请逐列写出该函数，例如 sum(a), sum(b)。', 'Write the function for each column: sum(a), sum(b).'],
  ),
  node: rule(
    ['查询中不能使用这种语法', 'this kind of syntax is not among those that may be used'],
    ['请用普通的 SELECT、JOIN、WITH、窗口函数改写。', 'Write it with plain SELECT, JOIN, WITH and window functions.'],
  ),
  unknownFunction: rule(
    ['它不在允许的函数之列', 'it is not among the functions that may be used'],
    ['请检查拼写；允许的函数见 docs/sql.md。', 'Check its spelling; docs/sql.md lists the functions.'],
  ),
  tableFunction: rule(
    ['表函数会读取表以外的内容', 'table functions read what is no table'],
    [
      '请查询列出的表；需要数列时用 numbers、generate_series 或 values。',
      'Read one of the tables; for a series use numbers, generate_series or values.',
    ],
  ),
  database: rule(
    ['不能指定库名', 'tables are named without a database'],
    ['请只写表名，例如 FROM events。', 'Write only the name of the table: FROM events.'],
  ),
  rightOfIn: rule(
    ['IN 右边的这个名称可能指向其他库的表', 'right of IN this name could mean a table of another database'],
    [
      '请写成列表、子查询 IN (SELECT …)，数组用 has(数组, 值)。',
      'Write a list or IN (SELECT …); of an array ask has(array, value).',
    ],
  ),
  unknownTable: rule(
    ['没有这个表', 'there is no table of this name'],
    ['可查询的表：{tables}。', 'The tables are {tables}.'],
  ),
  name: rule(
    [
      '名称中有换行、反斜杠等字符，无法安全检查',
      'a name has line breaks, backslashes or the like in it and can not be checked',
    ],
    ['请换一个只含文字、数字、空格和常用符号的名称。', 'Use letters, digits, blanks and ordinary signs in names.'],
  ),
  virtual: rule(
    ['它是存储引擎的内部列', 'it is a column of the inside of the engine'],
    ['请使用表中列出的列。', 'Use the columns that the table lists.'],
  ),
  cast: rule(
    ['要转换成的类型必须直接写出', 'the type to convert to has to be written out'],
    ['请写成 CAST(x AS 类型)，类型用常量。', 'Write CAST(x AS Type) with the type itself.'],
  ),
  states: rule(
    ['由文本构造聚合状态可能损坏存储引擎', 'states of aggregates that are made from texts can harm the engine'],
    ['请用 -State 和 -Merge 组合函数计算聚合状态。', 'Compute states with -State and -Merge.'],
  ),
  aggregateName: rule(
    [
      '聚合函数名必须直接写出，且在允许之列',
      'the name of the aggregate has to be written out and be one that may be used',
    ],
    [
      "请写成 arrayReduce('sum', …) 或使用 arraySum 等函数。",
      "Write arrayReduce('sum', …), or use arraySum and the like.",
    ],
  ),
  tooLong: rule(
    ['语句太长', 'it is too long'],
    [
      '请缩短到 50000 个字符以内；长名单可作为参数 {name:Array(String)}。',
      'Keep it below 50,000 characters; long lists may be a parameter {name:Array(String)}.',
    ],
  ),
  tooDeep: rule(['语句过于复杂', 'it has too many parts'], ['请拆成几条查询。', 'Ask in several queries.']),
  hostWord: rule(
    ['存储不接受这个词，即使是名称', 'the store does not take this word, not even as a name'],
    ['请换一个名称；查询不能读取文件或运行程序。', 'Choose another name; queries read no files and run no programs.'],
  ),
  missingParameter: rule(
    ['这个参数没有值', 'this parameter has no value'],
    ['请给出每个参数的值。', 'Give a value for every parameter.'],
  ),
  parameter: rule(
    ['参数的名称或类型不能使用', 'the name or the type of this parameter may not be used'],
    [
      '名称用字母、数字、下划线，不以 wanglou 开头；类型不能是 Identifier。',
      'Name it with letters, digits and underscores, not beginning with wanglou; its type may not be Identifier.',
    ],
  ),
} as const satisfies Record<string, Rule>;
