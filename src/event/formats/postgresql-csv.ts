import { splitCsv } from './csv.ts';
import { type Format } from './format.ts';
import { applyPostgres } from './postgresql.ts';
import { readPostgresTime } from './postgresql-time.ts';
import { COLON, SPACE } from './scan.ts';

/** PostgreSQL's csvlog, 23 columns (9.0) to 26 (14 and later). */
export const postgresqlCsv: Format = {
  name: 'postgresql-csv',

  recognizes(text) {
    if (text.charCodeAt(4) !== 45 || text.charCodeAt(10) !== SPACE || text.charCodeAt(13) !== COLON) return false;
    const comma = text.indexOf(',');
    return comma >= 20 && comma < 60 && /,[0-9a-f]+\.[0-9a-f]+,\d+,/.test(text.slice(comma, comma + 400));
  },

  parse(text, event, context) {
    const column = splitCsv(text, 26);
    if (column.length < 14) return `${column.length} columns where csvlog has 23 or more`;
    const time = readPostgresTime(column[0]!, context.timeZone);
    if (time === time) event.time = time;
    const fault = applyPostgres(
      {
        user: column[1]!,
        database: column[2]!,
        pid: column[3]!,
        client: column[4]!,
        session: column[5]!,
        severity: column[11]!,
        sqlState: column[12]!,
        message: column[13]!,
        detail: column[14] ?? '',
        statement: column[19] ?? '',
        application: column[22] ?? '',
      },
      event,
    );
    return time === time ? fault : `log time '${column[0]!.slice(0, 40)}' is no time`;
  },
};
