import type { Reveal } from '../../../src/access/reveals.ts';
import type { Event } from '../../../src/event/event.ts';
import { call } from '../api.ts';

export const PURPOSES = ['investigation', 'complaint', 'audit', 'other'] as const;

export interface RevealWish {
  purpose: (typeof PURPOSES)[number];
  reason: string;
}

/** @returns the event as it was logged; without it while somebody else has to agree. @throws ApiError */
export function reveal(event: string, wish: RevealWish): Promise<{ reveal: Reveal; event?: Event }> {
  return call('POST', `events/${encodeURIComponent(event)}/reveal`, wish);
}

export async function listReveals(): Promise<readonly Reveal[]> {
  return (await call<{ requests: readonly Reveal[] }>('GET', 'reveal-requests')).requests;
}

export async function decideReveal(id: string, act: 'approve' | 'refuse'): Promise<void> {
  await call('POST', `reveal-requests/${id}/${act}`, {});
}

/** Whether a pseudonym stands in the text (src/access/masking/kinds.ts). */
export function hasMasked(text: string): boolean {
  return /‹[^‹›#]{2,20}#[\w-]{10}›/.test(text);
}
