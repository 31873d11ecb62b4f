import fc from 'fast-check';

/** One damage: which kind, where (in 1/65,536 of the length), and with what. */
type Change = readonly [kind: number, place: number, amount: number];

export const MAX_INPUT_BYTES = 131_072;

/** What breaks readers: bytes, characters, numbers and names that are special to somebody. */
const TOKENS: readonly Buffer[] = [
  ...['00', '0000000000', 'ff', 'fffe', 'feff', 'c0af', 'e28080af', 'f8888080af', 'e282', 'eda080', 'f4908080'],
  ...['b5c7c2bcb3c9b9a6', 'a1a1', '8130813081', 'efbbbf', '1b5b324a', '1b5d303b07', 'e280ae', 'e280a8', 'f09f98bd'],
]
  .map((hex) => Buffer.from(hex, 'hex'))
  .concat(
    [
      ...['__proto__', '"__proto__":{"polluted":1},', '"constructor":{"prototype":{"polluted":1}},', 'toString'],
      ...['1e999', '-0', '-1', 'NaN', '0x7fffffff', '2147483648', '9007199254740993', '9'.repeat(400), '0'.repeat(99)],
      ...[
        '\r\n',
        '\n',
        '\n\n',
        '\t',
        ' ',
        ' '.repeat(2_000),
        '"',
        '"'.repeat(99),
        "'",
        '\\',
        '\\'.repeat(1_001),
        '\\u0000',
      ],
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '=',
        ';',
        '|',
        '<',
        '>',
        '&a ',
        '*a ',
        '!!js/function ',
        '<<: ',
        '- ',
        '? ',
        '%',
      ],
      ...['%00', '%n%n%s', '%c0%ae', '../../../../etc/passwd', '${jndi:ldap://192.0.2.1/a}', "' OR 1=1 --", '<script>'],
      ...[
        '2026-02-30T25:61:61',
        'Feb 30',
        '99999',
        '+99:99',
        'a'.repeat(5_000),
        '望'.repeat(700),
        '١٢٣',
        '１２３',
        '\ufeff',
      ],
      ...['::ffff:192.0.2.1', '999.999.999.999', '[::]', 'fe80::1%eth0', 'null', 'true', '{}', '[]', '""'],
    ].map((text) => Buffer.from(text)),
  );

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', 'length', '0', 'then'];
const NUMBERS = ['0', '-1', '2147483648', '4294967296', '9007199254740993', '1e309', '9'.repeat(60), '00', '1.5'];

const KINDS: readonly ((input: Buffer, at: number, amount: number, corpus: readonly Buffer[]) => Buffer)[] = [
  flipBit,
  (input, at, amount) => joined(input, at, at + 1, Buffer.from([amount & 0xff])),
  (input, at, amount) => joined(input, at, at, TOKENS[amount % TOKENS.length]!.subarray(0, mostlySmall(amount, 5_000))),
  (input, at, amount) => joined(input, at, at + 1 + (amount % 64), Buffer.alloc(0)),
  repeatPart,
  (input, at) => input.subarray(0, at),
  splice,
  (input, at, amount) => replaceNext(input, at, isDigit, Buffer.from(NUMBERS[amount % NUMBERS.length]!)),
  (input, at, amount) => replaceNext(input, at, isWord, Buffer.from(NAMES[amount % NAMES.length]!)),
  nest,
  writeLength,
];

/** Inputs of a corpus with up to six damages each. Shrinks to fewer damages, then to earlier and simpler ones. */
export function damagedInputs(corpus: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const change = fc.tuple(fc.nat(KINDS.length - 1), fc.nat(65_535), fc.nat(0x7fff_ffff));
  return fc
    .tuple(fc.nat(corpus.length - 1), fc.array(change, { maxLength: 6, size: 'max' }))
    .map(([base, changes]) => damaged(corpus[base]!, changes, corpus));
}

function damaged(whole: Buffer, changes: readonly Change[], corpus: readonly Buffer[]): Buffer {
  let input = whole;
  for (const [kind, place, amount] of changes) {
    const at = Math.floor((place / 65_536) * (input.length + 1));
    input = KINDS[kind]!(input, at, amount, corpus).subarray(0, MAX_INPUT_BYTES);
  }
  return input;
}

/** 1 to `most`, but a twentieth of that in 15 of 16 cases: large inputs are slow, and most faults need none. */
function mostlySmall(amount: number, most: number): number {
  const range = ((amount >> 4) & 15) === 0 ? most : Math.ceil(most / 20);
  return 1 + ((amount >> 8) % range);
}

/** `input` with [from, to) replaced. */
function joined(input: Buffer, from: number, to: number, by: Buffer): Buffer {
  return Buffer.concat([input.subarray(0, from), by, input.subarray(to)]);
}

function flipBit(input: Buffer, at: number, amount: number): Buffer {
  const copy = Buffer.from(input);
  if (at < copy.length) copy[at]! ^= 1 << (amount & 7);
  return copy;
}

function repeatPart(input: Buffer, at: number, amount: number): Buffer {
  const part = input.subarray(at, at + 1 + (amount % 97));
  const times = Math.min(mostlySmall(amount, 300), Math.floor(20_000 / (part.length + 1)));
  return Buffer.concat([input.subarray(0, at), ...Array.from({ length: times }, () => part), input.subarray(at)]);
}

function splice(input: Buffer, at: number, amount: number, corpus: readonly Buffer[]): Buffer {
  const other = corpus[amount % corpus.length]!;
  return Buffer.concat([input.subarray(0, at), other.subarray((amount >> 8) % (other.length + 1))]);
}

function nest(input: Buffer, at: number, amount: number): Buffer {
  const opener = ['[', '{"a":', '(', '<', '- ', '{'][amount % 6]!;
  return joined(input, at, at, Buffer.from(opener.repeat(mostlySmall(amount, 5_000))));
}

/** A length or count as binary formats have them, in 1 to 4 bytes. */
function writeLength(input: Buffer, at: number, amount: number): Buffer {
  const width = 1 + (amount & 3);
  const copy = Buffer.from(input);
  const value = [amount, 0, 0xffff_ffff, 0x7fff_ffff, copy.length][(amount >> 2) % 5]!;
  for (let i = 0; i < width && at + i < copy.length; i++) copy[at + i] = (value >>> (8 * i)) & 0xff;
  return copy;
}

function replaceNext(input: Buffer, at: number, is: (byte: number) => boolean, by: Buffer): Buffer {
  let from = at;
  while (from < input.length && !is(input[from]!)) from++;
  let to = from;
  while (to < input.length && is(input[to]!)) to++;
  return joined(input, from, to, by);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isWord(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f;
}
