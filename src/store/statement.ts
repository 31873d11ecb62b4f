import { StoreError } from './store-error.ts';
import { SqlTokens } from './sql-tokens.ts';

/** One statement as it came over HTTP, read far enough to run it the right way. */
export interface Statement {
  /** First word, in capitals. */
  verb: string;
  /** The statement without its end: no trailing semicolon, FORMAT or data. */
  sql: string;
  /** Output format named by the statement. */
  format: string;
  /** Settings that follow FORMAT; '' when none. */
  tail: string;
  /** Present when rows come with the statement rather than from a SELECT. */
  insert?: InsertedRows;
}

export interface InsertedRows {
  format: string;
  /** Inline data, in what follows the statement. */
  data: string;
  /** A SETTINGS clause that stood before the data; '' when none. */
  settings: string;
}

const READS = new Set(['SELECT', 'WITH', '(', 'SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN', 'CHECK']);
const CHANGES = new Set(
  'INSERT CREATE ALTER DROP UNDROP TRUNCATE OPTIMIZE KILL RENAME EXCHANGE DELETE UPDATE'.split(' '),
);
const ENGINES = new Set(
  (
    'mergetree replacingmergetree summingmergetree aggregatingmergetree collapsingmergetree ' +
    'versionedcollapsingmergetree coalescingmergetree memory log tinylog stripelog null atomic set join buffer'
  ).split(' '),
);
/** Names that reach files or programs of the host, in any place where a name can stand. */
const HOST_NAMES = new Set(['file', 'infile', 'outfile', 'executable', 'catboostevaluate', 'filesystem', 'disk']);
/** What CREATE, ALTER and DROP may not be about. */
const KINDS_REFUSED = new Set(['dictionary', 'function', 'user', 'role', 'quota', 'profile', 'policy', 'collection', 'resource', 'workload']); // prettier-ignore

/** Whether the statement only reads, so that GET may carry it. */
export function reads(statement: Statement): boolean {
  return READS.has(statement.verb);
}

/**
 * Reads one statement. Where it ends, and what it reaches, is decided by ClickHouse's own lexical rules.
 * @throws StoreError SYNTAX_ERROR for an empty text or several statements; ACCESS_DENIED for what reaches the host.
 */
export function readStatement(text: string): Statement {
  const tokens = new SqlTokens(text);
  while (tokens.next() && tokens.is(';'));
  if (tokens.kind === 'end') throw new StoreError('SYNTAX_ERROR', 'Empty query');
  const start = tokens.start;
  const verb = tokens.text.slice(tokens.start, tokens.end).toUpperCase();
  if (!READS.has(verb) && !CHANGES.has(verb)) refuseVerb(tokens);
  return verb === 'INSERT' ? readInsert(tokens, start) : readWhole(tokens, start, verb);
}

function refuseVerb(tokens: SqlTokens): never {
  if (
    ['set', 'system', 'use', 'grant', 'revoke', 'attach', 'detach', 'backup', 'restore', 'execute'].includes(
      tokens.word,
    )
  )
    throw new StoreError('ACCESS_DENIED', `The embedded store does not take ${tokens.word.toUpperCase()} statements`);
  throw new StoreError(
    'SYNTAX_ERROR',
    `Syntax error: failed at position ${tokens.start + 1} (${tokens.text.slice(tokens.start, tokens.end).slice(0, 60)})`,
  );
}

/** Everything but an INSERT with data: checked to its end, FORMAT and what follows it taken off. */
function readWhole(tokens: SqlTokens, start: number, verb: string): Statement {
  const clause = new FormatClause();
  let end = tokens.end;
  let previous = '';
  for (let going = tokens.kind !== 'end'; going; going = tokens.next()) {
    if (tokens.is(';')) {
      refuseSecondStatement(tokens);
      break;
    }
    checkToken(tokens, previous, verb);
    clause.see(tokens, previous);
    previous = tokens.kind === 'word' ? tokens.word : '';
    end = tokens.end;
  }
  const { text } = tokens;
  if (!clause.complete) return { verb, sql: text.slice(start, end), format: '', tail: '' };
  return {
    verb,
    sql: text.slice(start, clause.start).trimEnd(),
    format: clause.name,
    tail: text.slice(clause.end, end).trim(),
  };
}

/** Finds the `FORMAT x [SETTINGS …]` that ends a statement among columns that are called `format`. */
class FormatClause {
  start = 0;
  end = 0;
  name = '';
  #state: 'none' | 'word' | 'named' | 'settings' = 'none';
  #at = 0;

  get complete(): boolean {
    return this.#state === 'named' || this.#state === 'settings';
  }

