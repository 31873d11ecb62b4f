import { isAuditRecord, readAuditStamp } from './auditd-record.ts';
import { formatNamed } from './catalogue.ts';
import { emptyEvent } from '../event.ts';
import { postgresqlCsv } from './postgresql-csv.ts';
import { continuesMessage, postgresqlStderr } from './postgresql-stderr.ts';
import { isDigitAt, SPACE } from './scan.ts';

/**
 * Joins the lines of formats whose records span several. What is held is always the end of the stream, so that a reader can
 * come back to its first character; it is bounded, and a record that would be longer is given out in pieces.
 */
export interface Assembler {
  /** Takes one line without its line feed. @returns the records that are complete now, their lines joined by LF. */
  push(line: string): string[];
  /** Characters held, line feeds included: how far behind the end of the last line the oldest held one begins. */
  held(): number;
  /** Gives out what is held: nothing more is coming, or not for a while. */
  flush(): string[];
}

const MAX_HELD_CHARS = 262_144;
const MAX_HELD_LINES = 4096;

/** How a line stands to the lines held before it. */
type Place = 'alone' | 'first' | 'next' | 'last';

/** What tells the records of one format apart. `held` are the lines of the record that is open. */
interface Joining {
  place(line: string, held: readonly string[]): Place;
}

class Joiner implements Assembler {
  readonly #joining: Joining;
  #lines: string[] = [];
  #chars = 0;

  constructor(joining: Joining) {
    this.#joining = joining;
  }

  push(line: string): string[] {
    const place = this.#joining.place(line, this.#lines);
    if (place === 'alone') return this.#lines.length === 0 ? [line] : [...this.flush(), line];
    const done = place === 'first' || this.#isFull(line) ? this.flush() : [];
    this.#lines.push(line);
    this.#chars += line.length + 1;
    return place === 'last' ? [...done, ...this.flush()] : done;
  }

  held(): number {
    return this.#chars;
  }

  flush(): string[] {
    if (this.#lines.length === 0) return [];
    const record = this.#lines.join('\n');
    this.#lines = [];
    this.#chars = 0;
    return [record];
  }

  #isFull(line: string): boolean {
    return this.#lines.length >= MAX_HELD_LINES || this.#chars + line.length > MAX_HELD_CHARS;
  }
}

/** csvlog: a record ends where its quotes are even. A line that begins a record ends one that was never closed. */
class CsvJoining implements Joining {
  #isOpen = false;

  place(line: string, held: readonly string[]): Place {
    if (held.length === 0) this.#isOpen = false;
    const begins = !this.#isOpen || postgresqlCsv.recognizes(line, emptyEvent());
    const toggles = countQuotes(line) % 2 === 1;
    this.#isOpen = begins ? toggles : this.#isOpen !== toggles;
    if (begins) return this.#isOpen ? 'first' : 'alone';
    return this.#isOpen ? 'next' : 'last';
  }
}

function countQuotes(line: string): number {
  let count = 0;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) count++;
  return count;
}

/** stderr: PostgreSQL puts a tab before each further line of a message; DETAIL, STATEMENT, … belong to the line before. */
const stderrJoining: Joining = {
  place(line, held) {
    if (held.length === 0) return line.charCodeAt(0) === 9 ? 'alone' : 'first';
    return line.charCodeAt(0) === 9 || continuesMessage(line) ? 'next' : 'first';
  },
};

/** Record types that come as the only one of their event: those of user space and of the daemon (1100–1299, 2000 and up). */
const ALONE =
  /^(?:USER_|CRED_|DAEMON_|ADD_|DEL_|SERVICE_|SYSTEM_|GRP_|ACCT_|ROLE_|CRYPTO_|USYS_|LABEL_|ANOM_(?!PROM|LINK)|RESP_|VIRT_|CHGRP_|CHUSER_)/;

/**
 * audit: records with the same time and serial are one event; EOE ends it, or PROCTITLE in a stream that writes no EOE, or a
 * record of another event.
 */
class AuditJoining implements Joining {
  #serial = '';
  #writesEoe = false;

  place(line: string, held: readonly string[]): Place {
    const serial = readAuditStamp(line);
    const type = /\btype=(\w+)/.exec(line.slice(0, 200))?.[1] ?? '';
    const continues = held.length > 0 && serial === this.#serial && serial !== '';
    this.#serial = serial;
    if (type === 'EOE') this.#writesEoe = true;
    const ends = type === 'EOE' || (type === 'PROCTITLE' && !this.#writesEoe);
    if (continues) return ends ? 'last' : 'next';
    return ends || serial === '' || ALONE.test(type) ? 'alone' : 'first';
  }
}

/** For streams whose format is not fixed: looks at each line for the formats above; all other lines pass straight through. */
class RecognizingAssembler implements Assembler {
  readonly #csv = new Joiner(new CsvJoining());
  readonly #stderr = new Joiner(stderrJoining);
  readonly #audit = new Joiner(new AuditJoining());
  #active: Joiner | undefined;

  push(line: string): string[] {
    const joiner = this.#joinerOf(line);
    if (joiner === undefined && this.#active === undefined) return [line];
    const before = this.#active !== undefined && joiner !== this.#active ? this.#active.flush() : [];
    this.#active = joiner;
    const records = joiner === undefined ? [line] : joiner.push(line);
    if (joiner?.held() === 0) this.#active = undefined;
    return before.length === 0 ? records : [...before, ...records];
  }

  held(): number {
    return this.#active?.held() ?? 0;
  }

  flush(): string[] {
    const records = this.#active?.flush() ?? [];
    this.#active = undefined;
    return records;
  }

  #joinerOf(line: string): Joiner | undefined {
    const code = line.charCodeAt(0);
    if (code === 116 || code === 110 || code === 97) return isAuditRecord(line) ? this.#audit : this.#openCsv();
    if (isDigitAt(line, 0) && line.charCodeAt(4) === 45 && line.charCodeAt(10) === SPACE) return this.#postgres(line);
    if (code === 9 && this.#active === this.#stderr) return this.#stderr;
    return this.#openCsv() ?? this.#prefixed(line, code);
  }

  /** A log_line_prefix that begins with a bracket, an address or nothing at all. */
  #prefixed(line: string, code: number): Joiner | undefined {
    const mayBegin =
      code === 91 || (code === 60 && !isDigitAt(line, 1)) || isDigitAt(line, 0) || this.#active !== undefined;
    return mayBegin && line.slice(0, 400).includes(':  ') && postgresqlStderr.recognizes(line, emptyEvent())
      ? this.#stderr
      : undefined;
  }

  /** While a quoted field is open, any line is part of it. */
  #openCsv(): Joiner | undefined {
    return this.#active === this.#csv ? this.#csv : undefined;
  }

  #postgres(line: string): Joiner | undefined {
    if (this.#active === this.#csv || postgresqlCsv.recognizes(line, emptyEvent())) return this.#csv;
    return postgresqlStderr.recognizes(line, emptyEvent()) ? this.#stderr : undefined;
  }
}

/**
 * An assembler for a stream whose source fixes this format ('' to recognize), or undefined when each of its lines is a record.
 */
export function assemblerFor(format: string): Assembler | undefined {
  if (format === '') return new RecognizingAssembler();
  switch (formatNamed(format)?.name) {
    case 'postgresql-csv':
      return new Joiner(new CsvJoining());
    case 'postgresql':
      return new Joiner(stderrJoining);
    case 'auditd':
      return new Joiner(new AuditJoining());
    default:
      return undefined;
  }
}
