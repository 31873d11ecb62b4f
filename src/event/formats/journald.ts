import { flatten, scalarText } from './flatten.ts';
import { state } from './format.ts';
import type { JsonShape } from './json.ts';
import { severityOf } from './severity.ts';

/** systemd-journald's JSON (`journalctl -o json`, journal gateways): the message goes on to the format of its program. */
export const journald: JsonShape = {
  name: 'journald',

  fits(record) {
    return record['MESSAGE'] !== undefined && (record['_HOSTNAME'] ?? record['__REALTIME_TIMESTAMP']) !== undefined;
  },

  read(record, event) {
    const micros = Number(
      scalarText(record['_SOURCE_REALTIME_TIMESTAMP']) || scalarText(record['__REALTIME_TIMESTAMP']),
    );
    if (micros > 0 && micros < 253_402_300_800_000_000) event.time = Math.floor(micros / 1000);
    event.host = scalarText(record['_HOSTNAME']);
    event.service = scalarText(record['SYSLOG_IDENTIFIER']) || scalarText(record['_COMM']);
    event.message = messageOf(record['MESSAGE']);
    state(event, 'pid', scalarText(record['_PID']) || scalarText(record['SYSLOG_PID']));
    event.severity = severityOf('priority', scalarText(record['PRIORITY']));
    state(event, 'syslog.severity', scalarText(record['PRIORITY']));
    state(event, 'syslog.facility', scalarText(record['SYSLOG_FACILITY']));
    const kept = flatten(record);
    for (let i = 0; i < kept.length; i += 2)
      if (kept[i] !== 'MESSAGE' && !kept[i]!.startsWith('MESSAGE.')) state(event, kept[i]!, kept[i + 1]!);
    return '';
  },
};

/** A message that is no UTF-8 comes as the list of its bytes. */
function messageOf(message: unknown): string {
  if (!Array.isArray(message)) return scalarText(message);
  return Buffer.from(message.filter((byte) => typeof byte === 'number')).toString('utf8');
}
