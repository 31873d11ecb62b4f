import { createHash } from 'node:crypto';
import type { Bilingual } from '../finding/finding.ts';
import type { IncidentFile } from '../incident/incident-file.ts';
import type { Scope } from '../scope/scope.ts';
import type { ReportKind, SubjectOf } from './report-kinds.ts';

/** What is asked for. Times are ms since the Unix epoch: of event time, from ≤ time < to, and the registry as of `to`. */
export interface ReportWish {
  kind: ReportKind;
  subject: ReportSubject;
  from: number;
  to: number;
  /** IANA name of the zone in which it is told, and whose days it counts by. */
  timeZone: string;
}

export interface ReportSubject {
  kind: SubjectOf;
  /** '' for the platform. */
  id: string;
}

/**
 * A value for people. `null` is what is not known: it is said, never left blank. Texts are in both languages; a name that is
 * the same in both is `both(name)`. Times are ms: `at` of something that happened, `from` on which something begins, `until`
 * which it goes on; the last two are told as days where they are whole ones, `until` as the last.
 */
export type Cell =
  | Bilingual
  | number
  | { at: number }
  | { from: number }
  | { until: number }
  | { share: number }
  | { list: readonly Bilingual[] }
  | null;

/** Something that is missing, or is not as it should be. */
export interface HoleLine {
  /** Name of the kind of hole; stable. */
  hole: string;
  text: Bilingual;
  /** What it is about: an asset, say. */
  about: Bilingual;
}

export type Block =
  | { is: 'facts'; rows: readonly { name: Bilingual; value: Cell }[] }
  | {
      is: 'table';
      title: Bilingual;
      columns: readonly Bilingual[];
      rows: readonly (readonly Cell[])[];
      /** How many rows there are that are not listed. */
      left: number;
    }
  | { is: 'holes'; holes: readonly HoleLine[] }
  | { is: 'note'; text: Bilingual };

/** Where the numbers of a section are from: what was asked, over which event times, and as of when it was known. */
export interface Basis {
  what: Bilingual;
  /** Both null for what has no span, such as the registry. */
  from: number | null;
  to: number | null;
  asOf: number;
}

export interface Section {
  title: Bilingual;
  basis: readonly Basis[];
  blocks: readonly Block[];
}

/** A report as plain data. The same question about the same data has the same content, byte by byte. */
export interface ReportContent {
  form: 1;
  wish: ReportWish;
  subject: Bilingual;
  /** Its maker saw no more than this; null: everything. */
  scope: Scope | null;
  /** Made where one account does everything, so that nobody checks anybody. */
  trial: boolean;
  /** Version of the registry that it was made with. */
  registry: string;
  sections: readonly Section[];
  /** Of a report about an incident. */
  incident: IncidentFile | null;
}

/** @returns SHA-256 of the content as it is kept, hexadecimal. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Every hole that the report names. */
export function holesOf({ sections }: ReportContent): HoleLine[] {
  return sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.is === 'holes' ? block.holes : [])));
}
