/** How a line travels; `file` is appended to a followed file, or sent over syslog as rsyslog's imfile does. */
export type Transport = 'syslog-tcp' | 'syslog-udp' | 'ingest' | 'bulk' | 'file';

/** One line of a simulated log, exactly as its program writes it. */
export interface Line {
  /** Event time, ms since the epoch. Lines come in its order. */
  atMs: number;
  /** Registry id of the source. */
  source: string;
  transport: Transport;
  line: string;
  /** Not sent: id of the labelled incident that it belongs to, `look-alike/<name>`, or '' for ordinary life. */
  incident: string;
}
