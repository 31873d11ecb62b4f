import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verifyProof } from './proof.ts';
import { Unusable, verifyExport } from './verify.ts';
import { reportText, wordsOf, type Language } from './words.ts';

/**
 * The command line of the verifier, which runs by itself: `node src/verifier/main.ts <folder> --key <file>`. It shares no
 * code with what it checks and needs nothing but Node.js 24. Ends with 0: intact, 1: tampered with, 2: can not be verified.
 */
const USAGE = `verify <folder of an evidence export> [--key public-key.pem] [--outside seals.ndjson]
verify --proof <file> [--key public-key.pem]
  --key      public key that came by another way than the export
  --outside  seals that were pushed outside: shows a chain that was rolled back or rewritten
  --proof    an inclusion proof of a single record, instead of a folder
  --json     the report as JSON
  --lang     zh or en
  --threads  how many threads work
  --help     this text`;

const OPTIONS = {
  key: { type: 'string' },
  outside: { type: 'string' },
  proof: { type: 'string' },
  lang: { type: 'string' },
  threads: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** @returns the exit code. */
export async function verifyCommand(args: readonly string[], print: Printing): Promise<0 | 1 | 2> {
  const language = languageOf(args, print.locale);
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    if (values.help === true) {
      print.out(USAGE);
      return 0;
    }
    const key = values.key === undefined ? undefined : readFileSync(values.key, 'utf8');
    if (values.proof !== undefined) return proof(values.proof, key, values.json === true, language, print);
    const [folder] = positionals;
    if (folder === undefined || positionals.length > 1) throw new Unusable(USAGE);
    const { outside, threads } = values;
    const report = await verifyExport({
      folder,
      ...(key !== undefined && { key }),
      ...(outside !== undefined && { outside }),
      ...(threads !== undefined && { threads: Math.max(1, Number(threads) || 1) }),
      onProgress: (records) => print.progress(`${records} ${wordsOf(language).records}`),
    });
    print.out(values.json === true ? JSON.stringify(report, null, 2) : reportText(report, language));
    return report.result === 'intact' ? 0 : 1;
  } catch (error) {
    print.error(`${wordsOf(language).unusable}${error instanceof Unusable ? error.what : (error as Error).message}`);
    return 2;
  }
}

export interface Printing {
  out(text: string): void;
  error(text: string): void;
  progress(text: string): void;
  /** As LANG has it. */
  locale: string;
}

function proof(path: string, key: string | undefined, json: boolean, language: Language, print: Printing): 0 | 1 {
  const report = verifyProof(readFileSync(path, 'utf8'), key);
  const words = wordsOf(language);
  const text = [
    report.result === 'intact' ? words.proven : `${words.disproven} (${report.why})`,
    `${words.seal} ${report.seal}, ${report.stream}, ${new Date(report.time).toISOString()}, ${words.leaf} ${report.leaf}`,
    ...(report.isKeyGiven ? [] : [words.ownKey]),
    ...(report.access === 'trial' ? [words.trial] : []),
  ];
  print.out(json ? JSON.stringify(report, null, 2) : text.join('\n'));
  return report.result === 'intact' ? 0 : 1;
}

function languageOf(args: readonly string[], locale: string): Language {
  const stated = args[args.indexOf('--lang') + 1];
  if (args.includes('--lang') && (stated === 'zh' || stated === 'en')) return stated;
  return locale.startsWith('zh') ? 'zh' : 'en';
}

export async function runVerifier(args: readonly string[]): Promise<void> {
  process.exitCode = await verifyCommand(args, {
    out: (text) => process.stdout.write(`${text}\n`),
    error: (text) => process.stderr.write(`${text}\n`),
    progress: (text) => process.stderr.write(process.stderr.isTTY ? `\r${text} ` : ''),
    locale: Intl.DateTimeFormat().resolvedOptions().locale,
  });
}

if (import.meta.main) await runVerifier(process.argv.slice(2));
