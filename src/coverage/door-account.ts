import type { Event } from '../event/event.ts';
import { isHeartbeat } from '../event/heartbeat.ts';
import { MINUTE_MS, minuteOf, OTHER, sumOf, type DoorMinute, type DoorStatement } from './record.ts';
import { countReason } from './reason.ts';

const MAX_SOURCES = 10_000;

interface Row extends DoorMinute {
  /** Whether it differs from what was stated last. */
  isNews: boolean;
}

/** A source's row of the running minute, kept where events are counted so that none needs a look-up. */
export interface DoorRow {
  readonly endsAt: number;
  received: number;
  isNews: boolean;
}

/**
 * The account of what came to the doors of this program, by source and minute of arrival. It is stated again and again as
 * totals, so that a statement that is lost, or comes twice, changes nothing; a minute is let go once it is over, stated, and
 * nothing of it waits to become durable.
 */
export class DoorAccount {
  readonly #who: Pick<DoorStatement, 'epoch' | 'instance'>;
  readonly #maxSources: number;
  /** By minute, then source. */
  readonly #minutes = new Map<number, Map<string, Row & DoorRow>>();
  #number = 0;
  /** The first moment that it was asked about. */
  #startedAt: number | undefined;

  /** @param epoch drawn once per start of the program. */
  constructor(who: { epoch: string; instance: string }, maxSources: number = MAX_SOURCES) {
    this.#who = who;
    this.#maxSources = maxSources;
  }

  /** The row of a source in the minute of `at`. */
  row(source: string, at: number): DoorRow {
    return this.#rowOf(source, minuteOf(at));
  }

  refused(source: string, reason: string, records: number, at: number): void {
    const row = this.#rowOf(source, minuteOf(at));
    row.received += records;
    countReason(row.refused, reason, records);
    row.isNews = true;
  }

  /** An event that was received and can not be appended after all. */
  withdrawn({ source, ingestTime }: Event, reason: string): void {
    const row = this.#rowOf(source, minuteOf(ingestTime));
    countReason(row.refused, reason, 1);
    row.isNews = true;
  }

  lost(source: string, records: number, at: number): void {
    const row = this.#rowOf(source, minuteOf(at));
    row.lost += records;
    row.isNews = true;
  }

  /** Events that have become durable, in the order in which they came. */
  appended(events: readonly Event[]): void {
    let row: (Row & DoorRow) | undefined;
    for (const event of events) {
      const { source, ingestTime } = event;
      if (isHeartbeat(event)) continue;
      if (row?.source !== source || !isWithin(ingestTime, row)) row = this.#rowOf(source, minuteOf(ingestTime));
      row.appended++;
      row.isNews = true;
    }
  }

  /** What has changed since the last statement that was `stated`. @param now until when everything is in it. */
  statement(now: number, ended: boolean): DoorStatement {
    this.#startedAt ??= now;
    const minutes: DoorMinute[] = [];
    for (const rows of this.#minutes.values())
      for (const { isNews, source, minute, received, refused, lost, appended } of rows.values())
        if (isNews) minutes.push({ source, minute, received, refused: { ...refused }, lost, appended });
    return {
      ...{ kind: 'door', ...this.#who, number: ++this.#number, startedAt: this.#startedAt },
      ...{ at: now, ended, minutes },
    };
  }

  /** The statement is durable: lets go of what is over. Rows that have changed since it was made are stated again. */
  stated({ at, minutes }: DoorStatement): void {
    for (const said of minutes) {
      const row = this.#minutes.get(said.minute)?.get(said.source);
      if (row !== undefined && isSame(row, said)) row.isNews = false;
    }
    for (const [minute, rows] of this.#minutes) {
      if (minute + MINUTE_MS > at) continue;
      if ([...rows.values()].every(isSettled)) this.#minutes.delete(minute);
    }
  }

  #rowOf(source: string, minute: number): Row & DoorRow {
    let rows = this.#minutes.get(minute);
    if (rows === undefined) this.#minutes.set(minute, (rows = new Map<string, Row & DoorRow>()));
    const known = rows.get(source);
    if (known !== undefined) return known;
    if (rows.size >= this.#maxSources && source !== OTHER) return this.#rowOf(OTHER, minute);
    const row = {
      ...{ source, minute, endsAt: minute + MINUTE_MS, isNews: true },
      ...{ received: 0, refused: {}, lost: 0, appended: 0 },
    };
    rows.set(source, row);
    return row;
  }
}

/** Stated, and nothing of it waits to become durable. */
function isSettled({ isNews, received, refused, appended }: Row): boolean {
  return !isNews && received === sumOf(refused) + appended;
}

function isWithin(at: number, { endsAt }: DoorRow): boolean {
  return at < endsAt && at >= endsAt - MINUTE_MS;
}

function isSame(row: DoorMinute, said: DoorMinute): boolean {
  return (
    row.received === said.received &&
    row.appended === said.appended &&
    row.lost === said.lost &&
    sumOf(row.refused) === sumOf(said.refused)
  );
}
