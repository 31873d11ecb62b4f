import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Connections, limitsWithin, tellingOnce, type ConnectionRefusal } from '../src/connections.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
});

async function listening(server: Server, connections: Connections): Promise<number> {
  connections.guard(server);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** A connection from this address, and whether it is still open when the server has seen it. */
async function from(localAddress: string, port: number): Promise<{ socket: Socket; isOpen: () => Promise<boolean> }> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  const answered = Promise.race([once(socket, 'data').then(() => true), once(socket, 'close').then(() => false)]);
  return { socket, isOpen: () => answered };
}

const greeting = (): Server => createServer((socket) => void socket.write('hello'));

describe('the connections of a port', () => {
  it('are so many of one address, and others still get in', async () => {
    const refusals: ConnectionRefusal[] = [];
    const connections = new Connections({ total: 100, perAddress: 2 }, (refusal) => refusals.push(refusal));
    const port = await listening(greeting(), connections);
    const crowd = [await from('127.0.0.2', port), await from('127.0.0.2', port), await from('127.0.0.2', port)];
    const other = await from('127.0.0.1', port);
    expect(await Promise.all([...crowd, other].map(({ isOpen }) => isOpen()))).toEqual([true, true, false, true]);
    expect(refusals).toEqual([{ address: '127.0.0.2', reason: 'too many connections from this address' }]);
    expect([connections.open, connections.refused]).toEqual([3, 1]);
  });

  it('are so many in all, and one that ends makes room', async () => {
    const connections = new Connections({ total: 1, perAddress: 5 }, () => undefined);
    const port = await listening(greeting(), connections);
    const first = await from('127.0.0.1', port);
    expect(await first.isOpen()).toBe(true);
    expect(await (await from('127.0.0.2', port)).isOpen()).toBe(false);
    first.socket.destroy();
    await expect.poll(() => connections.open).toBe(0);
    expect(await (await from('127.0.0.2', port)).isOpen()).toBe(true);
  });

  it('that are refused never reach the HTTP server behind', async () => {
    const connections = new Connections({ total: 1, perAddress: 1 }, () => undefined);
    let requests = 0;
    const server = createHttpServer((_request, response) => response.end(String(++requests)));
    const port = await listening(server, connections);
    const keptAlive = await from('127.0.0.1', port);
    keptAlive.socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    expect(await keptAlive.isOpen()).toBe(true);
    const refused = await from('127.0.0.1', port);
    refused.socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    expect(await refused.isOpen()).toBe(false);
    expect(requests).toBe(1);
  });
});

describe('of refused connections', () => {
  it('people are told once a minute and address, with how many there were', () => {
    let now = 0;
    const told: [string, number][] = [];
    const tell = tellingOnce(
      ({ address }, connections) => told.push([address, connections]),
      () => now,
    );
    const refuse = (address: string) => tell({ address, reason: 'too many connections' });
    for (let i = 0; i < 500; i++) refuse('192.0.2.1');
    refuse('192.0.2.2');
    now = 60_000;
    refuse('192.0.2.1');
    expect(told).toEqual([
      ['192.0.2.1', 1],
      ['192.0.2.2', 1],
      ['192.0.2.1', 500],
    ]);
  });
});

describe('the limits of a port', () => {
  const wanted = { total: 10_000, perAddress: 2_000 };

  it('leave room for files where few may be open', () => {
    expect(limitsWithin(wanted, 3, 4_096)).toEqual({ total: 1_194, perAddress: 1_194 });
  });

  it('are as wanted where many may be open, or nobody knows', () => {
    expect(limitsWithin(wanted, 3, 1_048_576)).toEqual(wanted);
    expect(limitsWithin(wanted, 3, undefined)).toEqual(wanted);
  });
});
