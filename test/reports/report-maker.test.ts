import { describe, expect, it } from 'vitest';
import { holesOf, type ReportContent, type ReportWish } from '../../src/reports/report.ts';
import { checkWish } from '../../src/reports/report-maker.ts';
import { reportPage } from '../../src/reports/report-html.ts';
import { MemoryTable } from '../registry/version-table.ts';
import { FROM, LONG, PLANTED_HOLES, plantedSight, TO } from './planted.ts';
import { testReports, type TestReports } from './test-reports.ts';

const wish = (changes: Partial<ReportWish> = {}): ReportWish => ({
  ...{
    kind: 'five-questions',
    subject: { kind: 'department', id: 'own' },
    from: FROM,
    to: TO,
    timeZone: 'Asia/Shanghai',
  },
  ...changes,
});
const made = (reports: TestReports, changes: Partial<ReportWish> = {}): Promise<ReportContent> =>
  reports.maker.make(wish(changes), { trial: false, signedAt: null }, () => undefined);
const reports = (): TestReports => testReports(new MemoryTable(), plantedSight());
const holeNames = (content: ReportContent): string[] =>
  holesOf(content).map(({ hole, about }) => `${hole} of ${about.en}`);

describe('the five questions', () => {
  it.each(PLANTED_HOLES)('name the hole %s of an asset, and no other', async (hole) => {
    const content = await made(reports(), { subject: { kind: 'asset', id: hole } });
    expect(holeNames(content)).toEqual([`${hole} of Asset ${hole}`]);
    for (const language of ['zh', 'en'] as const)
      expect(reportPage(content, frame, language)).toContain(`data-hole="${hole}"`);
  });

  it('name none of an asset that has none', async () => {
    const content = await made(reports(), { subject: { kind: 'asset', id: 'whole' } });
    expect(holesOf(content)).toEqual([]);
    expect(reportPage(content, frame, 'en')).toContain('no hole was found');
  });

  it('about a department name those of all its assets', async () => {
    // Two assets are nobody's or somebody else's by their owner; both are in a system of the department.
    expect(holeNames(await made(reports())).sort()).toEqual(
      PLANTED_HOLES.map((hole) => `${hole} of Asset ${hole}`).sort(),
    );
  });

  it('say what is not known, and leave nothing blank', async () => {
    const page = reportPage(await made(reports(), { subject: { kind: 'asset', id: 'no-owner' } }), frame, 'zh');
    expect(page).toMatch(/开放部门<\/dt>\s*<dd><span class="unknown">未知<\/span>/);
    expect(page).not.toMatch(/<(dd|td[^>]*)>\s*<\/(dd|td)>/);
    expect(page).not.toMatch(/undefined|NaN|null/);
  });

  it('are refused for what the registry does not know', async () => {
    await expect(made(reports(), { subject: { kind: 'asset', id: 'nothing' } })).rejects.toMatchObject({
      code: 'WL_NOT_FOUND',
    });
  });
});

const frame = {
  id: '00000000-0000-4000-8000-000000000001',
  version: 1,
  digest: 'ab'.repeat(32),
  state: 'prepared' as const,
  steps: [],
};

describe('a page of a report', () => {
  it('tells of whole days as days, of an end as the last of them, and puts heads of numbers above the numbers', async () => {
    const page = reportPage(await made(reports(), { subject: { kind: 'asset', id: 'whole' } }), frame, 'zh');
    expect(page).toMatch(/定级时间<\/dt>\s*<dd>2026-01-01<\/dd>/);
    expect(page).toMatch(/最早到期的授信<\/dt>\s*<dd>2026-12-31<\/dd>/);
    expect(page).toContain('<td class="text">2026-12-31</td>');
    expect(page).toContain('<th scope="col" class="number">行数</th>');
    // Events keep their times, also at midnight.
    expect(page).toMatch(/<span class="time">2026-10-01<\/span> <span class="time">00:00:00<\/span>/);
  });

  it('is the same, byte by byte, for the same content in the same state', async () => {
    const [one, other] = [await made(reports()), await made(reports())];
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
    expect(reportPage(one, frame, 'zh')).toBe(reportPage(other, frame, 'zh'));
  });

  it('differs by nothing but the sign-off when it is signed', async () => {
    const content = await made(reports());
    const step = {
      ...{
        id: 'a',
        n: 1,
        report: frame.id,
        version: 1,
        act: 'signed' as const,
        digest: frame.digest,
        at: TO,
        by: 'wang',
      },
      ...{ person: '', trial: false, text: '', schedule: '' },
    };
    const withoutStamp = (page: string): string =>
      page.replace(/<section class="signed"[\s\S]*<\/section>/, '').replace(/<p class="kind">.*?<\/p>/, '');
    const [before, after] = [
      reportPage(content, frame, 'en'),
      reportPage(content, { ...frame, state: 'signed', steps: [step] }, 'en'),
    ];
    expect(after).not.toBe(before);
    expect(withoutStamp(after)).toBe(withoutStamp(before));
  });

  it('shows names as text, whatever is in them, also in the running head', async () => {
    const content = await made(reports(), { subject: { kind: 'asset', id: 'whole' } });
    const hostile = { zh: `"</style><script>x</script>\u202e`, en: `"</style><script>x</script>\u202e` };
    const page = reportPage({ ...content, subject: hostile }, frame, 'zh');
    expect(page).not.toMatch(/<script|\u202e/);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
  });

  it('says beside each section where its numbers are from, over which time and as of when', async () => {
    const page = reportPage(await made(reports(), { subject: { kind: 'asset', id: 'whole' } }), frame, 'en');
    expect(page).toContain(LONG.en);
    expect(page).toMatch(/From: registry, as of 2026-11-01 00:00/);
    expect(page).toMatch(/events on whole, 2026-10-01 00:00[^<]* – 2026-11-01 00:00/);
  });

  it('says that it was made in a trial', async () => {
    const content = await reports().maker.make(wish(), { trial: true, signedAt: null }, () => undefined);
    expect(reportPage(content, frame, 'en')).toContain('This is not a formally signed report');
    expect(reportPage({ ...content, trial: false }, frame, 'en')).not.toContain('formally signed');
  });
});

