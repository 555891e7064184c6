import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { type LoopbackRedirect, openLoopbackRedirect } from '../../src/node/loopback-redirect.ts';

/** What programs and pages of this machine can send to the listener of `d365 connect`. */
const foreign: readonly string[] = [
  'GET /?state= HTTP/1.1',
  'GET /?state=guessed&code=attack HTTP/1.1',
  'GET /?state=guessed&error=access_denied HTTP/1.1',
  'GET /?code=attack HTTP/1.1',
  'GET /favicon.ico?state=right HTTP/1.1',
  'POST /?state=right HTTP/1.1',
  'GET // HTTP/1.1',
  'GET //other.example/?state=right HTTP/1.1',
  'GET http://[ HTTP/1.1',
  'GET http://other.example/?state=right HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  `GET /?state=right%00 HTTP/1.1`,
  `GET /?state=${'x'.repeat(8000)} HTTP/1.1`,
];

describe('the listener of a sign-in on this machine', () => {
  let redirect: LoopbackRedirect;
  beforeEach(async () => {
    redirect = await openLoopbackRedirect();
  });
  afterEach(() => redirect.close());

  async function send(line: string): Promise<string> {
    const { port } = new URL(redirect.redirectUri);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    let answer = '';
    for await (const part of socket) answer += String(part);
    return answer.split('\r\n')[0] ?? '';
  }

  it('answers every foreign request, and waits on for its own', async () => {
    let received: string | undefined;
    const callback = redirect.waitFor({ state: 'right' }).then((url) => {
      received = url;
      return url;
    });
    for (const line of foreign) {
      expect(await send(line), line).to.match(/^HTTP\/1\.1 4\d\d/);
      expect(received, line).to.equal(undefined);
    }
    expect(await send('GET /?code=c&state=right HTTP/1.1')).to.equal('HTTP/1.1 200 OK');
    expect(await callback).to.equal(`${redirect.redirectUri}/?code=c&state=right`);
  });

  it('takes no request before the sign-in has begun', async () => {
    expect(await send('GET /?code=c&state=right HTTP/1.1')).to.match(/404/);
    const callback = redirect.waitFor({ state: 'right' });
    await send('GET /?code=d&state=right HTTP/1.1');
    expect(await callback).to.contain('code=d');
  });
});
