import { describe, expect, it } from 'vitest';
import { attributes, iso, NOW, read } from './read.ts';

const TIME = '[24/Nov/2026:09:08:07 +0800]';

describe('web access logs', () => {
  it('reads the combined format', () => {
    const event = read(
      `192.0.2.4 - li.na ${TIME} "GET /api/v1/people?id=7 HTTP/1.1" 200 512 "https://p.example/" "Mozilla/5.0"`,
    );
    expect(event).toMatchObject({
      format: 'web-access',
      classUid: 6003,
      activityId: 2,
      action: 'read',
      outcome: 'success',
    });
    expect(event).toMatchObject({
      clientAddress: '192.0.2.4',
      account: 'li.na',
      asset: '/api/v1/people',
      bytes: 512,
      fault: '',
    });
    expect(iso(event)).toBe('2026-11-24T01:08:07.000Z');
    expect(attributes(event, 'method', 'query', 'status', 'referrer', 'userAgent')).toEqual({
      ...{ method: 'GET', query: 'id=7', status: '200', referrer: 'https://p.example/', userAgent: 'Mozilla/5.0' },
    });
  });

  it('reads the common format', () => {
    expect(read(`192.0.2.4 - - ${TIME} "DELETE /x HTTP/1.0" 403 -`)).toMatchObject({
      ...{ account: '', action: 'delete', activityId: 4, outcome: 'failure', bytes: 0, fault: '' },
    });
  });

  it('reads a virtual host in front, with and without a port', () => {
    expect(read(`portal.example:443 192.0.2.4 - - ${TIME} "GET / HTTP/1.1" 200 5 "-" "-"`)).toMatchObject({
      ...{ system: 'portal.example', clientAddress: '192.0.2.4' },
    });
    expect(read(`portal.example 2001:db8::9 - wang ${TIME} "GET / HTTP/2.0" 200 5`)).toMatchObject({
      ...{ system: 'portal.example', clientAddress: '2001:db8::9', account: 'wang' },
    });
  });

  it('reads a user name with spaces', () => {
    expect(read(`192.0.2.4 - li si ${TIME} "GET / HTTP/1.1" 200 5`).account).toBe('li si');
  });

  it('reads the time in front', () => {
    const event = read(`${TIME} wings.example 192.0.2.101 0.002 "GET / HTTP/1.1" 401 77 935 - Agent/1`);
    expect(event).toMatchObject({
      system: 'wings.example',
      clientAddress: '192.0.2.101',
      outcome: 'failure',
      bytes: 77,
    });
  });

  it('keeps what sites add behind', () => {
    const event = read(
      `192.0.2.4 - - ${TIME} "GET / HTTP/1.1" 200 5 "-" "ua" "198.51.100.1, 10.0.0.1" rt=0.25 uct="0.001" 17`,
    );
    expect(attributes(event, 'forwardedFor', 'rt', 'uct', 'extra4')).toEqual({
      ...{ forwardedFor: '198.51.100.1, 10.0.0.1', rt: '0.25', uct: '0.001', extra4: '17' },
    });
  });

  it('steps over escaped quotes in request and user agent', () => {
    const event = read(`192.0.2.4 - - ${TIME} "GET /a\\"b HTTP/1.1" 404 5 "-" "x \\"y\\" z"`);
    expect(event).toMatchObject({ asset: '/a\\"b', fault: '' });
    expect(attributes(event, 'userAgent')).toEqual({ userAgent: 'x \\"y\\" z' });
  });

  it('keeps a request that is no HTTP as the message', () => {
    expect(read(`192.0.2.4 - - ${TIME} "\\x16\\x03\\x01 \\x02" 400 157 "-" "-"`)).toMatchObject({
      ...{ message: '\\x16\\x03\\x01 \\x02', asset: '', action: '', outcome: 'failure', fault: '' },
    });
  });

  it('takes the path of an absolute target', () => {
    expect(read(`192.0.2.4 - - ${TIME} "GET http://h.example/p?q HTTP/1.1" 200 5`)).toMatchObject({
      asset: '/p',
      system: 'h.example',
    });
  });

  it('is recognized inside syslog', () => {
    const event = read(`<190>Nov 24 09:08:07 web nginx: 192.0.2.4 - - ${TIME} "GET / HTTP/1.1" 200 5`);
    expect(event).toMatchObject({
      format: 'rfc3164+web-access',
      host: 'web',
      service: 'nginx',
      clientAddress: '192.0.2.4',
    });
  });

  it('names the fault of a line that is cut off', () => {
    expect(read(`192.0.2.4 - - ${TIME} "GET /abc`)).toMatchObject({
      format: 'web-access',
      fault: 'the request line is never closed',
    });
    expect(read(`192.0.2.4 - - ${TIME} "GET / HTTP/1.1" abc 5`).fault).toContain("status 'abc'");
  });

  it('reads JSON access logs', () => {
    const event = read(
      '{"time_iso8601":"2026-11-24T09:08:07+08:00","remote_addr":"192.0.2.4","remote_user":"wang","request_method":"GET","request_uri":"/p?x=1","status":200,"body_bytes_sent":12}',
    );
    expect(event).toMatchObject({
      classUid: 6003,
      action: 'read',
      outcome: 'success',
      asset: '/p',
      bytes: 12,
      account: 'wang',
    });
    expect(iso(event)).toBe('2026-11-24T01:08:07.000Z');
  });
});