describe('the ledger of sharing', () => {
  const line = {
    ...{
      asset: 'whole',
      department: 'own',
      vendor: '',
      system: 'sys',
      recipient: 'hotline',
      grant: 'g-whole',
      purpose: 'aid',
    },
    ...{ events: 2, rows: 20, bytes: 0, first: FROM, last: FROM + 1 },
  };

  it('names what law wants on record and is not, and only that', async () => {
    const all = reports();
    all.store.passed = [
      line,
      { ...line, recipient: '' },
      { ...line, recipient: 'stranger' },
      { ...line, grant: '', purpose: 'x' },
      { ...line, grant: 'g-none', purpose: 'x' },
      { ...line, purpose: '' },
      { ...line, asset: 'unheard-of', purpose: 'x' },
    ];
    const content = await made(all, { kind: 'sharing-ledger', subject: { kind: 'platform', id: '' } });
    expect(holesOf(content).map(({ hole }) => hole)).toEqual([
      'no-recipient',
      'recipient-unregistered',
      'no-grant',
      'grant-unregistered',
      'no-purpose',
      'asset-unregistered',
    ]);
  });
});

describe('the annex about important data', () => {
  it('names every overdue review, missing supervisor and crossed boundary', async () => {
    const content = await made(reports(), { kind: 'important-data', subject: { kind: 'platform', id: '' } });
    const names = holeNames(content);
    for (const hole of [
      'review-overdue',
      'no-review',
      'no-supervisor',
      'no-owner',
      'not-graded',
      'outside-boundary',
      'no-source',
    ])
      expect(names).toContain(`${hole} of Asset ${hole}`);
    expect(names.filter((name) => name.endsWith(LONG.en))).toEqual([]);
  });
});

describe('the pack about personal information', () => {
  const line = {
    ...{ asset: 'persons-unknown', department: 'hotline', vendor: '', purpose: 'aid', grant: '', events: 4, rows: 40 },
    ...{ subjects: 3, first: FROM, last: TO - 1 },
  };
  const subject = { kind: 'platform', id: '' } as const;

  it('names processing without a legal basis or a purpose, and assets whose persons nobody counted', async () => {
    const all = reports();
    all.store.lines = [line, { ...line, department: 'tax' }, { ...line, purpose: '' }];
    const content = await made(all, { kind: 'personal-information', subject });
    expect(holesOf(content).map(({ hole }) => hole)).toEqual([
      'persons-unknown',
      'no-tags',
      'without-grant',
      'no-purpose',
    ]);
    expect(JSON.stringify(content)).toContain('g-persons-unknown');
  });

  it('says when an audit is overdue: over 10 million persons, and none signed within two years', async () => {
    const YEAR_MS = 365 * 86_400_000;
    const many = plantedSight();
    Object.assign(many.registry.current().asset('persons-unknown', TO - 1)!, { persons: 12_000_000 });
    const holesWith = async (signedAt: number | null): Promise<string[]> => {
      const { maker } = testReports(new MemoryTable(), many);
      const asked = wish({ kind: 'personal-information', subject });
      return holesOf(await maker.make(asked, { trial: false, signedAt }, () => undefined)).map(({ hole }) => hole);
    };
    expect(await holesWith(null)).toContain('audit-overdue');
    expect(await holesWith(TO - 3 * YEAR_MS)).toContain('audit-overdue');
    expect(await holesWith(TO - YEAR_MS)).not.toContain('audit-overdue');
    expect(holeNames(await made(reports(), { kind: 'personal-information', subject })).join()).not.toContain('overdue');
  });

  it('says what it does not know: reveals within a scope, retention of business systems', async () => {
    const page = reportPage(await made(reports(), { kind: 'personal-information', subject }), frame, 'en');
    expect(page).toMatch(
      /How long business systems keep personal information<\/dt>\s*<dd><span class="unknown">not known/,
    );
  });
});

describe('a wish', () => {
  const now = TO + 1;
  it.each([
    [{ subject: { kind: 'vendor' as const, id: 'x' } }, /about: asset, department/],
    [{ subject: { kind: 'department' as const, id: '' } }, /Name the id/],
    [{ to: now + 1 }, /end in the past/],
    [{ from: TO }, /beginning before the end/],
    [{ from: FROM - 500 * 86_400_000 }, /at most 400 days/],
    [{ timeZone: 'Mars/Base' }, /IANA zone/],
  ])('that can not be fulfilled is refused with what to do: %j', (changes, remedy) => {
    let thrown: unknown;
    try {
      checkWish(wish(changes), now);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'WL_QUERY_INVALID', remedy: expect.stringMatching(remedy) as string });
  });
});
