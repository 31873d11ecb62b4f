import { call } from '../api.ts';
import type { Activation } from './activation-address.ts';
import type { Enrolment } from '../../../src/access/people-door.ts';

export function enrol({ account, code }: Activation): Promise<Enrolment> {
  return call('POST', 'enrol', { name: account, code });
}

export async function activate(
  { account, code }: Activation,
  chosen: { password: string; totp: string; person: string },
): Promise<void> {
  await call('POST', 'activate', { name: account, code, ...chosen });
}