describe('web access logs as sites change them', () => {
  it.each([
    [`192.0.2.4 - [192.0.2.4] - wang ${TIME} "GET /p HTTP/1.1" 200 5 "-" "ua"`],
    [`192.0.2.4, 10.0.0.1 - wang ${TIME} "GET /p HTTP/1.1" 200 5 "-" "ua"`],
    [`198.51.100.9:443 192.0.2.4 - wang ${TIME} "GET /p HTTP/1.1" 200 5 "-" "ua"`],
    [`"192.0.2.4" "-" "wang" ${TIME} "GET /p HTTP/1.1" "200" "5" "-" "ua"`],
    [`192.0.2.4 wang ${TIME} "GET /p HTTP/1.1" 200 5 "-" "ua"`],
    [`192.0.2.4 - wang ${TIME}  "GET /p HTTP/1.1"  200  5  "-"  "ua"`],
    [`192.0.2.4 - wang ${TIME} "GET /p HTTP/1.1" 200 5 portal.example "-" "ua"`],
    [`192.0.2.4 - wang ${TIME} 0.005 "GET /p HTTP/1.1" 200 5 "-" "ua"`],
    [`${TIME} 192.0.2.4 - wang "GET /p HTTP/1.1" 200 5 "-" "ua"`],
    [`192.0.2.4\t-\twang\t${TIME}\t"GET /p HTTP/1.1"\t200\t5\t"-"\t"ua"`],
    [`192.0.2.4|-|wang|${TIME}|"GET /p HTTP/1.1"|200|5|"-"|"ua"`],
    ['192.0.2.4 - wang [2026-11-24T09:08:07+08:00] "GET /p HTTP/1.1" 200 5 "-" "ua"'],
    ['192.0.2.4 - wang [24/Nov/2026:09:08:07] "GET /p HTTP/1.1" 200 5 "-" "ua"'],
  ])('reads %j', (line) => {
    const event = read(line);
    expect(event).toMatchObject({
      ...{ format: 'web-access', clientAddress: '192.0.2.4', account: 'wang', asset: '/p', bytes: 5, fault: '' },
      ...{ outcome: 'success', action: 'read', raw: line },
    });
    expect(iso(event)).toBe('2026-11-24T01:08:07.000Z');
    expect(attributes(event, 'userAgent', 'status', 'referrer')).toEqual({ userAgent: 'ua', status: '200' });
  });

  it('reads Apache’s log of TLS requests, which names no status', () => {
    const event = read(`${TIME} 192.0.2.4 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 "GET /p HTTP/1.1" 291`);
    expect(event).toMatchObject({ clientAddress: '192.0.2.4', system: '', bytes: 291, outcome: '', fault: '' });
    expect(attributes(event, 'tls', 'cipher')).toEqual({ tls: 'TLSv1.2', cipher: 'ECDHE-RSA-AES128-GCM-SHA256' });
  });

  it('keeps the rest of a line whose date is none', () => {
    expect(read('192.0.2.4 - - [31/Feb/2026:09:08:07 +0800] "GET /p HTTP/1.1" 200 5')).toMatchObject({
      ...{ format: 'web-access', time: NOW, fault: "'31/Feb/2026:09:08:07 +0800' is no time", asset: '/p' },
    });
  });
});

