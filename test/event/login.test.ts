import { describe, expect, it } from 'vitest';
import { loginOf } from '../../src/event/login.ts';

describe('the spelling of a login name', () => {
  it.each([
    ['wangfang', 'wangfang'],
    ['WangFang', 'wangfang'],
    ['CORP\\WangFang', 'wangfang'],
    ['corp.example\\wangfang', 'wangfang'],
    ['wangfang@CORP.EXAMPLE', 'wangfang'],
    ['WEB01$', 'web01$'],
    ['王芳', '王芳'],
    ['', ''],
    ['\\', '\\'],
    ['CORP\\', 'corp\\'],
  ])('of %s is %s', (account, login) => {
    expect(loginOf(account)).toBe(login);
  });

  it.each(['wangfang@mail.example', 'Wangfang@Mail.example', '@CORP'])(
    'keeps what may be an address: %s',
    (account) => {
      expect(loginOf(account)).toBe(account.toLowerCase());
    },
  );
});
