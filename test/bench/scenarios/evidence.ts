import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blockOf, marksOf } from '../../../src/evidence/block.ts';
import { leafOfFields } from '../../../src/evidence/canonical.ts';
import {
  hashOfSeal,
  keyIdOf,
  publicPemOf,
  signatureOf,
  signSeal,
  type Seal,
  type SignedSeal,
} from '../../../src/evidence/seal.ts';
import { verifyExport } from '../../../src/verifier/verify.ts';
import { storedEvent } from '../../evidence/memory-store.ts';
import { prepareExports, tryTampering } from '../../verifier/tampered-exports.ts';
import { SealedStore } from '../../integration/tampering/sealed-store.ts';
import { someTamperings, wholeTamperings } from '../../integration/tampering/tamper-rounds.ts';
import { peakRssMb, verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { withFolder } from '../material.ts';

export const scenarios: Scenario[] = [
  {
    id: 'verify',
    title: 'Verify an evidence export of events, two threads',
    unit: 'records/s',
    repeat: 3,
    run: verifyRate,
  },
  {
    id: 'tampering',
    title: 'Tamper with exports in 20 ways, and find and locate each',
    unit: 'tamperings/s',
    repeat: 1,
    group: 'tampering',
    run: (context) => tampering(context, ofExports),
  },
  {
    id: 'tampering-store',
    title: 'Tamper with the store, the audit trail and the log in any way, and find and locate each',
    unit: 'tamperings/s',
    repeat: 1,
    group: 'tampering',
    run: (context) => tampering(context, ofStore),
  },
];

/** Of exports, and as many of the store and the log. */
const TAMPERINGS = 5_000;
const BUSY_SEALS = 20;
const WHOLE_EVERY = 250;
const BLOCK = 10_000;
const FILES = 4;
const BLOCKS_OF_A_FILE = 5;

/** An export as the platform writes it: events as the bench of the store has them, about 600 bytes each. */
function verifyRate(context: BenchContext): Promise<Measured> {
  return withFolder(async (dir) => {
    const key = generateKeyPairSync('ed25519').privateKey;
    const records = writeExport(join(dir, 'export'), key, context);
    const [began, cpuBefore] = [performance.now(), process.cpuUsage()];
    const report = await verifyExport({ folder: join(dir, 'export'), key: publicPemOf(key), threads: 2 });
    const seconds = (performance.now() - began) / 1_000;
    const cpu = process.cpuUsage(cpuBefore);
    const cpuMicrosARecord = Math.round((100 * (cpu.user + cpu.system)) / records) / 100;
    verify(report.result === 'intact' && report.records === records, JSON.stringify(report.problems.slice(0, 3)));
    return {
      value: records / seconds,
      checked: `${records} records, intact`,
      details: { rssMb: peakRssMb(process.pid), cpuMicrosARecord },
    };
  });
}

type Key = ReturnType<typeof generateKeyPairSync>['privateKey'];

function writeExport(folder: string, key: Key, context: BenchContext): number {
  mkdirSync(folder, { recursive: true });
  const seals: SignedSeal[] = [];
  const files = [];
  let offset = 0;
  for (let file = 1; file <= FILES; file++) {
    const name = `records-${String(file).padStart(6, '0')}.ndjson`;
    const [lines, locators]: [string[], string[]] = [[], []];
    const first = seals.length + 1;
    for (let block = 0; block < BLOCKS_OF_A_FILE; block++, offset++) {
      const fields = Array.from({ length: BLOCK }, (_, index) => eventFields(offset, index));
      const leaves = fields.map((one, index) => ({
        place: `${offset}/${index}`,
        at: offset,
        hash: leafOfFields('sha256', one),
      }));
      const located = blockOf('sha256', { stream: 'events/0', from: offset, to: offset + 1 }, leaves);
      const before = seals.at(-1);
      const seal: Seal = {
        ...{
          wanglou: 'seal-1',
          chain: 'bench',
          number: seals.length + 1,
          time: offset,
          digest: 'sha256',
          key: keyIdOf(key),
        },
        ...{ previous: before ? hashOfSeal(before, 'sha256') : '', program: 'bench', access: 'full', notes: [] },
        ends: { 'events/0': { to: offset + 1, records: (offset + 1) * BLOCK } },
        blocks: [located.block],
      };
      seals.push(signSeal(seal, key));
      lines.push(JSON.stringify({ seal: seal.number, block: 0 }), ...fields.map((one) => JSON.stringify(one)));
      locators.push(JSON.stringify({ seal: seal.number, block: 0, marks: marksOf(leaves.map(({ hash }) => hash)).toString('base64') })); // prettier-ignore
    }
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
    writeFileSync(join(folder, name.replace('records', 'locators')), `${locators.join('\n')}\n`);
    files.push({ name, from: first, to: seals.length, records: BLOCKS_OF_A_FILE * BLOCK });
    context.progress(`${file} of ${FILES} files`);
  }
  writeFileSync(join(folder, 'seals.ndjson'), seals.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const named = (number: number): object => ({ number, hash: hashOfSeal(seals[number - 1]!, 'sha256') });
  const ends = { first: named(1), last: named(seals.length), head: named(seals.length) };
  const manifest = JSON.stringify({ wanglou: 'evidence-1', madeAt: offset, streams: ['events'], files, ...ends });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ manifest, signature: signatureOf(manifest, key) }));
  return FILES * BLOCKS_OF_A_FILE * BLOCK;
}

