import type { zhWall } from './zh-wall.ts';

/** English texts of the wall screen, key by key as in zh-wall.ts. */
export const enWall: typeof zhWall = {
  label: 'Wall screen, Esc leads back',
  rate: '{rate} events/s',
  lost: 'Connection lost: what you see is {age} old',
  stale: 'The server hears nothing from its programs: what you see may be out of date',
  findings: 'Open findings, the gravest first',
  incidents: 'Latest incidents',
  sources: 'Log sources',
  noFindings: 'No open findings',
  ago: '{age} ago',
  sourcesWell: '{well} of {all} log sources are well',
};
