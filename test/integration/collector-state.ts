import type { CollectorPulse } from '../../src/feed/pulse.ts';
import type { RunningWanglou } from './wanglou.ts';

/** What the page shows of a way in: the counters of its last pulse; undefined before the first. */
export async function collectorState(wanglou: RunningWanglou, name: string): Promise<CollectorPulse | undefined> {
  const answer = await fetch(`http://127.0.0.1:${wanglou.ports.web}/health`);
  const { collectors } = (await answer.json()) as { collectors: CollectorPulse[] };
  return collectors.find((one) => one.name === name);
}

/** What `GET /health` of the intake answers. */
export async function intakeHealth(
  wanglou: RunningWanglou,
): Promise<{ status: number; ready: boolean; problems: string[] }> {
  const answer = await fetch(`http://127.0.0.1:${wanglou.ports.intake}/health`);
  return { status: answer.status, ...((await answer.json()) as { ready: boolean; problems: string[] }) };
}
