import type { Finding } from '../finding/finding.ts';
import { platformFinding } from '../finding/platform-finding.ts';
import type { Parked } from './shard.ts';

const SCORE = 65;

/** What people see when a detector threw: a finding about the platform itself, once per detector and place. */
export function parkedFinding(parked: Parked): Finding {
  const { detector, partition, place, eventId, reason, time, ingestTime, source } = parked;
  const groupKey = `${detector}\u001f${partition}\u001f${place}`;
  return platformFinding(time, {
    ...{ detector: 'engine', severity: 'high', score: SCORE, source, groupKey },
    ...{ observed: 1, unit: 'faults', eventIds: [eventId], causedAt: ingestTime },
    title: { zh: '检测器停用', en: 'Detector parked' },
    explanation: {
      zh: `检测器 ${detector} 处理事件 ${eventId} 时出错（${reason}），在分区 ${partition} 停用，直至程序重启；其他检测器照常运行。`,
      en: `Detector ${detector} failed at event ${eventId} (${reason}) and is parked on partition ${partition} until the program starts again; the others go on.`,
    },
  });
}
