import { decodeBatch, encodeBatch } from '../../../src/event/batch.ts';
import { RecordDecoder } from '../../../src/collectors/charset.ts';
import { DataSubjects } from '../../../src/event/data-subjects.ts';
import { emptyEvent, type Event } from '../../../src/event/event.ts';
import { assemblerFor } from '../../../src/event/formats/assemble.ts';
import { ENVELOPES, PAYLOADS } from '../../../src/event/formats/catalogue.ts';
import { toOcsf } from '../../../src/event/ocsf.ts';
import { parseRecord } from '../../../src/event/parse.ts';
import { jsonObjects } from '../json-inputs.ts';
import { must, type Target } from '../target.ts';
import { logLines } from './corpora.ts';

const ID = '01234567-89ab-cdef-0123-456789abcdef';
const NOW = Date.parse('2026-11-24T12:00:00+08:00');
const MAX_RECORD_BYTES = 65_536;
/** Names that the readers of JSON look for. */
const FIELDS = [
  ...['kind', 'time', 'account', 'action', 'outcome', 'message', 'clientAddress', 'dataSubjects', 'rows', 'attributes'],
  ...['class_uid', 'activity_id', 'actor', 'user', 'src_endpoint', 'ip', 'name', 'status_id', 'timeUnixNano', 'body'],
  ...['@timestamp', 'event', 'host', 'source', 'winlog', 'event_data', 'log', 'level', 'msg', 'MESSAGE', '_PID', 'key'],
  ...['resource', 'stringValue', 'SYSCALL', 'EXECVE', 'ID', 'statement', 'error_severity', 'timestamp', 'value'],
];

/** One target for each format, as if a source's registry entry had fixed it, and one that has to recognize it. */
export const formatTargets: Readonly<Record<string, () => Target>> = Object.fromEntries(
  ['', ...[...ENVELOPES, ...PAYLOADS].map(({ name }) => name)].map((format) => [
    `format-${format || 'unknown'}`,
    () => formatTarget(format),
  ]),
);

/** From bytes to the record of the event log: decoded, joined, read, freed of persons, encoded, and shown as OCSF. */
function formatTarget(format: string): Target {
  const corpus = logLines();
  return {
    corpus: format === 'json' ? corpus.filter((line) => line[0] === 0x7b) : corpus,
    ...(format === 'json' || format === '' ? { structured: jsonObjects(FIELDS) } : {}),
    start() {
      const decoder = new RecordDecoder('gb18030');
      const subjects = new DataSubjects('a key');
      return {
        take(input) {
          const { text } = decoder.decode(input.subarray(0, MAX_RECORD_BYTES));
          for (const record of joinedRecords(format, text)) roundTrip(readEvent(record, format), subjects);
        },
      };
    },
  };
}

function joinedRecords(format: string, text: string): string[] {
  const assembler = assemblerFor(format);
  if (assembler === undefined) return [text];
  const records = [...text.split('\n').flatMap((line) => assembler.push(line)), ...assembler.flush()];
  must(assembler.held() === 0, 'the assembler holds something after it was flushed');
  must(records.join('\n') === text, 'the assembler lost or added something');
  return records;
}

function readEvent(text: string, format: string): Event {
  const event = emptyEvent();
  Object.assign(event, { id: ID, ingestTime: NOW, source: 'fuzz' });
  const fault = parseRecord(text, event, { timeZone: 'Asia/Shanghai', now: NOW, format });
  must(!fault.startsWith('the reader failed'), fault);
  must(event.raw === text, 'raw is not the text');
  must(Number.isSafeInteger(event.time), `the time is ${event.time}`);
  must(event.attributes.length % 2 === 0, 'an attribute has no value');
  return event;
}

function roundTrip(event: Event, subjects: DataSubjects): void {
  subjects.protect(event, false);
  const { bytes } = encodeBatch([event]);
  const { events } = decodeBatch(bytes);
  must(events.length === 1 && events[0]!.format === event.format, 'the batch does not hold the event');
  JSON.stringify(toOcsf(events[0]!));
}

/** Personal data in texts and stated by the sender: many, overlapping, inside of each other. */
export function dataSubjectsTarget(): Target {
  const fields = ['dataSubjects', 'message', 'asset', 'target', 'recipient', 'account', 'attributes'];
  const whole = [
    '{"kind":"dataset-access","time":"2026-11-20T10:00:00+08:00","action":"read","account":"wang","asset":"people","dataSubjects":["110101199003074514","13800138000"],"message":"110101199003074514 13800138000"}',
    `{"kind":"dataset-access","time":1763604000000,"action":"read","account":"13800138000","dataSubjects":["ds_A","ds_B","ds_C"],"message":"ds_A ds_B"}`,
    `{"kind":"dataset-access","action":"export","dataSubjects":[${Array.from({ length: 4_000 }, (_, i) => `"ds_${'ABCDEFGHabcdefgh0123-_'[i % 22]!}"`).join(',')}],"message":"all"}`,
    `{"kind":"dataset-access","action":"export","dataSubjects":[${Array.from({ length: 4_000 }, (_, i) => `"${10_000_000 + i}"`).join(',')}],"message":"all"}`,
    `13800138000 ${'1'.repeat(60_000)} 110101199003074514`,
  ].map((text) => Buffer.from(text));
  return {
    corpus: whole,
    structured: jsonObjects(fields),
    start() {
      const subjects = new DataSubjects('a key');
      return {
        take(input) {
          const event = readEvent(input.toString('utf8', 0, MAX_RECORD_BYTES), '');
          const length = event.raw.length + event.message.length + 1_000;
          subjects.protect(event, false);
          must(event.raw.length + event.message.length < length * 30, 'the hashes make the event huge');
          must(
            event.dataSubjects.every((subject) => /^ds_[\w-]{22}$/.test(subject)),
            'a person is still named',
          );
        },
      };
    },
  };
}
