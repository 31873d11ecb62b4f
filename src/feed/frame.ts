import { constants, deflateRawSync } from 'node:zlib';
import type { Changes, Hello } from './protocol.ts';

/** Below this, deflating costs more than it saves. */
const DEFLATE_FROM_BYTES = 1_024;
const FIN = 0x80;
/** Says that the payload is deflated (RFC 7692). */
const RSV1 = 0x40;
const TEXT = 0x01;

/** A message of the feed as a whole WebSocket frame, made once however many clients it goes to. */
export interface Frame {
  /** The message, JSON. */
  readonly text: Buffer;
  /** The number that a client stands at when it has taken the message in. */
  readonly n: number;
  /** Nothing of the subscription has changed. */
  readonly isEmpty: boolean;
  /** The frame for clients without compression. */
  readonly plain: Buffer;
  /** The frame for those with permessage-deflate without context; deflated when the first one takes it. */
  readonly deflated: Buffer;
}

export function helloFrame(hello: Hello): Frame {
  return frameOf(hello, 0, false);
}

export function changesFrame(changes: Changes): Frame {
  const { type, findings, rates, sources, incidents, gone, posture, health } = changes;
  const isEmpty =
    type === 'batch' &&
    findings.length + rates.length + sources.length === 0 &&
    (incidents ?? gone ?? posture ?? health) === undefined;
  return frameOf(changes, changes.n, isEmpty);
}

function frameOf(message: Hello | Changes, n: number, isEmpty: boolean): Frame {
  const text = Buffer.from(JSON.stringify(message));
  let plain: Buffer | undefined;
  let deflated: Buffer | undefined;
  return {
    text,
    n,
    isEmpty,
    get plain() {
      return (plain ??= withHeader(text, FIN | TEXT));
    },
    get deflated() {
      return text.length < DEFLATE_FROM_BYTES
        ? this.plain
        : (deflated ??= withHeader(deflate(text), FIN | RSV1 | TEXT));
    },
  };
}

/** RFC 7692: the last four bytes of a flush, 00 00 ff ff, are left out. */
function deflate(text: Buffer): Buffer {
  return deflateRawSync(text, { level: 1, finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

/** RFC 6455, section 5.2: a server's frame is not masked. */
function withHeader(payload: Buffer, first: number): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  const header = Buffer.alloc(length < 65_536 ? 4 : 10);
  header[0] = first;
  if (length < 65_536) {
    header[1] = 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, payload]);
}
