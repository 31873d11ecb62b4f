import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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
    expect(read(example)).toMatchObject({ format: 'wanglou', fault: '' });
  });
});
