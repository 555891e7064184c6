import { connect } from 'node:net';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { createSandbox, type Sandbox } from '../../src/index.ts';

describe('sandbox: malformed requests', () => {
  let sandbox: Sandbox;
  before(async () => {
    const everything = { maxRequests: Infinity, maxExecutionMs: Infinity, maxConcurrentRequests: Infinity };
    sandbox = await createSandbox({
      organizations: [{ name: 'contoso', data: 'empty' }],
      limits: everything,
    });
  });
  after(() => sandbox.close());

  /** Sends bytes over a new connection and returns the status codes of the responses. */
  function send(origin: string, bytes: string): Promise<number[]> {
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      const socket = connect(Number(new URL(origin).port), '127.0.0.1', () =>
        socket.end(Buffer.from(bytes, 'latin1')),
      );
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', () => {});
      socket.on('close', () => {
        const text = Buffer.concat(chunks).toString('latin1');
        resolve([...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)));
      });
    });
  }

  const word = fc.oneof(
    fc.constantFrom(
      'accounts',
      'WhoAmI',
      '$batch',
      '$metadata',
      'api',
      'data',
      'v9.2',
      '..',
      '%',
      '%00',
      '(',
      "('",
      ')',
    ),
    fc.constantFrom(
      'oauth2',
      'v2.0',
      'token',
      'authorize',
      'signin',
      'common',
      '.well-known',
      '__sandbox',
      'Instances',
    ),
    fc.string({ maxLength: 12 }).map((text) => encodeURIComponent(text.toWellFormed())),
  );
  const target = fc
    .tuple(
      fc.constantFrom('/', '/api/data/v9.2/', '/common/', '/api/discovery/'),
      fc.array(word, { maxLength: 5 }),
    )
    .map(([start, words]) => start + words.join('/'));
  const query = fc.oneof(
    fc.constant(''),
    fc.webQueryParameters().map((text) => `?${text}`),
    fc.constant('?$filter=(('),
  );
  const body = fc.oneof(fc.constant(''), fc.json(), fc.string(), fc.constant('a=b&a=b&client_id=%'));
  const type = fc.constantFrom(
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/mixed; boundary=x',
    'x',
  );
  const method = fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'FOO');
  const header = fc.constantFrom(
    ...['', '', 'Prefer: ,;=\r\nAuthorization: Bearer GOOD', 'If-Match: W/\r\nAuthorization: Bearer GOOD'],
    ...[
      'Cookie: =;=',
      'Authorization: Basic %',
      'Accept: text/html',
      'Accept: text/html\r\nCookie: _session=x',
    ],
  );
  const wellFormed = fc.record({ method, target, query, body, type, header }).map((parts) => {
    const bytes = Buffer.from(parts.body).toString('latin1');
    const head = [
      `${parts.method} ${parts.target}${parts.query} HTTP/1.1`,
      'Host: 127.0.0.1',
      parts.header || 'Authorization: Bearer GOOD',
      `Content-Type: ${parts.type}`,
      `Content-Length: ${bytes.length}`,
    ];
    return `${head.join('\r\n')}\r\n\r\n${bytes}`;
  });
  const malformed = fc
    .tuple(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('\r\n\r\n', '\n', ' HTTP/1.1\r\n\r\n', ''),
    )
    .map((parts) => parts.join(''));
  const request = fc.oneof({ weight: 9, arbitrary: wellFormed }, { weight: 1, arbitrary: malformed });

  it('5,000 malformed requests cause no crash and no internal error', async () => {
    const origins = [sandbox.organization.origin, sandbox.authority.url, sandbox.discovery.url];
    for (const origin of origins) {
      await fc.assert(
        fc.asyncProperty(fc.array(request, { minLength: 20, maxLength: 20 }), async (requests) => {
          const token = sandbox.issueToken(undefined, { origin });
          const responses = await Promise.all(
            requests.map((text) => send(origin, text.replace('GOOD', token))),
          );
          for (const [i, statuses] of responses.entries()) {
            for (const status of statuses) expect(status, requests[i]).to.be.within(200, 499);
          }
        }),
        { numRuns: 84, endOnFailure: true },
      );
      expect(await send(origin, 'GET /common/v2.0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')).to.have.length(1);
    }
  });
});
