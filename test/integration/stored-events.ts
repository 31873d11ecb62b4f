import type { ClickHouseClient } from '@clickhouse/client';
import { storeClient } from '../../src/store/client.ts';
import { eventually, type RunningWanglou } from './wanglou.ts';

/** An event as people see it in the store. */
export interface StoredEvent {
  source: string;
  authenticated: boolean;
  format: string;
  fault: string;
  host: string;
  service: string;
  message: string;
  raw: string;
  time: string;
  severity: number;
  attributes: Record<string, string>;
}

/** What a running Wanglou has stored, as every view shows it: each event once. */
export class StoredEvents {
  readonly #client: ClickHouseClient;

  constructor(wanglou: RunningWanglou) {
    this.#client = storeClient({
      url: `http://127.0.0.1:${wanglou.ports.store}`,
      user: 'default',
      password: wanglou.token('store'),
      database: 'wanglou',
    });
  }

  /** All events whose original text holds the mark, in the order of arrival. */
  async withMark(mark: string): Promise<StoredEvent[]> {
    const answer = await this.#client.query({
      query:
        'SELECT source, authenticated, format, fault, host, service, message, raw, toString(time) AS time, severity, attributes ' +
        'FROM events_once WHERE position(raw, {mark: String}) > 0 ORDER BY ingest_time, sequence',
      query_params: { mark },
      format: 'JSONEachRow',
    });
    return answer.json<StoredEvent>();
  }

  async count(mark: string): Promise<number> {
    const answer = await this.#client.query({
      query: 'SELECT count() AS events FROM events_once WHERE position(raw, {mark: String}) > 0',
      query_params: { mark },
      format: 'JSONEachRow',
    });
    return Number((await answer.json<{ events: string }>())[0]!.events);
  }

  /** The events with the mark, once there are as many as expected or more. */
  async arrived(mark: string, expected: number, limitMs = 60_000): Promise<StoredEvent[]> {
    await eventually(
      () => this.count(mark).catch(() => -1),
      (count) => count >= expected,
      limitMs,
    );
    return this.withMark(mark);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
