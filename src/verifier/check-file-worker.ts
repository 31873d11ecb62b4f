import { parentPort } from 'node:worker_threads';
import { checkFile, type FileTask } from './check-file.ts';

/** A thread of the verifier: a file at a time. */
parentPort!.on('message', (task: FileTask) => {
  const result = checkFile(task, (told) => parentPort!.postMessage({ told }));
  parentPort!.postMessage({ result });
});