  see(tokens: SqlTokens, previous: string): void {
    const word = tokens.kind === 'word' ? tokens.word : '';
    if (this.#state === 'word' && word !== '' && word !== 'desc' && word !== 'asc') {
      this.name = tokens.text.slice(tokens.start, tokens.end);
      [this.start, this.end, this.#state] = [this.#at, tokens.end, 'named'];
    } else if (this.#state === 'named') this.#state = word === 'settings' ? 'settings' : 'none';
    else if (this.#state === 'word') this.#state = 'none';
    if (word !== 'format' || previous === 'as' || this.complete) return;
    [this.#at, this.#state] = [tokens.start, 'word'];
  }
}

function refuseSecondStatement(tokens: SqlTokens): void {
  const at = tokens.start;
  while (tokens.next())
    if (!tokens.is(';'))
      throw new StoreError(
        'SYNTAX_ERROR',
        `Syntax error (Multi-statements are not allowed): failed at position ${at + 1} (end of query)`,
      );
}

/** @throws StoreError ACCESS_DENIED when the token reaches files, programs or engines outside of the store. */
function checkToken(tokens: SqlTokens, previous: string, verb: string): void {
  if (tokens.kind !== 'word' && tokens.kind !== 'quoted') return;
  const word = tokens.word;
  if (HOST_NAMES.has(word)) throw new StoreError('ACCESS_DENIED', `The embedded store does not offer ${word}`);
  if (verb !== 'CREATE' && verb !== 'ALTER' && verb !== 'DROP') return;
  if (KINDS_REFUSED.has(word) && ['CREATE', 'ALTER', 'DROP', 'REPLACE'].includes(previous.toUpperCase()))
    throw new StoreError('ACCESS_DENIED', `The embedded store does not take ${verb} ${word.toUpperCase()}`);
  if (word === 'named' && tokens.kind === 'word' && previous === verb.toLowerCase())
    throw new StoreError('ACCESS_DENIED', `The embedded store does not take ${verb} NAMED COLLECTION`);
  if (word === 'engine' && tokens.kind === 'word') checkEngine(tokens);
}

function checkEngine(tokens: SqlTokens): void {
  const ahead = new SqlTokens(tokens.text, tokens.end);
  ahead.next();
  if (ahead.is('=')) ahead.next();
  else if (ahead.kind !== 'word') return; // a column of that name
  if (!ENGINES.has(ahead.word))
    throw new StoreError('ACCESS_DENIED', `The embedded store does not offer the table engine ${ahead.word}`);
}

/** `INSERT INTO [TABLE] t [(columns)] [SETTINGS …] FORMAT x | VALUES | SELECT …`. */
function readInsert(tokens: SqlTokens, start: number): Statement {
  let settingsAt = -1;
  let depth = 0;
  let previous = '';
  while (tokens.next()) {
    if (tokens.is(';')) break;
    checkToken(tokens, previous, 'INSERT');
    if (tokens.is('(')) depth++;
    else if (tokens.is(')')) depth--;
    else if (depth === 0 && tokens.kind === 'word') {
      const word = tokens.word;
      if (word === 'function' && ['insert', 'into', 'table'].includes(previous))
        throw new StoreError('ACCESS_DENIED', 'The embedded store does not insert into table functions');
      // Right after INTO or TABLE a word is the table's name, whatever it says.
      const named = previous === 'into' || previous === 'table';
      if (!named && (word === 'select' || word === 'with')) break;
      if (!named && (word === 'format' || word === 'values')) return withData(tokens, start, settingsAt);
      if (!named && word === 'settings') settingsAt = tokens.start;
    }
    previous = tokens.kind === 'word' ? tokens.word : '';
  }
  // INSERT INTO t SELECT …, or a statement that the engine will refuse in its own words.
  const again = new SqlTokens(tokens.text, start);
  again.next();
  return readWhole(again, start, 'INSERT');
}

function withData(tokens: SqlTokens, start: number, settingsAt: number): Statement {
  const before = tokens.text.slice(start, settingsAt < 0 ? tokens.start : settingsAt).trimEnd();
  const settings = settingsAt < 0 ? '' : tokens.text.slice(settingsAt, tokens.start).trim();
  const values = tokens.word === 'values';
  if (!values) tokens.next();
  const format = values ? 'Values' : tokens.text.slice(tokens.start, tokens.end);
  if (!/^\w+$/.test(format)) throw new StoreError('SYNTAX_ERROR', `Syntax error: no format name after FORMAT`);
  const data = tokens.text.slice(tokens.end).replace(/^[ \t\f]*\r?\n?/, '');
  const inline = /^\s*;?\s*$/.test(data) ? '' : data;
  return { verb: 'INSERT', sql: before, format: '', tail: '', insert: { format, data: inline, settings } };
}

/**
 * Checks rows in Values format, which may hold expressions, as SQL.
 * @throws StoreError ACCESS_DENIED when they reach the host.
 */
export function checkValues(data: string): void {
  const tokens = new SqlTokens(data);
  while (tokens.next()) checkToken(tokens, '', 'INSERT');
}
