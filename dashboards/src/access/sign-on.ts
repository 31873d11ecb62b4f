import { call } from '../api.ts';
import type { Activation } from './activation-address.ts';

/** What the way back has to know of the way there, in this tab only. */
const KEY = 'wanglou.activation';

/** Leaves for the provider. @param activation of the account that is bound to who comes back. @throws ApiError */
export async function leaveForProvider(activation?: Activation): Promise<void> {
  const { url } = await call<{ url: string }>('GET', 'sign-on');
  if (activation) sessionStorage.setItem(KEY, JSON.stringify({ name: activation.account, code: activation.code }));
  else sessionStorage.removeItem(KEY);
  location.assign(url);
}

/** What the provider sent the browser back with, taken out of the address; '' when it did not come from there. */
export function takeReturn(): string {
  const given = new URLSearchParams(location.search);
  if (!given.has('state') || !(given.has('code') || given.has('error'))) return '';
  history.replaceState(null, '', location.pathname + location.hash);
  return given.toString();
}

/** Signs in with what the provider sent back. @throws ApiError */
export async function finishReturn(codeAndState: string): Promise<void> {
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  const activation = kept === null ? {} : { activation: JSON.parse(kept) as object };
  await call('POST', 'sign-on', { codeAndState, ...activation });
}
