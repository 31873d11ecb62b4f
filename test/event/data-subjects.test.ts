import { describe, expect, it } from 'vitest';
import { DataSubjects } from '../../src/event/data-subjects.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';

const subjects = new DataSubjects('a key of at least thirty-two characters');
/** Made up, with a right check character. */
const CARD = '11010519491231002X';
const PHONE = '13800138000';

function protectedEvent(fields: Partial<Event>, keep = false): Event {
  const event = { ...emptyEvent(), ...fields };
  subjects.protect(event, keep);
  return event;
}

describe('identifiers of persons at the door', () => {
  it('become keyed hashes everywhere in the event', () => {
    const text = `SELECT * FROM person WHERE id_card = '${CARD}' OR phone = '${PHONE}'`;
    const event = protectedEvent({ raw: text, message: text, attributes: ['id_card', CARD], asset: `/person/${CARD}` });
    expect(event.dataSubjects).toEqual([subjects.hashOf(CARD), subjects.hashOf(PHONE)]);
    expect(JSON.stringify(event)).not.toMatch(/110105|13800/);
    expect(event.raw).toBe(
      `SELECT * FROM person WHERE id_card = '${subjects.hashOf(CARD)}' OR phone = '${subjects.hashOf(PHONE)}'`,
    );
    expect(event.attributes).toEqual(['id_card', subjects.hashOf(CARD)]);
  });

  it('that the sender states are hashed too, and taken out of the text', () => {
    const event = protectedEvent({ raw: '{"dataSubjects":["resident-4711"]}', dataSubjects: ['resident-4711'] });
    expect(event.dataSubjects).toEqual([subjects.hashOf('resident-4711')]);
    expect(event.raw).not.toContain('4711');
  });

  it('that are stated in thousands, each a part of what stands for the others, leave the event its size', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const dataSubjects = Array.from({ length: 1_000 }, (_, i) => `ds_${letters[i % letters.length]!}`);
    const { raw } = protectedEvent({ raw: dataSubjects.join(','), dataSubjects });
    expect(raw.split(',')).toEqual(dataSubjects.map((subject) => subjects.hashOf(subject)));
  });

  it('of which one begins another are each taken out whole', () => {
    const { raw } = protectedEvent({ raw: 'res-471 res-4711 res-47112', dataSubjects: ['res-471', 'res-4711'] });
    expect(raw).toBe(`${subjects.hashOf('res-471')} ${subjects.hashOf('res-4711')} ${subjects.hashOf('res-4711')}2`);
  });

  it('are found in an event that brings no original text', () => {
    expect(protectedEvent({ message: `looked up ${PHONE}` }).dataSubjects).toEqual([subjects.hashOf(PHONE)]);
  });

  it('are not seen in the login of the one who acts', () => {
    const event = protectedEvent({ account: PHONE, raw: `user=${PHONE} id=${CARD}` });
    expect(event).toMatchObject({ dataSubjects: [subjects.hashOf(CARD)], account: PHONE });
    expect(event.raw).toContain(`user=${PHONE}`);
  });

  it('stay where the source keeps them, with their hashes beside', () => {
    const event = protectedEvent({ raw: `id ${CARD}` }, true);
    expect(event).toMatchObject({ raw: `id ${CARD}`, dataSubjects: [subjects.hashOf(CARD)] });
  });

  it.each([
    ['a wrong check character', '110105194912310021'],
    ['a month that does not exist', '110105194913310021'],
    ['a time in milliseconds', '1790000000123'],
    ['a number inside a longer one', '2138001380001'],
    ['digits inside a word', 'a13800138000b'],
  ])('are not seen in %s', (_title, text) => {
    const event = protectedEvent({ raw: `value ${text}` });
    expect(event).toMatchObject({ raw: `value ${text}`, dataSubjects: [] });
  });

  it('have the same hash in small letters and with blanks, another under another key, and are not hashed twice', () => {
    expect(subjects.hashOf('110105 19491231 002x')).toBe(subjects.hashOf(CARD));
    expect(new DataSubjects('another key of thirty-two characters').hashOf(CARD)).not.toBe(subjects.hashOf(CARD));
    const event = protectedEvent({ raw: `id ${CARD}` });
    const again = { ...event };
    subjects.protect(again, false);
    expect(again).toEqual(event);
  });
});
