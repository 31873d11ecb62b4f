/** What lines look like in life, in turn; the place of each in its run is in front of it. */
const TAILS = [
  'sign-in accepted for operator',
  '张三在政务数据共享平台查询了 12 条记录，用途：低保核查',
  `quotes " and ' and \\ and ] [x y="z"] {"k": "v"} 100% %s <34> key=value`,
  `long ${'望楼0123456789'.repeat(400)} end`,
  'a\ttab, an emoji 😀, a trailing blank ',
];

/** Every hundredth line is nearly as long as a datagram can be. */
const LONGEST = 'x'.repeat(60_000);

/** Lines that can be told apart and counted: `#mark# number text`. */
export function numberedLines(mark: string, count: number, first = 0): string[] {
  return Array.from({ length: count }, (_, i) => {
    const number = first + i;
    return `#${mark}# ${number} ${number % 100 === 99 ? LONGEST : TAILS[number % TAILS.length]!}`;
  });
}

/** The account of a run: all empty when every line sent came exactly once, unchanged. At most five examples of each. */
export interface Account {
  missing: string[];
  repeated: string[];
  /** Came, but was not sent like this. */
  changed: string[];
}

export const EVERY_LINE_ONCE: Account = { missing: [], repeated: [], changed: [] };

export function accountOf(sent: readonly string[], came: readonly string[]): Account {
  const times = new Map(sent.map((line) => [line, 0]));
  const changed: string[] = [];
  for (const line of came) {
    const before = times.get(line);
    if (before === undefined) changed.push(line);
    else times.set(line, before + 1);
  }
  const withTimes = (wanted: (count: number) => boolean): string[] =>
    [...times].filter(([, count]) => wanted(count)).map(([line]) => line);
  return {
    missing: examples(withTimes((count) => count === 0)),
    repeated: examples(withTimes((count) => count > 1)),
    changed: examples(changed),
  };
}

function examples(lines: readonly string[]): string[] {
  const first = lines.slice(0, 5).map((line) => line.slice(0, 120));
  return lines.length > 5 ? [...first, `… ${lines.length} in all`] : first;
}
