import type { PosturePoint } from './posture-trend.ts';
import type { ToldPosture } from '../../../src/posture-desk.ts';
import type { PostureTerm } from '../../../src/posture/terms.ts';
import type { TrustTerm } from '../../../src/posture/trust.ts';
import { call } from '../api.ts';

export type { PostureTerm, ToldPosture, TrustTerm };

/** The score of the whole platform now, and how it went in the last day. */
export async function currentPosture(): Promise<{ posture: ToldPosture; points: readonly PosturePoint[] }> {
  const [posture, series] = await Promise.all([
    call<ToldPosture>('GET', 'posture'),
    call<{ points: PosturePoint[] }>('GET', 'posture/series'),
  ]);
  return { posture, points: series.points };
}
