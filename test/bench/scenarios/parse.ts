import type { Event } from '../../../src/event/event.ts';
import { verify, type Scenario } from '../bench.ts';
import { LineReader, ratePerSecond } from '../in-process.ts';
import { jsonLines, nginxLines, pgauditLines, rfc5424Lines, sshdLines } from '../lines.ts';

const LINES = 2_000;

/** Lines of one format → events, in this thread alone. */
export const scenarios: Scenario[] = [
  parsing('rfc5424', 'RFC 5424', rfc5424Lines, (event) => event.host !== '' && event.message.startsWith('user ')),
  parsing('nginx', 'nginx combined in RFC 5424', nginxLines, (event) => event.account !== '' && event.bytes > 0),
  parsing('sshd', 'sshd in RFC 3164', sshdLines, (event) => event.action === 'sign-in' && event.clientAddress !== ''),
  parsing('pgaudit', 'PostgreSQL csvlog with pgaudit', pgauditLines, (event) => event.asset !== '' && event.rows > 0),
  parsing('json', 'our own JSON', jsonLines, (event) => event.asset !== '' && event.rows > 0, 'limit-json'),
];

function parsing(
  id: string,
  title: string,
  linesOf: (count: number) => string[],
  isRead: (event: Event) => boolean,
  limit?: string,
): Scenario {
  return {
    id: `parse-${id}`,
    title: `Parse ${title}`,
    unit: 'events/s',
    ...(limit === undefined ? {} : { limit }),
    repeat: 5,
    async run() {
      const lines = linesOf(LINES);
      const now = Date.parse('2026-11-20T09:10:00+08:00');
      const reader = new LineReader();
      const wrong = lines.filter((line) => !isRead(reader.read(line, 'bench', now)));
      verify(wrong.length === 0 && reader.unread === 0, `${wrong.length} lines were read wrongly, such as ${wrong[0]}`);
      const value = await ratePerSecond(0.5, () => {
        for (const line of lines) reader.read(line, 'bench', now);
        return lines.length;
      });
      return { value, checked: `${LINES} of ${LINES} lines read`, details: {} };
    },
  };
}
