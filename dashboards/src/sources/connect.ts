import type { CollectorPulse } from '../../../src/feed/pulse.ts';

/** A way to send, as lines to copy. */
export interface Way {
  name: 'rsyslog' | 'curl' | 'filebeat' | 'logger';
  /** Where the lines go. */
  where: string;
  text: string;
}

const TOKEN_FILE = 'data/access/ingest-token';

/**
 * Lines that connect a source, with the ports that the collectors listen on. No secret is in them: a token is named by its file.
 * @param host under which the page was reached: senders elsewhere reach the platform under it too.
 */
export function waysTo(collectors: readonly Pick<CollectorPulse, 'name' | 'listening'>[], host: string): Way[] {
  const listening = (name: string): string => collectors.find((one) => one.name === name)?.listening ?? '';
  const port = (name: string, usual: number): string => /:(\d+)$/.exec(listening(name))?.[1] ?? String(usual);
  const scheme = listening('http').startsWith('https:') ? 'https' : 'http';
  const [syslog, http] = [port('syslog-tcp', 5514), port('http', 8088)];
  return [
    {
      name: 'rsyslog',
      where: '/etc/rsyslog.d/60-wanglou.conf',
      text: [
        `*.* action(type="omfwd" target="${host}" port="${syslog}" protocol="tcp" TCP_Framing="octet-counted"`,
        '  template="RSYSLOG_SyslogProtocol23Format" queue.type="LinkedList" queue.filename="wanglou"',
        '  queue.saveOnShutdown="on" action.resumeRetryCount="-1")',
      ].join('\n'),
    },
    {
      name: 'filebeat',
      where: '/etc/filebeat/filebeat.yml',
      text: [
        'setup.template.enabled: false',
        'setup.ilm.enabled: false',
        'output.elasticsearch:',
        `  hosts: ["${scheme}://${host}:${http}"]`,
        '  headers:',
        '    Authorization: "Bearer ${WANGLOU_INGEST_TOKEN}"',
      ].join('\n'),
    },
    {
      name: 'curl',
      where: '',
      text: `curl -sS -H "Authorization: Bearer $(cat ${TOKEN_FILE})" -H "Content-Type: text/plain" --data-binary @access.log ${scheme}://${host}:${http}/ingest`,
    },
    { name: 'logger', where: '', text: `logger -n ${host} -T -P ${syslog} "hello from $(hostname)"` },
  ];
}
