import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fuzz, shown, type FuzzOutcome } from './fuzz.ts';
import { PortRange } from './fuzz-ports.ts';
import { PORTS } from './ports.ts';
import { TARGETS } from './targets/index.ts';

/** `npm run fuzz [-- --inputs 1000000 --seed 7 --only name,name --path 12:3]`: see README.md. */
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(randomInt(0x7fff_ffff)) },
    only: { type: 'string', default: '' },
    path: { type: 'string', default: '' },
  },
});
const inputs = Number(values.inputs);
const seed = Number(values.seed);
const known = [...Object.keys(TARGETS), ...Object.keys(PORTS)];
const wanted = values.only === '' ? known : values.only.split(',');
const unknown = wanted.find((name) => !known.includes(name));
if (unknown !== undefined || !(inputs > 0) || !Number.isInteger(seed)) {
  console.error(
    `${unknown === undefined ? 'inputs and seed are whole numbers' : `nothing is called ${unknown}`}; there are:`,
  );
  console.error(known.join(' '));
  process.exit(1);
}

console.log(`${inputs.toLocaleString('en')} inputs each, seed ${seed}`);
let faults = 0;
for (const name of wanted.filter((one) => Object.hasOwn(TARGETS, one)))
  await tell(name, (onProgress) => fuzz(name, { inputs, seed, path: values.path, onProgress }));
const ports = wanted.filter((one) => Object.hasOwn(PORTS, one));
if (ports.length > 0) await fuzzPorts(ports);
process.exitCode = faults === 0 ? 0 : 1;

/** All on one platform, which has to have stood all of it in the end. */
async function fuzzPorts(names: readonly string[]): Promise<void> {
  const range = await PortRange.start();
  for (const name of names) await tell(name, (onProgress) => range.fuzz(name, { inputs, seed, onProgress }));
  const wrong = await range.stop();
  if (wrong !== '') faults++;
  console.log(
    wrong === '' ? 'all lines of the sender beside are stored; the programs are the same' : `FAULT: ${wrong}`,
  );
}

async function tell(name: string, run: (onProgress: (taken: number) => void) => Promise<FuzzOutcome>): Promise<void> {
  const startedAt = performance.now();
  const outcome = await run((taken) => progress(`${name} ${taken.toLocaleString('en')}`));
  progress('');
  const seconds = (performance.now() - startedAt) / 1_000;
  if (!outcome.ok) faults++;
  console.log(outcome.ok ? passedLine(name, outcome, seconds) : failureText(name, outcome));
}

/** On a terminal alone: a line that is written over. */
function progress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text}`);
}

function passedLine(name: string, outcome: FuzzOutcome & { ok: true }, seconds: number): string {
  const { inputs: taken, slowestMs, growthBytes } = outcome;
  const facts = [
    `${taken.toLocaleString('en').padStart(9)} inputs`,
    `${seconds.toFixed(0).padStart(5)} s`,
    `slowest ${slowestMs.toFixed(0).padStart(4)} ms`,
    `memory ${growthBytes < 0 ? '-' : '+'}${(Math.abs(growthBytes) / 1e6).toFixed(1)} MB`,
  ];
  return `${name.padEnd(24)} ${facts.join('   ')}`;
}

function failureText(name: string, { error, input, command }: FuzzOutcome & { ok: false }): string {
  return [
    `${name}: FAULT: ${error}`,
    `  input: ${shown(input)}`,
    `  base64: ${input.toString('base64').slice(0, 4_000)}`,
    `  again: ${command}`,
  ].join('\n');
}
