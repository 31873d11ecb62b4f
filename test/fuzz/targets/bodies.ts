import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { readRecords } from '../../../src/collectors/body-records.ts';
import { bulk } from '../../../src/collectors/elastic-bulk.ts';
import { BodyBudget, readBody } from '../../../src/collectors/http-body.ts';
import { topLevelId } from '../../../src/collectors/json-scan.ts';
import { decompressSnappy } from '../../../src/collectors/snappy.ts';
import { WanglouError } from '../../../src/errors.ts';
import { identify, intakeOn, MemoryLog } from '../../collectors/doubles.ts';
import { jsonObjects } from '../json-inputs.ts';
import { must, refusing, refusingAsync, type Target } from '../target.ts';
import { logLines, ownJson } from './corpora.ts';

const TYPES = ['application/json', 'application/x-ndjson', 'text/plain', '', 'application/vnd.api+json'];
const isRefusal = (error: unknown): boolean => error instanceof WanglouError;

/** A body of `POST /ingest`, under every content type. */
export function ingestBodyTarget(): Target {
  const json = ownJson();
  const corpus = [
    json.join('\n'),
    `[${json.join(', ')}]`,
    json.join(' '),
    JSON.stringify(JSON.parse(json[0]!), undefined, 2),
    `["a line", "another \\u4e2d"]`,
    ...logLines().slice(0, 50).map(String),
  ].map((text) => Buffer.from(text));
  return {
    corpus,
    structured: jsonObjects(['id', 'message', 'time']),
    start: () => ({
      take(input) {
        for (const type of TYPES) {
          let characters = 0;
          const broken = readRecords(input, type, (text) => {
            characters += text.length;
            topLevelId(text);
          });
          must(characters <= input.length, 'more came out than went in');
          must(broken === undefined || broken.byteOffset >= 0, 'a fault without a place');
        }
      },
    }),
  };
}

/** A `_bulk` body, answered by a response that goes nowhere. */
export function bulkBodyTarget(): Target {
  const document = ownJson()[0]!;
  const corpus = [
    `{"index":{"_index":"logs","_id":"1"}}\n${document}\n{"create":{}}\n${document}\n`,
    `{"delete":{"_index":"logs","_id":"1"}}\n{"update":{"_id":"2"}}\n{"doc":{}}\n\n{"index":{}}\n${document}\n`,
  ].map((text) => Buffer.from(text));
  return {
    corpus,
    structured: jsonObjects(['index', 'create', '_index', '_id', 'delete', 'update']),
    start() {
      const socket = new Socket();
      let log = new MemoryLog();
      let intake = intakeOn(log);
      let taken = 0;
      return {
        async take(input) {
          if (++taken % 1_000 === 0) intake = intakeOn((log = new MemoryLog()));
          const request = new IncomingMessage(socket);
          const response = new ServerResponse(request);
          await refusingAsync(isRefusal, async () => {
            await bulk(intake, originOf('bulk'), request, response, input, 'logs');
            must(response.statusCode === 200, `status ${response.statusCode}`);
          });
          log.appends.length = 0;
        },
      };
    },
  };
}

const ENCODINGS = ['gzip', 'deflate', 'zstd', 'x-gzip', '__proto__', 'br'];

/** Compressed bodies; the first byte chooses what the header says. */
export function compressedBodyTarget(): Target {
  const body = Buffer.from(ownJson().join('\n').repeat(3));
  const bomb = Buffer.alloc(8_000_000);
  const packed = [gzipSync, deflateSync, zstdCompressSync, deflateRawSync].flatMap((pack, n) =>
    [body, bomb, Buffer.alloc(0)].map((content) => Buffer.concat([Buffer.from([n === 3 ? 1 : n]), pack(content)])),
  );
  return {
    corpus: packed,
    weight: 4,
    start() {
      const maxBytes = 2_000_000;
      const budget = new BodyBudget(maxBytes * 2);
      return {
        async take(input) {
          const request = new IncomingMessage(new Socket());
          request.headers = { 'content-encoding': ENCODINGS[(input[0] ?? 0) % ENCODINGS.length]! };
          request.push(input.subarray(1));
          request.push(null);
          const lease = budget.lease();
          await refusingAsync(isRefusal, async () => {
            const read = await readBody(request, maxBytes, lease);
            must(read.length <= maxBytes, `a body of ${read.length} bytes`);
          });
          lease.release();
          const whole = budget.lease();
          whole.take(maxBytes * 2); // throws when a request kept something of the budget
          whole.release();
        },
      };
    },
  };
}

/** Snappy, as producers of Kafka write it. */
export function snappyTarget(): Target {
  const raw = Buffer.from('0a2468656c6c6f2073796c', 'hex');
  const literal = Buffer.concat([Buffer.from([20, 19 << 2]), Buffer.from('twenty bytes of text')]);
  const copies = Buffer.concat([Buffer.from([64, 3 << 2]), Buffer.from('abcd'), Buffer.from([(59 << 2) | 2, 4, 0])]);
  const java = Buffer.concat([Buffer.from('82534e415050590000000001000000010000001600', 'hex'), literal]);
  return {
    corpus: [raw, literal, copies, java],
    start: () => ({
      take(input) {
        refusing(
          (error) => error instanceof Error && error.message.startsWith('not Snappy'),
          () => {
            const out = decompressSnappy(input);
            must(out.length <= input.length * 22, 'more came out than there can be');
          },
        );
      },
    }),
  };
}

function originOf(collector: string) {
  return identify({
    ...{ collector, protocol: 'http', address: '192.0.2.1', certificateSubject: '', boundSource: '', hasToken: true },
  });
}
