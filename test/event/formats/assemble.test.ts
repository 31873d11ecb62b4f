import { describe, expect, it } from 'vitest';
import { assemblerFor } from '../../../src/event/formats/assemble.ts';

function run(format: string, lines: readonly string[]): string[][] {
  const assembler = assemblerFor(format)!;
  return [...lines.map((line) => assembler.push(line)), assembler.flush()];
}

const csvHead =
  '2026-11-23 21:42:47.525 UTC,"a","civil",7409,"[local]",6b04b357.1cf1,9,"SELECT",2026-11-23 21:42:47 UTC,3/12,0,LOG,00000,';
const stderrHead = '2026-11-23 21:42:47.525 UTC [7409] a@civil psql [local] ';
const audit = (type: string, serial: number): string => `type=${type} msg=audit(1790000000.125:${serial}): a=1`;

describe.each(['postgresql-csv', ''])('csvlog records (format %j)', (format) => {
  it('go on while a quote is open', () => {
    const lines = [`${csvHead}"one",,`, `${csvHead}"SELECT a`, ' , "" x ""', 'FROM t",,', `${csvHead}"two",,`];
    expect(run(format, lines)).toEqual([[lines[0]], [], [], [lines.slice(1, 4).join('\n')], [lines[4]], []]);
  });

  it('end where the next one begins, if a quote is never closed', () => {
    const lines = [`${csvHead}"never closed`, `${csvHead}"two",,`];
    expect(run(format, lines)).toEqual([[], [lines[0], lines[1]], []]);
  });
});

describe.each(['postgresql', ''])('stderr records (format %j)', (format) => {
  it('take in tabbed lines and the lines that belong to them', () => {
    const lines = [
      `${stderrHead}ERROR:  no`,
      '\tmore',
      `${stderrHead}STATEMENT:  SELECT`,
      '\tFROM t',
      `${stderrHead}LOG:  next`,
    ];
    expect(run(format, lines)).toEqual([[], [], [], [], [lines.slice(0, 4).join('\n')], [lines[4]]]);
  });
});

describe.each(['auditd', ''])('audit records (format %j)', (format) => {
  it('are joined by serial, up to PROCTITLE', () => {
    const lines = [audit('SYSCALL', 1), audit('PATH', 1), audit('PROCTITLE', 1), audit('SYSCALL', 2)];
    expect(run(format, lines)).toEqual([[], [], [lines.slice(0, 3).join('\n')], [], [lines[3]]]);
  });

  it('are given out when another serial begins', () => {
    const lines = [audit('SYSCALL', 1), audit('CWD', 1), audit('SYSCALL', 2)];
    expect(run(format, lines)).toEqual([[], [], [lines.slice(0, 2).join('\n')], [lines[2]]]);
  });

  it('wait for EOE in a stream that writes it', () => {
    const lines = [audit('SYSCALL', 1), audit('EOE', 1), audit('SYSCALL', 2), audit('PROCTITLE', 2), audit('EOE', 2)];
    expect(run(format, lines)).toEqual([[], [`${lines[0]}\n${lines[1]}`], [], [], [lines.slice(2).join('\n')], []]);
  });

  it('of user space stand alone at once', () => {
    expect(run(format, [audit('USER_LOGIN', 1)])).toEqual([[audit('USER_LOGIN', 1)], []]);
  });
});

describe('an assembler', () => {
  it('is not needed for formats of one line', () => {
    expect(assemblerFor('rfc5424')).toBeUndefined();
    expect(assemblerFor('nginx')).toBeUndefined();
  });

  it('passes unknown lines straight through and holds nothing', () => {
    const assembler = assemblerFor('')!;
    for (const line of ['<13>x', '{"a":1}', 'plain', '', '\ttabbed', '2026-01-01T00:00:00Z h a: m']) {
      expect(assembler.push(line)).toEqual([line]);
      expect(assembler.held()).toBe(0);
    }
  });

  it('gives out what it holds before a line of another format', () => {
    const lines = [audit('SYSCALL', 1), '<13>x'];
    expect(run('', lines)).toEqual([[], lines, []]);
  });

  it('says how many characters it holds, line feeds included', () => {
    const assembler = assemblerFor('auditd')!;
    assembler.push(audit('SYSCALL', 1));
    assembler.push(audit('CWD', 1));
    expect(assembler.held()).toBe(audit('SYSCALL', 1).length + audit('CWD', 1).length + 2);
    assembler.flush();
    expect(assembler.held()).toBe(0);
  });

  it('never holds more than its bound, and loses no line', () => {
    const assembler = assemblerFor('postgresql-csv')!;
    const line = 'x'.repeat(1000);
    const out = assembler.push(`${csvHead}"open`);
    for (let n = 0; n < 2000; n++) {
      out.push(...assembler.push(line));
      expect(assembler.held()).toBeLessThan(300_000);
    }
    out.push(...assembler.flush());
    expect(
      out
        .join('\n')
        .split('\n')
        .filter((each) => each === line),
    ).toHaveLength(2000);
  });
});
