import type { Finding } from '../../src/finding/finding.ts';
import type { SourceDeskParts } from '../../src/sources/source-desk.ts';
import type { SourceHour, SourceKind, SourceStep, UnparsedReason } from '../../src/store/source-queries.ts';

type FakedStore = SourceDeskParts['store'];

/** Answers with what a test has put in, whichever source is asked about. */
export class FakeSourceStore implements FakedStore {
  sent: SourceHour[] = [];
  heard: { source: string; at: number }[] = [];
  stepped: SourceStep[] = [];
  reasons: UnparsedReason[] = [];
  kindsSent: SourceKind[] = [];
  found: Finding[] = [];

  async hours(from: number, to: number): Promise<SourceHour[]> {
    return this.sent.filter(({ at }) => at >= from && at < to);
  }

  async lastHeard(from: number, to: number): Promise<{ source: string; at: number }[]> {
    return this.heard.filter(({ at }) => at >= from && at < to);
  }

  async unparsed(): Promise<UnparsedReason[]> {
    return this.reasons;
  }

  async kinds(): Promise<SourceKind[]> {
    return this.kindsSent;
  }

  async findings(): Promise<Finding[]> {
    return this.found;
  }

  async steps(_source: string, from: number, to: number): Promise<SourceStep[]> {
    return this.stepped.filter(({ at }) => at >= from && at < to);
  }
}
