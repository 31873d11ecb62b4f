import { scalarText } from './flatten.ts';
import type { JsonShape } from './json.ts';
import { applyPostgres } from './postgresql.ts';
import { readPostgresTime } from './postgresql-time.ts';
import { state } from './format.ts';

/** PostgreSQL's jsonlog (15 and later). */
export const postgresqlJson: JsonShape = {
  name: 'postgresql-json',

  fits(record) {
    return typeof record['error_severity'] === 'string' && typeof record['timestamp'] === 'string';
  },

  read(record, event, context) {
    const text = (name: string): string => scalarText(record[name]);
    const time = readPostgresTime(text('timestamp'), context.timeZone);
    if (time === time) event.time = time;
    const fault = applyPostgres(
      {
        user: text('user'),
        database: text('dbname'),
        pid: text('pid'),
        client: text('remote_host'),
        session: text('session_id'),
        severity: text('error_severity'),
        sqlState: text('state_code'),
        message: text('message'),
        detail: text('detail'),
        statement: text('statement'),
        application: text('application_name'),
      },
      event,
    );
    state(event, 'queryId', text('query_id') === '0' ? '' : text('query_id'));
    return time === time ? fault : `log time '${text('timestamp').slice(0, 40)}' is no time`;
  },
};
