import { expect, it } from 'vitest';
import { incidentBody } from '../../src/incident/report-html.ts';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import { event, testParts } from '../api/parts.ts';
import { finding, incident } from '../feed/samples.ts';

it('lists the first 500 findings and log lines of a long incident, and says how many more there are', async () => {
  const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const events = Array.from({ length: 620 }, (_, n) => event({ id: id(n), raw: `line ${n} of many`, time: 1_000 * n }));
  const findings = events.map((one, n) =>
    finding(`f${n}`, { firstTime: one.time, lastTime: one.time, causedAt: one.time, eventIds: [one.id] }),
  );
  const made = incident(findings);
  const parts = await testParts();
  try {
    Object.assign(parts.store, { events, findings, lives: findings.map(lifeEventOf), incidents: [made] });
    const file = await parts.incidents.file(made.id);
    const page = incidentBody(file, { language: 'en', timeZone: 'Asia/Shanghai' }).text;
    expect(page).toContain('<pre>line 499 of many</pre>');
    expect(page).not.toContain('line 500 of many');
    expect(page.match(/<li>/g)!.length).toBeLessThan(520);
    expect(page.match(/Not listed here [^:]*: 120/g)).toHaveLength(2);
    // That a finding was raised stands in the story; decisions are those of people.
    expect(page).toMatch(/Decisions<\/h2>\s*<p>None yet/);
  } finally {
    parts.remove();
  }
});
