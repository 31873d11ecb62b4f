import { createSocket } from 'node:dgram';
import { setImmediate } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';

/** A thread that sends the same datagram so many times, as fast as it can. */
const { count, text, port } = workerData as { count: number; text: string; port: number };
const TOGETHER = 32;
const bytes = Buffer.from(text);
const socket = createSocket('udp4');
for (let sent = 0; sent < count; sent += TOGETHER) {
  const some = Array.from(
    { length: Math.min(TOGETHER, count - sent) },
    () => new Promise((done) => socket.send(bytes, port, '127.0.0.1', done)),
  );
  await Promise.all(some);
  await setImmediate();
}
socket.close();
