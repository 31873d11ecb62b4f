import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { contracts } from './cases/index.ts';
import { gapsOf, KINDS, type Kind } from './contract.ts';
import { catalogueMarkdown } from '../../src/detection/catalogue.ts';
import { z } from 'zod';

const folder = new URL('../../detectors/', import.meta.url);
const names = detectors.map(({ name }) => name);

describe('the list of detectors', () => {
  it('has every file of the folder, under its name', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
    expect([...names].sort()).toEqual(files.map((file) => file.slice(0, -3)).sort());
  });

  it('has a test for every detector', () => {
    const tests = readdirSync(new URL('.', import.meta.url));
    expect(names.filter((name) => !tests.includes(`${name}.test.ts`))).toEqual([]);
  });

  it.each(detectors)('has every kind of case for $name, or a reason why it has no meaning', ({ name }) => {
    const given = contracts.find(({ detector }) => detector.name === name);
    expect(given === undefined ? ['no cases: add them to test/detectors/cases'] : gapsOf(given)).toEqual([]);
  });

  it('misses a firing, a quiet or any other case that is taken away', () => {
    for (const given of contracts)
      for (const kind of Object.keys(KINDS) as Kind[]) {
        const without = {
          cases: { ...given.cases, [kind]: undefined },
          notApplicable: { ...given.notApplicable, [kind]: '' },
        };
        expect(gapsOf(without)).toEqual([`${kind}: neither a case nor a reason`]);
      }
  });

  it('takes no excuse for a firing and a quiet case', () => {
    expect(contracts.filter(({ notApplicable: not }) => not.fires ?? not.quiet)).toEqual([]);
    expect(contracts.filter(({ cases }) => typeof cases.fires !== 'object' || !cases.fires.finds)).toEqual([]);
    expect(contracts.filter(({ cases }) => typeof cases.quiet !== 'object' || cases.quiet.finds)).toEqual([]);
  });

  it('has a current catalogue (renew it with `npm run wanglou -- detectors > detectors/README.md`)', () => {
    expect(readFileSync(new URL('README.md', folder), 'utf8')).toBe(`${catalogueMarkdown(detectors)}\n`);
  });

  it.each(detectors)('says in both languages what $name is, shows and misses', (detector) => {
    const texts = [detector.title, detector.what, detector.example!, ...detector.knownGaps];
    for (const { zh, en } of texts) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).not.toMatch(/\p{Script=Han}/u);
    }
    expect(detector.knownGaps.length).toBeGreaterThan(0);
  });

  it.each(detectors)('cites law and technique with their versions for $name', ({ cites, techniques }) => {
    expect(techniques.length).toBeGreaterThan(0);
    expect(techniques.every(({ id, version }) => /^T\d{4}(\.\d{3})?$/.test(id) && /^v\d+$/.test(version))).toBe(true);
    expect(cites.length).toBeGreaterThan(0);
    expect(cites.every(({ law, article, version }) => law !== '' && article !== '' && version !== '')).toBe(true);
  });

  it.each(detectors)('gives every setting of $name a default and a description, and refuses others', ({ settings }) => {
    const { properties = {} } = z.toJSONSchema(settings, { io: 'input' });
    for (const property of Object.values(properties))
      expect(property).toMatchObject({
        default: expect.anything() as unknown,
        description: expect.any(String) as unknown,
      });
    expect(settings.safeParse({}).success).toBe(true);
    expect(settings.safeParse({ nonsense: 1 }).success).toBe(false);
  });
});
