import { describe, expect, it } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { cardsOf } from '../../src/detection/cards.ts';
import { FAMILIES, familyOf } from '../../src/detection/families.ts';

const cards = cardsOf(detectors, { 'bulk-read': { rowsAtLeast: 2_000 } });
const cardOf = (name: string) => cards.find((card) => card.name === name)!;

describe('the cards of detectors', () => {
  it('give every detector a family, and every family some', () => {
    expect(detectors.filter(({ name }) => familyOf(name) === undefined).map(({ name }) => name)).toEqual([]);
    expect(new Set(cards.map(({ family }) => family))).toEqual(new Set(FAMILIES));
  });

  it('carry each setting with what the configuration says, its default and its limits', () => {
    const settings = new Map(cardOf('bulk-read').settings.map((setting) => [setting.name, setting]));
    expect(settings.get('rowsAtLeast')).toMatchObject({
      type: 'number',
      default: 1_000,
      configured: 2_000,
      minimum: 1,
    });
    expect(settings.get('machineRoles')).toMatchObject({ type: 'array', configured: ['service'] });
    for (const card of cards)
      for (const setting of card.settings) {
        expect([card.name, setting.name, setting.type]).toEqual([
          card.name,
          setting.name,
          expect.stringMatching(/^(number|integer|string|array)$/),
        ]);
        expect([card.name, setting.name, setting.description]).not.toContain('');
        expect(setting.default).toBeDefined();
      }
  });

  it('say between which severities the base scores lie', () => {
    expect(cardOf('bulk-read').baseSeverity).toEqual(['medium', 'high']);
    expect(cardOf('log-tampering').baseSeverity).toEqual(['critical', 'critical']);
  });
});