describe('web error logs', () => {
  it('does not take a client out of a file name that the client chose', () => {
    const event = read(
      '2026/11/24 09:08:07 [error] 40#40: *42 open() "/srv/x, client: 203.0.113.9, server: z" failed (2: No such file or directory), client: 192.0.2.4, server: _, request: "GET /a HTTP/1.1", host: "p.example:443"',
    );
    expect(event).toMatchObject({ clientAddress: '192.0.2.4', system: 'p.example', service: 'nginx' });
  });

  it.each([
    ['[Tue Nov 24 09:08:07 2026] [error] [client 192.0.2.4] user bob not found: /basic/file'],
    [
      '[Tue Nov 24 09:08:07.1 2026] [auth_digest:error] [pid 1:tid 2] [client 192.0.2.4:5] AH01792: user bob: password mismatch: /d',
    ],
    [
      "[Tue Nov 24 09:08:07.1 2026] [auth_digest:error] [pid 1] [client 192.0.2.4:5] AH01790: user `bob' in realm `a b' not found: /d",
    ],
    [
      '[2026-11-24 09:08:07.1] [auth_basic:error] [pid 1] [client 192.0.2.4:5] AH01618: user bob not found: /basic/file',
    ],
    ['Nov 24 09:08:07 web httpd[7]: [auth_basic:error] [pid 7] [client 192.0.2.4:5] AH01618: user bob not found: /x'],
  ])('counts a refused sign-in: %s', (line) => {
    expect(read(line)).toMatchObject({
      ...{ account: 'bob', clientAddress: '192.0.2.4', action: 'sign-in', outcome: 'failure', severity: 4 },
    });
  });

  it.each([
    ['[client 192.0.2.4:5] AH01630: client denied by server configuration: /srv/x', '', '192.0.2.4'],
    ['[client 192.0.2.4:5] AH01631: user bob: authorization failure for "/srv/x": ', 'bob', '192.0.2.4'],
    [
      '[client [2001:db8::4]:5] AH01637: Authorization of user bob to access /srv/x failed, reason: y',
      'bob',
      '2001:db8::4',
    ],
  ])('reads a refused access: %s', (rest, account, clientAddress) => {
    expect(read(`[Tue Nov 24 09:08:07.123456 2026] [authz_core:error] [pid 1:tid 2] ${rest}`)).toMatchObject({
      ...{ account, clientAddress, asset: '/srv/x', outcome: 'failure', action: '', classUid: 6003 },
    });
  });

  it('does not take a user out of a file name', () => {
    expect(
      read(
        '[Tue Nov 24 09:08:07 2026] [error] [client 192.0.2.4] File does not exist: /srv/[client 192.0.2.9] user bob not found',
      ),
    ).toMatchObject({ account: '', clientAddress: '192.0.2.4', action: '' });
  });

  it('finds the client behind the error of the system', () => {
    expect(
      read('[Tue Nov 24 09:08:07.1 2026] [ssl:info] [pid 1] (70014)End of file found: [client 192.0.2.4:5] AH01991: x'),
    ).toMatchObject({ clientAddress: '192.0.2.4', severity: 1 });
  });

  it('reads nginx’s', () => {
    const event = read(
      '2026/11/24 09:08:07 [error] 40#40: *42 limiting requests, client: 192.0.2.4, server: s, request: "GET /a HTTP/1.1", host: "p.example"',
    );
    expect(event).toMatchObject({
      format: 'nginx-error',
      clientAddress: '192.0.2.4',
      asset: '/a',
      system: 'p.example',
      severity: 4,
    });
    expect(iso(event)).toBe('2026-11-24T01:08:07.000Z');
  });

  it('reads Apache’s, old and new', () => {
    const old = read(
      '[Tue Nov 24 09:08:07 2026] [error] [client 192.0.2.4] Directory index forbidden by rule: /var/www/',
    );
    expect(old).toMatchObject({
      format: 'apache-error',
      clientAddress: '192.0.2.4',
      message: 'Directory index forbidden by rule: /var/www/',
    });
    const now = read(
      '[Tue Nov 24 09:08:07.123456 2026] [auth_basic:error] [pid 35708:tid 43] [client 192.0.2.4:5000] AH01617: user bob: authentication failure for "/": Password Mismatch',
    );
    expect(now).toMatchObject({ account: 'bob', action: 'sign-in', outcome: 'failure', clientAddress: '192.0.2.4' });
  });
});
