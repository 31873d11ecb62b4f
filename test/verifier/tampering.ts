import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSeal, signatureOf, signSeal, type Seal, type SignedSeal } from '../../src/evidence/seal.ts';
import type { Kind } from '../../src/verifier/problem.ts';

/** Numbers from 0 on below a bound, the same for the same seed. */
export type Draw = (below: number) => number;

export function seeded(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** An evidence export in memory: its files by name. */
export type Files = Map<string, string>;

const NAMES = [
  'manifest.json',
  'seals.ndjson',
  'records-000001.ndjson',
  'locators-000001.ndjson',
  'later-seals.ndjson',
  'key-changes.ndjson',
  'public-key.pem',
];
const RECORDS = 'records-000001.ndjson';
const SEALS = 'seals.ndjson';

export function readFiles(folder: string): Files {
  return new Map(NAMES.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

export function writeFiles(folder: string, files: Files): void {
  for (const name of NAMES) {
    const content = files.get(name);
    if (content === undefined) rmSync(join(folder, name), { force: true });
    else writeFileSync(join(folder, name), content);
  }
}

/** What was done, and what a verifier has to say about it. */
export interface Tampering {
  kind: string;
  files: Files;
  /** One of these kinds of problem must be found … */
  finds: readonly Kind[];
  /** … and it must be there: seal and, for records, their number in the block. */
  seal?: number;
  record?: number;
}

interface RecordLine {
  line: number;
  seal: number;
  record: number;
}

/** Where each record stands in its file. */
function recordsOf(lines: readonly string[]): RecordLine[] {
  const found: RecordLine[] = [];
  let [seal, record] = [0, 0];
  lines.forEach((line, n) => {
    if (line.startsWith('{')) [seal, record] = [(JSON.parse(line) as { seal: number }).seal, 0];
    else if (line !== '') found.push({ line: n, seal, record: record++ });
  });
  return found;
}

/** What a forger has at hand. */
export interface Materials {
  /** An export of another platform. */
  other: Files;
  /** An earlier export of the same. */
  older: Files;
  /** A key of their own. */
  key: KeyObject;
}

type Tamper = (files: Files, draw: Draw, materials: Materials) => Omit<Tampering, 'kind' | 'files'>;

function onLines(files: Files, name: string, change: (lines: string[]) => string[]): void {
  const lines = files.get(name)!.trimEnd().split('\n');
  files.set(name, change(lines).map((line) => `${line}\n`).join('')); // prettier-ignore
}

function pick(files: Files, draw: Draw): RecordLine {
  const records = recordsOf(files.get(RECORDS)!.split('\n'));
  return records[draw(records.length)]!;
}

function sealsIn(files: Files): SignedSeal[] {
  return files.get(SEALS)!.trimEnd().split('\n').map((line) => JSON.parse(line) as SignedSeal); // prettier-ignore
}

function putSeals(files: Files, seals: readonly SignedSeal[]): void {
  files.set(SEALS, seals.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

/** Every way to tamper with an export: each changes something, whatever is drawn. */
export const TAMPERINGS: Readonly<Record<string, Tamper>> = {
  'change a field': (files, draw) => {
    const { line, seal, record } = pick(files, draw);
    onLines(files, RECORDS, (lines) => {
      const fields = JSON.parse(lines[line]!) as string[];
      const field = 1 + draw(fields.length - 1);
      const text = fields[field]!;
      const at = draw(text.length + 1);
      // One character more, less, or another.
      const ways = [`${text.slice(0, at)}x${text.slice(at)}`, text.slice(0, -1), `${text.slice(0, -1)}\u00e9`];
      const changed = ways[draw(ways.length)]!;
      fields[field] = changed === text ? `${text}x` : changed;
      return lines.with(line, JSON.stringify(fields));
    });
    return { finds: ['record-changed'], seal, record };
  },
  'move text from one field to the next': (files, draw) => {
    const { line, seal, record } = pick(files, draw);
    onLines(files, RECORDS, (lines) => {
      const fields = JSON.parse(lines[line]!) as string[];
      const full = fields.findIndex((field, n) => n > 0 && field !== '' && n + 1 < fields.length);
      fields[full + 1] = fields[full]!.slice(-1) + fields[full + 1]!;
      fields[full] = fields[full]!.slice(0, -1);
      return lines.with(line, JSON.stringify(fields));
    });
    return { finds: ['record-changed'], seal, record };
  },
  'remove a record': (files, draw) => {
    const { line, seal, record } = pick(files, draw);
    onLines(files, RECORDS, (lines) => lines.toSpliced(line, 1));
    return { finds: ['record-removed'], seal, record };
  },
  'insert a record': (files, draw) => {
    const { line, seal, record } = pick(files, draw);
    onLines(files, RECORDS, (lines) => {
      const fields = JSON.parse(lines[line]!) as string[];
      return lines.toSpliced(line, 0, JSON.stringify(fields.with(3, `forged ${draw(1_000_000)}`)));
    });
    return { finds: ['record-inserted'], seal, record };
  },
  'insert a copy': (files, draw) => {
    const { line, seal } = pick(files, draw);
    onLines(files, RECORDS, (lines) => lines.toSpliced(line, 0, lines[line]!));
    return { finds: ['record-inserted'], seal };
  },
  'swap two records': (files, draw) => {
    const records = recordsOf(files.get(RECORDS)!.split('\n'));
    const one = records[draw(records.length)]!;
    const others = records.filter(({ seal, line }) => seal === one.seal && line !== one.line);
    const other = others[draw(others.length)]!;
    onLines(files, RECORDS, (lines) => lines.with(one.line, lines[other.line]!).with(other.line, lines[one.line]!));
    return { finds: ['record-moved', 'record-changed', 'record-removed'], seal: one.seal };
  },
  'cut the records short': (files, draw) => {
    const text = files.get(RECORDS)!;
    const { line } = pick(files, draw);
    const kept = text.split('\n').slice(0, line).join('\n').length;
    const at = kept + draw(text.length - kept - 2);
    files.set(RECORDS, Buffer.from(text).subarray(0, Buffer.byteLength(text.slice(0, at))).toString()); // prettier-ignore
    return { finds: ['record-removed', 'record-changed', 'block-removed'] };
  },
  'remove a block': (files, draw) => {
    const { seal } = pick(files, draw);
    onLines(files, RECORDS, (lines) => {
      let inside = false;
      return lines.filter((line) => {
        if (line.startsWith('{')) inside = (JSON.parse(line) as { seal: number }).seal === seal;
        return !inside;
      });
    });
    return { finds: ['block-removed'], seal };
  },
  'flip a bit of a record': (files, draw) => {
    const { line, seal } = pick(files, draw);
    onLines(files, RECORDS, (lines) => {
      const text = lines[line]!;
      // Letters and digits only: to write a blank between two fields in another way changes no record.
      let at = 25 + draw(text.length - 26);
      while (!/[0-9a-z]/.test(text[at]!)) at--;
      const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << draw(5)));
      return lines.with(line, text.slice(0, at) + flipped + text.slice(at + 1));
    });
    return { finds: ['record-changed'], seal };
  },
  'change a seal': (files, draw) => {
    const seals = sealsIn(files);
    const at = draw(seals.length);
    const seal = readSeal(seals[at]!);
    const ways: Partial<Seal>[] = [
      { time: seal.time + 1 },
      { access: 'full' },
      { number: seal.number + 1 },
      { blocks: seal.blocks.map((block) => ({ ...block, root: block.locator })), program: '0.2.0' },
      { notes: [{ kind: 'expired', stream: 'events', before: Date.UTC(2030, 0, 1), days: 400 }] },
      { previous: '0'.repeat(64) },
    ];
    const sealed = JSON.stringify({ ...seal, ...ways[draw(ways.length)] });
    putSeals(files, seals.with(at, { ...seals[at]!, sealed }));
    return { finds: ['seal-changed'] };
  },
  'change a signature': (files, draw) => {
    const seals = sealsIn(files);
    const at = draw(seals.length);
    const bytes = Buffer.from(seals[at]!.signature, 'base64');
    bytes[draw(bytes.length)]! ^= 1 << draw(8);
    putSeals(files, seals.with(at, { ...seals[at]!, signature: bytes.toString('base64') }));
    return { finds: ['seal-changed'], seal: readSeal(seals[at]!).number };
  },
  'remove a seal': (files, draw) => {
    const seals = sealsIn(files);
    const at = draw(seals.length);
    putSeals(files, seals.toSpliced(at, 1));
    return { finds: ['seal-removed'] };
  },
  'swap two seals': (files, draw) => {
    const seals = sealsIn(files);
    const at = draw(seals.length - 1);
    putSeals(files, seals.with(at, seals[at + 1]!).with(at + 1, seals[at]!));
    return { finds: ['seal-removed', 'seal-inserted'] };
  },
  'cut the seals short': (files, draw) => {
    const seals = sealsIn(files);
    putSeals(files, seals.slice(0, 1 + draw(seals.length - 1)));
    return { finds: ['seal-removed'] };
  },
  'sign a changed seal with another key': (files, draw, { key }) => {
    const seals = sealsIn(files);
    const at = draw(seals.length);
    const seal = readSeal(seals[at]!);
    putSeals(files, seals.with(at, signSeal({ ...seal, time: seal.time + draw(1_000) + 1 }, key)));
    return { finds: ['seal-changed', 'seal-forged'] };
  },
  'splice the records of another export': (files, _draw, { other }) => {
    files.set(RECORDS, other.get(RECORDS)!);
    return { finds: ['record-changed', 'record-inserted', 'record-removed', 'block-removed', 'block-changed'] };
  },
  'splice the seals of another export': (files, draw, { other }) => {
    const [ours, theirs] = [sealsIn(files), sealsIn(other)];
    const at = 1 + draw(Math.min(ours.length, theirs.length) - 1);
    putSeals(files, [...ours.slice(0, at), ...theirs.slice(at)]);
    return { finds: ['seal-forged', 'seal-changed', 'seal-unlinked', 'seal-removed'] };
  },
  'forge the manifest': (files, draw, { key }) => {
    const { manifest, signature } = JSON.parse(files.get('manifest.json')!) as { manifest: string; signature: string };
    const said = JSON.parse(manifest) as Record<string, unknown>;
    const ways = [{ streams: ['audit'] }, { by: 'nobody' }, { last: said['first'] }, { madeAt: 1 }, { records: 0 }];
    const forged = JSON.stringify({ ...said, ...ways[draw(ways.length)] });
    const signed = { manifest: forged, signature: draw(2) === 0 ? signature : signatureOf(forged, key) };
    files.set('manifest.json', JSON.stringify(signed));
    return { finds: ['manifest-forged'] };
  },
  'roll the whole export back': (files, _draw, { older }) => {
    for (const [name, content] of older) files.set(name, content);
    return { finds: ['rolled-back'] };
  },
};

export function strangerKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

/** Tampers with an export in the way and at the place that the seed says. */
export function tamper(seed: number, export_: Files, materials: Materials): Tampering {
  const kinds = Object.keys(TAMPERINGS);
  const kind = kinds[seed % kinds.length]!;
  const files = new Map(export_);
  return { kind, files, ...TAMPERINGS[kind]!(files, seeded(seed), materials) };
}
