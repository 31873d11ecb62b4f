import { FramedRecords } from '../../../src/collectors/framed-records.ts';
import { RecordDecoder } from '../../../src/collectors/charset.ts';
import type { IntakeStream, Origin } from '../../../src/collectors/collector.ts';
import { FileLines } from '../../../src/collectors/file-lines.ts';
import { must, type Target } from '../target.ts';
import { logLines } from './corpora.ts';

const MAX_RECORD_BYTES = 2_048;
const ORIGIN: Origin = {
  ...{ collector: 'syslog-tcp', source: 'tcp/192.0.2.1', authenticated: false, peer: '192.0.2.1', format: '' },
  ...{ timeZone: 'Asia/Shanghai', encoding: 'gb18030' },
};

/** Syslog over TCP: counted frames and lines, in pieces that depend on the bytes, with pauses between some. */
export function framingTarget(): Target {
  const lines = logLines().slice(0, 200);
  const counted = (line: Buffer): Buffer => Buffer.concat([Buffer.from(`${line.length} `), line]);
  const corpus = lines.flatMap((line, n) => {
    const next = lines[(n + 1) % lines.length]!;
    return [
      Buffer.concat([line, Buffer.from('\n'), next, Buffer.from('\r\n')]),
      Buffer.concat([counted(line), counted(next)]),
      Buffer.concat([line, Buffer.from('\0'), counted(next), line]),
    ];
  });
  return {
    corpus,
    start: () => ({
      take(input) {
        let bytes = 0;
        const stream: IntakeStream = {
          accept(record) {
            bytes += record.length;
            must(record.length <= MAX_RECORD_BYTES, `a record of ${record.length} characters came out`);
            return '';
          },
          held: () => 0,
          end: () => undefined,
        };
        const records = new FramedRecords(ORIGIN, stream, MAX_RECORD_BYTES);
        pieces(input, (piece, n) => {
          records.push(piece);
          if (n % 7 === 6) records.settle();
        });
        records.end((input[0] ?? 0) % 2 === 0);
        must(bytes <= input.length, 'more came out than went in');
      },
    }),
  };
}

/** Lines of a followed file. */
export function fileLinesTarget(): Target {
  return {
    corpus: logLines().map((line) => Buffer.concat([line, Buffer.from('\n'), line])),
    start: () => ({
      take(input) {
        let last = -1;
        const lines = new FileLines(MAX_RECORD_BYTES, 0, (bytes, start, end, offset) => {
          must(offset > last && end <= bytes.length && start <= end, 'a line is not where it was');
          last = offset;
        });
        pieces(input, (piece) => lines.push(piece));
        lines.end();
        must(lines.offset === input.length, 'not all was read');
      },
    }),
  };
}

/** Bytes to text: nothing throws, and what is UTF-8 stays as it is. */
export function charsetTarget(): Target {
  return {
    corpus: [...logLines(), Buffer.from('b5c7c2bcb3c9b9a6208130813081', 'hex'), Buffer.from('望楼 登录成功')],
    start() {
      const decoders = [new RecordDecoder('utf-8'), new RecordDecoder('gb18030')];
      return {
        take(input) {
          for (const decoder of decoders) {
            const { text, encoding } = decoder.decode(input);
            must(encoding !== '' || Buffer.from(text).equals(input), 'UTF-8 did not stay as it was');
          }
        },
      };
    },
  };
}

/** Cuts the input into pieces whose lengths its own bytes say. */
function pieces(input: Buffer, take: (piece: Buffer, n: number) => void): void {
  let n = 0;
  for (let at = 0; at < input.length; n++) {
    const length = 1 + input[at]! * (1 + (n % 5) * 17);
    take(input.subarray(at, at + length), n);
    at += length;
  }
}
