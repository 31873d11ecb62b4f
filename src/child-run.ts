import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/** Room for states and baselines of some hundred thousand subjects; a past that needs more is refused by V8. */
export const MAX_HEAP_MB = 1_536;
const KEPT_OF_STDERR = 2_000;

/** How a process ended that did not say so itself. */
export interface ChildEnd {
  reason: 'out-of-memory' | 'killed' | 'fault';
  message: string;
}

/**
 * Runs work in a process of its own, whose memory and work are not those of this program: it is sent the request and answers
 * with messages.
 * @param ended resolves when the process is gone.
 */
export function runChild(
  file: string,
  request: object,
  onMessage: (message: unknown) => void,
): { ended: Promise<ChildEnd>; kill: () => void } {
  const child = fork(file, {
    execArgv: [`--max-old-space-size=${MAX_HEAP_MB}`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  if (child.pid !== undefined) yieldToOthers(child.pid);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-KEPT_OF_STDERR)));
  const ended = new Promise<ChildEnd>((resolve) => {
    child.on('message', onMessage);
    child.on('error', (error) => resolve({ reason: 'fault', message: error.message }));
    child.on('close', (code, signal) => resolve(endedBy(code, signal, said)));
  });
  child.send(request, () => undefined);
  return { ended, kill: () => void child.kill('SIGKILL') };
}

/** Live detection comes first: from the beginning on, so that all threads of the process are like this. */
function yieldToOthers(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It is gone already: what it says at its end counts.
  }
}

function endedBy(code: number | null, signal: string | null, said: string): ChildEnd {
  if (/heap out of memory|heap limit/i.test(said))
    return { reason: 'out-of-memory', message: `it needed more than ${MAX_HEAP_MB} MB` };
  if (signal !== null) return { reason: 'killed', message: `its process was ended by ${signal}` };
  return { reason: 'fault', message: said.trim() || `its process ended with code ${code ?? 0}` };
}
