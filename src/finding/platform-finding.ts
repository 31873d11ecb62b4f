import { keyedId } from '../event/id.ts';
import type { Finding } from './finding.ts';

/** What every finding about this platform itself has to say. */
type Said = Pick<
  Finding,
  'detector' | 'severity' | 'score' | 'title' | 'explanation' | 'observed' | 'unit' | 'groupKey' | 'source'
>;

/**
 * A finding about this platform itself, of no actor and no asset unless `said` says otherwise: when all is well there is nothing of
 * what is observed. The same detector and key give the same id.
 * @param at when it happened, ms since the Unix epoch.
 */
export function platformFinding(at: number, said: Said & Partial<Finding>): Finding {
  return {
    ...{ id: keyedId('finding', said.detector, said.groupKey), revision: 1, alert: true },
    ...{ actor: '', asset: '', clientAddress: '', person: '', department: '', vendor: '', system: '', assetLevel: '' },
    ...{ expected: 0, threshold: 1, windowMs: 0, sampleSize: 0, baseline: 'none' },
    ...{ eventIds: [], firstTime: at, lastTime: at, causedAt: at, count: 1 },
    ...{ techniques: [], cites: [], knownGaps: [] },
    ...said,
  };
}
