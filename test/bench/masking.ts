import { parseArgs } from 'node:util';
import { Masker } from '../../src/access/masking/masker.ts';
import { DataSubjects } from '../../src/event/data-subjects.ts';
import { emptyEvent } from '../../src/event/event.ts';
import { impersonalLines, labelledLines, tallied, type Labelled } from '../access/masking/corpus.ts';
import { VALUE_KINDS } from '../access/masking/values.ts';
import { finding } from '../feed/samples.ts';

/**
 * `node test/bench/masking.ts [--seed 1] [--per-kind 2000]`: recall and precision by kind on labelled lines, what is missed on
 * request, and what masking costs: MB/s of lines, ms for an answer of 1 MB, µs for a finding.
 */
const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    'per-kind': { type: 'string', default: '2000' },
    missed: { type: 'boolean', default: false },
  },
});
const seed = Number(options.seed);
const perKind = Number(options['per-kind']);
const subjects = new DataSubjects('a key of at least thirty-two characters');
const fresh = (): Masker => new Masker({ hashOf: (plain) => subjects.hashOf(plain).slice(3) });
const lines = [...labelledLines(seed, perKind), ...impersonalLines(seed, 3 * perKind)];

const masker = fresh();
const missed: Labelled[] = [];
const tallies = tallied(
  lines,
  (text) => ({ text: masker.text(text), spans: masker.spans(text) }),
  (line) => missed.push(line),
);
console.log(
  `seed ${seed}, ${lines.length} lines\n\n| kind | values | recall % | masked | precision % |\n| --- | --: | --: | --: | --: |`,
);
for (const kind of VALUE_KINDS) {
  const { values, masked, spans, wrong } = tallies.get(kind)!;
  console.log(`| ${kind} | ${values} | ${percent(masked / values)} | ${spans} | ${percent(1 - wrong / spans)} |`);
}
if (options.missed) for (const { text } of missed) console.log(`${text}\n  ${masker.text(text)}`);

const texts = lines.map(({ text }) => text);
const events = texts
  .slice(0, 1_000)
  .map((raw) => ({ ...emptyEvent(), id: '00000000-0000-8000-8000-000000000001', raw, message: raw }));
const answer = { events, next: '' };
const bytes = Buffer.byteLength(texts.join(''));
console.log(
  `\nlines: ${(bytes / 1e6 / (medianMs((one) => texts.map((text) => one.text(text))) / 1e3)).toFixed(1)} MB/s`,
);
const answerMb = Buffer.byteLength(JSON.stringify(answer)) / 1e6;
console.log(`answer: ${(medianMs((one) => one.data(answer)) / answerMb).toFixed(1)} ms a MB`);
const explained = finding('bulk-read', { explanation: { zh: '张三 读取 5000 行', en: 'zhangsan read 5,000 rows' } });
const found = Array.from({ length: 1_000 }, (_, at) => ({ ...explained, id: String(at), actor: `actor${at}` }));
console.log(`finding: ${medianMs((one) => one.data(found)).toFixed(1)} µs each`);

/** Of the processor, not of the clock; each round with a masker that has seen nothing. */
function medianMs(work: (masker: Masker) => unknown): number {
  const took = Array.from({ length: 9 }, () => {
    const one = fresh();
    const before = process.cpuUsage();
    work(one);
    return process.cpuUsage(before).user / 1e3;
  });
  return took.sort((a, b) => a - b)[4]!;
}

function percent(share: number): string {
  return (100 * share).toFixed(2);
}
