import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACTIONS, attributeOf } from '../../../src/event/event.ts';
import { KINDS } from '../../../src/event/formats/wanglou.ts';
import { read } from './read.ts';

const text = readFileSync(new URL('../../../src/event/formats/README.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/```json\n(.*?)\n```/gs)].map((found) => found[1]!);

describe('the README of the formats', () => {
  it('has an example of each kind', () => {
    expect(examples.map((example) => (JSON.parse(example) as { kind: string }).kind).sort()).toEqual(
      [...KINDS.keys()].sort(),
    );
  });

  it.each(examples)('shows a record that is read without a fault: %s', (example) => {
    const { time, kind, ...stated } = JSON.parse(example) as { time: string; kind: string };
    const event = read(example);
    expect(event).toMatchObject({ format: 'wanglou', fault: '', time: Date.parse(time), ...stated });
    expect(attributeOf(event, 'kind')).toBe(kind);
    expect((ACTIONS as readonly string[]).includes(event.action)).toBe(true);
  });
});
