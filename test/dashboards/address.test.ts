import { describe, expect, it } from 'vitest';
import { addressIn, hashOf } from '../../dashboards/src/address.ts';
import { addressOf } from '../../dashboards/src/profiles/subject.ts';

const read = (hash: string): unknown[] => {
  const { page, id, query } = addressIn(hash);
  return [page, id, query.toString()];
};

describe('the address of a page', () => {
  it('leads back to the same page, whatever its name and query contain', () => {
    for (const id of ['aid.families', '/person/{id}?x=1#y', '名 称', '<script>/..', '100%', '\u202ex'])
      expect(read(hashOf('asset', id, 'q=%E6%9D%8E%3F'))).toEqual(['asset', id, 'q=%E6%9D%8E%3F']);
    expect(read(hashOf('findings', '', 'severity=high'))).toEqual(['findings', '', 'severity=high']);
    expect(hashOf('')).toBe('#/');
  });

  it('is that of the first page when it says nothing, or what is no address of ours', () => {
    for (const hash of ['', '#', '#/', '#6f1c3a52', '#code=x']) expect(read(hash)).toEqual(['', '', '']);
  });

  it('takes what was mistyped as it is', () => {
    expect(read('#/vendor/%E0%A4%A')).toEqual(['vendor', '%E0%A4%A', '']);
    expect(read('#/vendor/')).toEqual(['vendor', '', '']);
  });

  it('is none for a name that no server answers about', () => {
    expect([addressOf('actor', ''), addressOf('actor', 'x'.repeat(10_000))]).toEqual(['', '']);
  });
});
