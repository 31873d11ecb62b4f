import type { Finding } from '../../src/finding/finding.ts';
import type { LifeEvent } from '../../src/finding/lifecycle.ts';
import type { ProfileParts } from '../../src/profile/profile-desk.ts';
import type { HourCell, Reasons, SubjectSpan, UsedBy, UseOf, VendorUse } from '../../src/store/profile-queries.ts';

type FakedStore = ProfileParts['store'];

/** Answers with what a test has put in, whoever is asked about. */
export class FakeProfileStore implements FakedStore {
  cells: HourCell[] = [];
  used: Partial<Record<UsedBy, UseOf[]>> = {};
  vendorUsed: VendorUse[] = [];
  reason: Reasons = {
    events: 0,
    actors: 0,
    withPurpose: 0,
    withCase: 0,
    withGrant: 0,
    outward: 0,
    withoutRecipient: 0,
  };
  asked: SubjectSpan[] = [];
  readonly #findings: { findings: Finding[]; lives: LifeEvent[] };

  constructor(store: { findings: Finding[]; lives: LifeEvent[] }) {
    this.#findings = store;
  }

  async hours(span: SubjectSpan): Promise<HourCell[]> {
    this.asked.push(span);
    return this.cells;
  }
  async seen({ from }: SubjectSpan): Promise<{ first: number; last: number } | undefined> {
    return this.cells.length === 0 ? undefined : { first: from, last: from + 1 };
  }
  async uses(_: SubjectSpan, by: UsedBy, limit: number): Promise<UseOf[]> {
    return (this.used[by] ?? []).slice(0, limit);
  }
  async reasons(): Promise<Reasons> {
    return this.reason;
  }
  async vendorUses(): Promise<VendorUse[]> {
    return this.vendorUsed;
  }
  async findings({ kind, id }: SubjectSpan): Promise<Finding[]> {
    return this.#findings.findings.filter((finding) => finding[kind] === id);
  }
  async findingsOfVendors(): Promise<Finding[]> {
    return this.#findings.findings.filter(({ vendor }) => vendor !== '');
  }
  async livesOfVendors(): Promise<LifeEvent[]> {
    return this.#findings.lives;
  }
}
