import type { EventSeal } from '../../../src/evidence/proof.ts';
import type { ChainState } from '../../../src/evidence/evidence-desk.ts';
import type { Hold } from '../../../src/evidence/hold.ts';
import { call } from '../api.ts';
import { namesIn } from './names.ts';

export function sealOf(event: string): Promise<EventSeal> {
  return call('GET', `events/${encodeURIComponent(event)}/seal`);
}

export function chainState(): Promise<ChainState> {
  return call('GET', 'evidence');
}

export async function startCheck(): Promise<void> {
  await call('POST', 'evidence/check', {});
}

export async function listHolds(): Promise<readonly Hold[]> {
  return (await call<{ holds: readonly Hold[] }>('GET', 'holds')).holds;
}

/** What somebody fills in; times as a field for them has them, in the zone of the page. */
export interface HoldForm {
  name: string;
  from: string;
  to: string;
  /** Separated by blanks or commas; '' for all. */
  assets: string;
  actors: string;
  why: string;
}

export async function placeHold({ name, from, to, assets, actors, why }: HoldForm): Promise<void> {
  const times = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  await call('POST', 'holds', { name, ...times, assets: namesIn(assets), actors: namesIn(actors), why });
}

export async function askRelease(id: string, why: string): Promise<void> {
  await call('POST', `holds/${id}/release`, { why });
}

export async function decideRelease(id: string, act: 'approve' | 'refuse'): Promise<void> {
  await call('POST', `holds/${id}/${act}`, {});
}

/** Has the browser keep a proof as a file. */
export function download(name: string, content: object): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
