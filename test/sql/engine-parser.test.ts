import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { engineParser, type EngineParser } from '../../src/sql/engine-parser.ts';
import { Authority } from '../integration/certificates.ts';

const account = { user: 'hunter', password: 'se:cret', database: 'views' };
const open: { server?: Server; parser?: EngineParser; dir?: string } = {};
afterEach(() => {
  open.parser?.close();
  open.server?.close();
  if (open.dir) rmSync(open.dir, { recursive: true });
});

async function listening(server: Server): Promise<number> {
  open.server = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('the parser of the store', () => {
  it('gets parameters as ClickHouse reads them, and the account in headers, never in the address', async () => {
    const asked: URL[] = [];
    const users: unknown[] = [];
    const answer: RequestListener = (request, response) => {
      asked.push(new URL(request.url!, 'http://store'));
      users.push([request.headers['x-clickhouse-user'], request.headers['x-clickhouse-key']]);
      request.resume().on('end', () => response.end('["SelectWithUnionQuery"]\n[" ExpressionList"]\n'));
    };
    const port = await listening(createServer(answer));
    open.parser = engineParser({ url: `http://127.0.0.1:${port}`, ...account });
    const values = { text: "a\\b\tc\n'd'", many: ["x'y", 'z'], number: 7, flag: true, nothing: null };
    expect(await open.parser.tree('SELECT 1', values)).toEqual(['SelectWithUnionQuery', ' ExpressionList']);
    expect(Object.fromEntries(asked[0]!.searchParams)).toMatchObject({
      ...{ param_text: "a\\\\b\\tc\\n\\'d\\'", param_many: "['x\\'y','z']", param_number: '7', param_flag: '1' },
      ...{ param_nothing: '\\N', database: 'views' },
    });
    expect([users[0], asked[0]!.href]).toEqual([['hunter', 'se:cret'], expect.not.stringContaining('cret')]);
  });

  it('says what the store says against a statement, with its number', async () => {
    const port = await listening(
      createServer((request, response) => {
        response.writeHead(400, { 'X-ClickHouse-Exception-Code': '62' });
        request.resume().on('end', () => response.end('Code: 62. DB::Exception: Syntax error: failed at position 3'));
      }),
    );
    open.parser = engineParser({ url: `http://127.0.0.1:${port}`, ...account });
    const said = { message: 'Syntax error: failed at position 3', code: '62' };
    await expect(open.parser.formatted('SEL')).rejects.toMatchObject(said);
  });

  it('trusts a server of the CA that is named, and no other', async () => {
    open.dir = mkdtempSync(join(tmpdir(), 'wanglou-parser-'));
    const authority = new Authority(open.dir);
    const { cert, key } = authority.issue('store');
    const files = { cert: readFileSync(cert), key: readFileSync(key) };
    const port = await listening(
      createTlsServer(files, (request, response) => {
        request.resume().on('end', () => response.end('["SELECT 1"]\n'));
      }),
    );
    const address = { url: `https://127.0.0.1:${port}`, ...account };
    open.parser = engineParser({ ...address, tls: { ca_cert: readFileSync(authority.ca) } });
    expect(await open.parser.formatted('select 1')).toBe('SELECT 1');
    const stranger = engineParser(address);
    await expect(stranger.formatted('select 1')).rejects.toThrow(/certificate/);
    stranger.close();
  });
});