function eventFields(offset: number, index: number): string[] {
  const id = `00000000-0000-8000-8000-${String(offset * BLOCK + index).padStart(12, '0')}`;
  const [time, account] = [String(1_790_000_000_000 + index), `user${index % 500}`];
  const raw = `<134>1 2026-11-24T12:00:00Z app01 gateway 811 - - ${account} 查询 people.person where id = ${index} ${'x'.repeat(120)}`;
  const stated = {
    id,
    time,
    ingest_time: time,
    source: 'gateway',
    account,
    action: 'query',
    rows: String(index),
    message: raw.slice(40),
    raw,
  };
  return storedEvent(stated, [0, offset, index]).fields;
}

interface Tried {
  kind: string;
  detected: boolean;
  located: boolean;
  /** What was missed, for people. */
  what?: string;
}

async function* ofExports(): AsyncGenerator<Tried> {
  const prepared = await prepareExports();
  try {
    for (let seed = 0; seed < TAMPERINGS; seed++) {
      const { tampering: done, detected, located } = await tryTampering(seed, prepared);
      yield { kind: done.kind, detected, located };
    }
  } finally {
    prepared.remove();
  }
}

/** What is compared is a real store and a real log, by what runs in `serve`. */
async function* ofStore(): AsyncGenerator<Tried> {
  const store = new SealedStore();
  try {
    await store.start(BUSY_SEALS);
    const unharmed = await store.differences();
    verify(unharmed.length === 0, `differences before anything was done: ${JSON.stringify(unharmed)}`);
    for (let done = 0, round = 1; done < TAMPERINGS; round++) {
      for await (const one of wholeTamperings(store, round)) {
        yield one;
        done++;
      }
      const some = Math.min(WHOLE_EVERY, TAMPERINGS - done);
      for await (const one of someTamperings(store, some, round * 1_000)) {
        yield one;
        done++;
      }
    }
  } finally {
    await store.stop();
  }
}

async function tampering(context: BenchContext, tries: () => AsyncGenerator<Tried>): Promise<Measured> {
  const byKind = new Map<string, { tried: number; detected: number; located: number }>();
  const began = performance.now();
  let count = 0;
  for await (const { kind, detected, located, what = '' } of tries()) {
    const row = byKind.get(kind) ?? { tried: 0, detected: 0, located: 0 };
    byKind.set(kind, { tried: row.tried + 1, detected: row.detected + Number(detected), located: row.located + Number(located) }); // prettier-ignore
    if (!detected || !located) context.progress(`missed: ${kind} ${what}`);
    if (++count % 500 === 0) context.progress(`${count} tried`);
  }
  const seconds = (performance.now() - began) / 1_000;
  const rows = [...byKind].sort().map(([kind, { tried, detected, located }]) => [kind, `${tried} tried, ${detected} detected, ${located} located`] as const); // prettier-ignore
  for (const [kind, row] of rows) context.progress(`${kind}: ${row}`);
  const missed = [...byKind.values()].reduce((sum, { tried, located }) => sum + tried - located, 0);
  verify(missed === 0, `${missed} were not detected or not located`);
  return {
    value: count / seconds,
    checked: `${count} detected and located`,
    details: Object.fromEntries(rows),
  };
}
