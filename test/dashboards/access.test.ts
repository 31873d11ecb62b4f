import { describe, expect, it } from 'vitest';
import { activationIn } from '../../dashboards/src/access/activation-address.ts';
import { PEOPLES_ROLES } from '../../dashboards/src/access/peoples-roles.ts';
import { zh } from '../../dashboards/src/messages/zh.ts';
import { REASONS } from '../../src/access/objections.ts';
import { ROLES } from '../../src/access/permissions.ts';

describe('the texts of accounts', () => {
  it('say each reason that the server has against a change', () => {
    expect(REASONS.filter((reason) => !(reason in zh.reason))).toEqual([]);
  });

  it('have a name for each role that people can have', () => {
    expect([...PEOPLES_ROLES, 'forwarder'].sort()).toEqual([...ROLES].sort());
    expect(PEOPLES_ROLES.filter((role) => !(role in zh.role))).toEqual([]);
  });
});

describe('the address of an activation', () => {
  it('carries account and code, and is no other address', () => {
    expect(activationIn('#account=li.wei&activation=a-b_c')).toEqual({ account: 'li.wei', code: 'a-b_c' });
    for (const hash of ['', '#', '#/access', '#code=x', '#account=li.wei', '#activation=x&account='])
      expect(activationIn(hash)).toBeUndefined();
  });
});
