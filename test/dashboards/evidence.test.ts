import { describe, expect, it } from 'vitest';
import { namesIn } from '../../dashboards/src/evidence/names.ts';

describe('names in the form of a legal hold', () => {
  it('are separated by blanks and by the commas of both languages, and none is empty', () => {
    expect(namesIn(' people, roads；x，张三、李四\n ')).toEqual(['people', 'roads；x', '张三', '李四']);
    expect(namesIn(' ')).toEqual([]);
  });
});
