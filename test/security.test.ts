import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Row {
  /** `1.2.3`, or `1.2.3 – 1.2.5`. */
  number: string;
  level: string;
  what: string;
  /** `met`, `partly`, `not met` or `n.a.`, most with a reason behind a colon. */
  state: string;
  shownBy: string;
}

const { compare: inOrder } = new Intl.Collator('en', { numeric: true });
const document = readFileSync('SECURITY.md', 'utf8');
const { level1, level2 } = JSON.parse(readFileSync('test/fixtures/asvs-5.0.0.json', 'utf8')) as Record<
  'level1' | 'level2',
  string[]
>;
const numbers = [...level1, ...level2].sort(inOrder);
const rows = [...document.matchAll(/^\| (\d+\.\d.*?) +\| (.*?) +\| (.*?) +\| (.*?) +\| (.*?) +\|$/gm)].map(
  ([, number, level, what, state, shownBy]) => ({ number, level, what, state, shownBy }) as Row,
);

describe('the table of SECURITY.md', () => {
  it('has each requirement of levels 1 and 2 once, in order', () => {
    expect(numbers).toHaveLength(253);
    expect(rows.flatMap(numbersOf)).toEqual(numbers);
  });

  it('has the level of each', () => {
    const levelOf = (row: Row): string => [...new Set(numbersOf(row).map(levelOfNumber))].sort().join(', ');
    expect(rows.filter((row) => row.level !== levelOf(row))).toEqual([]);
  });

  it('names files that exist', () => {
    const named = rows.flatMap((row) => filesOf(row).map((file) => `${row.number}: ${file}`));
    expect(named.filter((one) => !existsSync(one.split(': ')[1]!))).toEqual([]);
  });

  it('shows by something that each one is met, and says of every other why not', () => {
    expect(rows.filter((row) => stateOf(row) === 'met' && filesOf(row).length === 0)).toEqual([]);
    expect(rows.filter((row) => stateOf(row) !== 'met' && !/: \S/.test(row.state))).toEqual([]);
  });

  it('adds up to what stands above it', () => {
    const count = { met: 0, partly: 0, 'not met': 0, 'n.a.': 0 };
    for (const row of rows) count[stateOf(row)] += numbersOf(row).length;
    expect(document).toContain(
      `**Of ${numbers.length} requirements ${count.met} are met, ${count.partly} partly, ${count['not met']} not; ` +
        `${count['n.a.']} do not apply.**`,
    );
  });
});

function numbersOf({ number }: Row): string[] {
  const [first, last = first] = number.split(' – ');
  return numbers.filter((one) => inOrder(first!, one) <= 0 && inOrder(one, last!) <= 0);
}

function levelOfNumber(number: string): string {
  return level1.includes(number) ? '1' : '2';
}

function filesOf({ shownBy }: Row): string[] {
  return [...shownBy.matchAll(/`([^`]+)`/g)].map(([, file]) => file!);
}

function stateOf({ number, state }: Row): 'met' | 'partly' | 'not met' | 'n.a.' {
  const [, known] = /^(met|partly|not met|n\.a\.)(?:: .*)?$/.exec(state) ?? [];
  if (known === undefined) throw new Error(`${number} is ${JSON.stringify(state)}: met, partly, not met or n.a.`);
  return known as 'met' | 'partly' | 'not met' | 'n.a.';
}
