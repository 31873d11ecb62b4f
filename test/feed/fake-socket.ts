import { EventEmitter } from 'node:events';
import type { FeedSocket } from '../../src/feed/feed-client.ts';
import type { Frame } from '../../src/feed/frame.ts';
import type { Changes, FeedMessage } from '../../src/feed/protocol.ts';

/** A WebSocket that notes what is done with it. */
export class FakeSocket extends EventEmitter implements FeedSocket {
  bufferedAmount = 0;
  sent: Buffer[] = [];
  pings = 0;
  closed: [number, string] | undefined;
  terminated = false;
  sendFrame({ text }: Frame): void {
    this.sent.push(text);
  }
  ping(): void {
    this.pings++;
  }
  close(code: number, reason: string): void {
    this.closed = [code, reason];
  }
  terminate(): void {
    this.terminated = true;
  }
  get messages(): FeedMessage[] {
    return this.sent.map((data) => JSON.parse(data.toString()) as FeedMessage);
  }
  get changes(): Changes[] {
    return this.messages.filter((message) => message.type !== 'hello');
  }
}
