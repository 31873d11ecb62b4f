import { describe, expect, it } from 'vitest';
import { FAMILIES, FAMILY_OF } from '../../dashboards/src/finding/next-steps.ts';
import { enFinding } from '../../dashboards/src/messages/en-finding.ts';
import { zhFinding } from '../../dashboards/src/messages/zh-finding.ts';
import { detectors } from '../../detectors/index.ts';

const names = detectors.map(({ name }) => name).sort();

describe('what to do next', () => {
  it('is said for every detector, and for none that there is not', () => {
    expect(Object.keys(FAMILY_OF).sort()).toEqual(names);
    for (const texts of [zhFinding, enFinding]) expect(Object.keys(texts.check).sort()).toEqual(names);
  });

  it('says for every kind whom to call, how to contain it and when to report', () => {
    expect([...new Set(Object.values(FAMILY_OF))].sort()).toEqual([...FAMILIES].sort());
    for (const texts of [zhFinding, enFinding])
      for (const part of ['callWhom', 'contain', 'reportWhen'] as const)
        expect(Object.keys(texts[part]).sort()).toEqual([...FAMILIES].sort());
  });
});
