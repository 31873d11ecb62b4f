import { crc32 } from 'node:zlib';
import { BatchInvalid, decodeBatch, encodeBatch, storeBlock } from '../../../src/event/batch.ts';
import { emptyEvent, type Event } from '../../../src/event/event.ts';
import { parseRecord } from '../../../src/event/parse.ts';
import { readStoredBlocks } from '../../../src/event/stored-blocks.ts';
import { decodeRecord, encodeRecord, recordKey } from '../../../src/event-log/record-codec.ts';
import { must, refusing, type Target } from '../target.ts';
import { logLines } from './corpora.ts';

const NOW = Date.parse('2026-11-24T12:00:00+08:00');
const isInvalid = (error: unknown): boolean => error instanceof BatchInvalid;

function blocks(): Buffer[] {
  const events = logLines().map((line, n) => {
    const event: Event = emptyEvent();
    Object.assign(event, {
      id: `01234567-89ab-cdef-0123-${String(n).padStart(12, '0')}`,
      ingestTime: NOW,
      source: 'fuzz',
    });
    parseRecord(line.toString(), event, { timeZone: 'Asia/Shanghai', now: NOW, format: '' });
    return event;
  });
  return [1, 3, 40].flatMap((size) =>
    [0, 1, 2, 3, 4].map((n) => Buffer.from(encodeBatch(events.slice(n * size, (n + 1) * size)).bytes)),
  );
}

/** Batches of the topic `events`, which others may write too. */
export function batchTarget(): Target {
  return {
    corpus: blocks(),
    weight: 4,
    start: () => ({
      take(input) {
        refusing(isInvalid, () => {
          const { events, baseEnd } = decodeBatch(input);
          must(events.length <= 65_536, `${events.length} events`);
          const place = { ...{ topic: 'events', partition: 0, offset: 1 } };
          storeBlock(input, baseEnd, events, place);
        });
      },
    }),
  };
}

/** What the store answers to a replay. */
export function storedBlocksTarget(): Target {
  const whole = blocks();
  return {
    corpus: [...whole, Buffer.concat(whole.slice(0, 3))],
    weight: 4,
    start: () => ({
      take(input) {
        refusing(isInvalid, () => {
          readStoredBlocks(input);
        });
      },
    }),
  };
}

/** Records of the embedded log, with a checksum that is right however damaged they are. */
export function logRecordTarget(): Target {
  const key = recordKey(1, 0, 7);
  const corpus = [Buffer.from('a value'), ...blocks().slice(0, 3)].map((value) =>
    encodeRecord(key, { appendedAt: NOW, bytesBefore: 0, key: 'wang', value }),
  );
  return {
    corpus,
    start: () => ({
      take(input) {
        must(decodeRecord(key, input.subarray(0, 20)) === undefined, 'a torn record was read');
        if (input.length < 24) return;
        const sealed = Buffer.from(input);
        sealed.writeUInt32LE(crc32(sealed.subarray(4), crc32(key)), 0);
        const record = decodeRecord(key, sealed);
        must(record !== undefined && record.value.length <= input.length, 'a whole record was not read');
      },
    }),
  };
}
