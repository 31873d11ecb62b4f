import { fork } from 'node:child_process';
import { once } from 'node:events';
import fc from 'fast-check';
import { Random } from '../../../demo/random.ts';
import { SqlTokens } from '../../../src/store/sql-tokens.ts';
import { BENIGN } from '../../sql/benign-queries.ts';
import { HOSTILE } from '../../sql/hostile-queries.ts';
import { must, type Target } from '../target.ts';

/** Statements of one input: they are parsed together, which is many times faster. */
const TOGETHER = 20;
const BETWEEN = '\n;;;\n';

/**
 * The gate before people's SQL. What it accepts is run on an engine that has no other protection (sql-process.ts): beside the tiny
 * tables that may be read there are a table and a file that may not, and a port that nobody may call.
 */
export function sqlGateTarget(): Target {
  const random = new Random('sql-gate', 'corpus');
  return {
    corpus: Array.from({ length: 60 }, () => Buffer.from(statements(random))),
    structured: fc.integer().map((seed) => Buffer.from(statements(new Random('sql-gate', seed)))),
    weight: 4,
    start: async () => {
      const engine = fork(new URL('../sql-process.ts', import.meta.url), {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const ended = new Promise<never>((_, fail) => engine.once('exit', (code, signal) => fail(new Error(`the engine ended with ${signal ?? code}`)))); // prettier-ignore
      ended.catch(() => undefined);
      await Promise.race([once(engine, 'message'), ended]);
      let accepted = 0;
      return {
        take: async (input) => {
          engine.send(
            input
              .toString()
              .split(BETWEEN)
              .slice(0, 2 * TOGETHER),
          );
          const [came] = (await Promise.race([once(engine, 'message'), ended])) as [
            { wrong: string; accepted: number },
          ];
          accepted += came.accepted;
          must(came.wrong === '', came.wrong);
        },
        stop: async () => {
          must(accepted > 0, 'the gate has accepted nothing');
          engine.disconnect();
          await once(engine, 'exit');
        },
      };
    },
  };
}

function statements(random: Random): string {
  return Array.from({ length: TOGETHER }, () => mutated(random)).join(BETWEEN);
}

/** A benign or hostile query with some of its words, and whole pieces, exchanged for those of others. */
function mutated(random: Random): string {
  let words = wordsOf(random.pick(random.chance(0.8) ? BENIGN : HOSTILE));
  for (let changes = random.int(1, 2); changes > 0 && words.length > 0; changes--) {
    const other = wordsOf(random.pick(random.chance(0.5) ? HOSTILE : BENIGN));
    const at = random.int(0, words.length - 1);
    const kind = random.int(0, 9);
    if (kind <= 2) words[at] = alike(words[at]!, other, random);
    else if (kind === 3) words[at] = ` ${random.pick(TEMPTING)}`;
    else if (kind === 4) words.splice(at, random.int(0, 1), ` ${random.pick(TEMPTING)}`);
    else if (kind === 5) words.splice(at, random.int(1, 3));
    else if (kind === 6) words.splice(at, 1, ' (', ...other, ')');
    else if (kind === 7) words = words.map((word) => (TABLE.test(word) && random.chance(0.7) ? ` ${random.pick(TEMPTING_TABLES)}` : word)); // prettier-ignore
    else if (kind === 8) words = words.map((word) => (TABLE.test(word) ? ` ${random.pick(TABLES)}` : word));
    else words = words.map((word, place) => (words[place + 1] === '(' && NAME.test(word) && random.chance(0.3) ? ` ${random.pick(TEMPTING_FUNCTIONS)}` : word)); // prettier-ignore
  }
  return words.join('').trim();
}

const NAME = /^ ?[a-z]\w*$/i;
const TABLE = /^ ?(?:events|findings|triage|diffusion|registry)$/;
const TABLES = ['events', 'findings', 'triage', 'diffusion', 'registry', 'posture', 'e', 'system', 'secret'];

/** Another word of the same kind, so that the whole can often still be read: a name, a number, a text, a sign. */
function alike(word: string, others: readonly string[], random: Random): string {
  const kindOf = (one: string): number =>
    [/^ ?[a-z_]/i, /^ ?\d/, /^ ?'/, /^ ?[`"]/].findIndex((kind) => kind.test(one));
  const same = others.filter((one) => kindOf(one) === kindOf(word));
  return same.length === 0 ? word : random.pick(same);
}

const TEMPTING_TABLES = ['secret.canary', '`secret`.`canary`', '"secret.canary"', 'canary', "file('/etc/passwd', LineAsString)", "url('http://127.0.0.1/', CSV)", "merge('secret', '.*')", 'view(SELECT * FROM secret.canary)', '(SELECT * FROM secret.canary)', "remote('127.0.0.1', secret.canary)", "`/etc/passwd`"]; // prettier-ignore
const TEMPTING_FUNCTIONS = ['file', 'FILE', '`file`', 'url', 'dictGet', 'joinGet', 'getSetting', 'hostName', 'sleep', 'in', 'globalIn', 'arrayReduce', 'CAST', 'view', 'merge', 'evalMLMethod']; // prettier-ignore
const TEMPTING = [...TEMPTING_TABLES, "file('/etc/passwd')", "arrayMap(file, ['/etc/passwd'])", "IN secret.canary", 'IN (SELECT text FROM secret.canary)', 'UNION ALL SELECT text FROM secret.canary', 'UNION ALL SELECT', 'SETTINGS readonly = 0', 'FORMAT TSV', "INTO OUTFILE '/tmp/x'", ';', ')', '(', '--', '/*', '*/', '$$', 'WITH secret AS (SELECT 1)', 'AS secret', 'APPLY(file)', '*', 'COLUMNS(\'.*\')', '::String', '->', '{account:String}', '{x:Identifier}', 'EXPLAIN', 'FINAL', 'SAMPLE 1', '@@version', '\u00a0', '\u2028', "''", '`a\nFunction file`', '\0', '\\']; // prettier-ignore

/** Each with a blank before it where there was one. */
function wordsOf(sql: string): string[] {
  const words: string[] = [];
  const tokens = new SqlTokens(sql.slice(0, 2_000));
  for (let end = 0; tokens.next(); end = tokens.end)
    words.push(`${tokens.start > end && end > 0 ? ' ' : ''}${tokens.text.slice(tokens.start, tokens.end)}`);
  return words;
}
