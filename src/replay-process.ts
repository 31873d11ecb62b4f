import { fileURLToPath } from 'node:url';
import { runChild } from './child-run.ts';
import type { ReplayProgress, ReplayRequest, ReplayResult } from './replay.ts';

/** What the process says (src/replay-child.ts). */
export type ReplayMessage = { progress: ReplayProgress } | { result: ReplayResult } | { failure: string };

const CHILD = fileURLToPath(new URL('./replay-child.ts', import.meta.url));

export type StartReplay = (
  request: ReplayRequest,
  onProgress: (progress: ReplayProgress) => void,
) => { ended: Promise<ReplayResult>; kill: () => void };

/** Replays a gap in a process of its own. `ended` rejects when it failed. */
export const startReplay: StartReplay = (request, onProgress) => {
  let end: Exclude<ReplayMessage, { progress: ReplayProgress }> | undefined;
  const { ended, kill } = runChild(CHILD, request, (said) => {
    const message = said as ReplayMessage;
    if ('progress' in message) onProgress(message.progress);
    else end = message;
  });
  const result = ended.then(({ message }) => {
    if (end !== undefined && 'result' in end) return end.result;
    throw new Error(end?.failure ?? message);
  });
  return { ended: result, kill };
};
