import { createSocket, type RemoteInfo } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { BATCH_BYTES, COUNTER, HEADER_BYTES, MAX_BATCHES_UNDERWAY } from './udp-batch.ts';
import type { FromUdpReader, UdpReaderOptions } from './udp-batch.ts';

/**
 * The thread that reads datagrams and does nothing else: a main thread that is busy for a second would lose most of them.
 */
const options = workerData as UdpReaderOptions;
const counters = new Int32Array(options.counters);
const socket = createSocket({ type: isIPv6(options.host) ? 'udp6' : 'udp4' });

let bytes = Buffer.allocUnsafeSlow(BATCH_BYTES);
let length = 0;
let peers: string[] = [];
let peerIndex = new Map<string, number>();
let isFlushDue = false;

function send(message: FromUdpReader, transfer: ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, transfer);
}

function flush(): void {
  isFlushDue = false;
  if (length === 0) return;
  Atomics.add(counters, COUNTER.batchesUnderway, 1);
  const { buffer } = bytes;
  send({ kind: 'batch', batch: { bytes: buffer, length, peers } }, [buffer]);
  bytes = Buffer.allocUnsafeSlow(BATCH_BYTES);
  length = 0;
  peers = [];
  peerIndex = new Map();
}

function indexOfPeer(address: string): number {
  let index = peerIndex.get(address);
  if (index === undefined) {
    index = peers.push(address) - 1;
    peerIndex.set(address, index);
  }
  return index;
}

function take(datagram: Buffer, peer: RemoteInfo): void {
  if (Atomics.load(counters, COUNTER.batchesUnderway) >= MAX_BATCHES_UNDERWAY) {
    Atomics.add(counters, COUNTER.dropped, 1);
    return;
  }
  if (length + HEADER_BYTES + datagram.length > BATCH_BYTES) flush();
  bytes.writeUInt16LE(datagram.length, length);
  bytes.writeUInt16LE(indexOfPeer(peer.address), length + 2);
  datagram.copy(bytes, length + HEADER_BYTES);
  length += HEADER_BYTES + datagram.length;
  if (isFlushDue) return;
  isFlushDue = true;
  setImmediate(flush);
}

socket.on('message', take);
socket.on('error', (error: NodeJS.ErrnoException) => {
  send({ kind: 'failed', code: error.code ?? '', message: error.message });
});
socket.bind({ address: options.host, port: options.port, exclusive: true }, () => {
  socket.setRecvBufferSize(options.receiveBufferBytes);
  send({ kind: 'listening', port: socket.address().port, receiveBufferBytes: socket.getRecvBufferSize() });
});

// Any message means: stop. What has been read goes out first; the thread ends when nothing is left to do.
parentPort!.once('message', () => {
  socket.close();
  flush();
});
