import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { sendAndRead } from '../../src/http/policies/send-and-read.ts';
import { causeCode, type TransportError, toTransportError } from '../../src/http/transport-error.ts';
import type { HttpRequest, HttpResponse, HttpSender } from '../../src/model/http.ts';
import type { SenderOptions } from '../../src/node/network/sender-options.ts';
import { createCertificate, createHostCertificate } from '../support/certificate.ts';
import {
  bodyOf,
  closedByClient,
  type LoopbackServer,
  startServer,
  startSilentServer,
} from './loopback-server.ts';

/** The contract of a sender, tested with a real server on loopback. */
export function describeSender(name: string, create: (options?: SenderOptions) => HttpSender): void {
  describe(`${name} sender`, () => {
    let server: LoopbackServer;
    let send: HttpSender;
    const get = (request: Partial<HttpRequest> = {}) =>
      send({ method: 'GET', url: server.url, headers: {}, ...request });

    beforeEach(async () => {
      server = await startServer();
      send = create();
    });
    afterEach(() => server.close());

    it('sends method, headers and body unchanged', async () => {
      server.handle = async (request, response) => {
        const { method, url, headers } = request;
        response.end(
          JSON.stringify({ method, url, custom: headers['x-custom'], body: await bodyOf(request) }),
        );
      };
      const request = {
        method: 'PATCH',
        url: `${server.url}?$select=a,b`,
        headers: { 'x-custom': '1' },
      } as const;
      for (const body of ['{"t":"Zürich"}', new TextEncoder().encode('{"t":"Zürich"}')]) {
        expect(JSON.parse(await textOf(await send({ ...request, body })))).to.deep.equal({
          method: 'PATCH',
          url: '/api?$select=a,b',
          custom: '1',
          body: '{"t":"Zürich"}',
        });
      }
    });

    it('returns header names in lower case, with repeated headers joined', async () => {
      server.handle = (_, response) => {
        response.setHeader('REQ_ID', ['one', 'two']).setHeader('Set-Cookie', ['a=1', 'b=2']).end();
      };
      const { headers, body } = await get();
      expect(headers).to.include({ req_id: 'one, two', 'set-cookie': 'a=1, b=2' });
      expect(await textOf({ body })).to.equal('');
    });

    it('reuses connections', async () => {
      for (let n = 0; n < 20; n++) await textOf(await get());
      // undici keeps a connection out of use for one turn of the event loop, so there may be two.
      expect(server.connections.size).to.be.within(1, 2);
    });

    it('returns the right response to each of 50 concurrent requests', async () => {
      server.handle = (request, response) => void setImmediate(() => response.end(request.url));
      const numbers = Array.from({ length: 50 }, (_, n) => n);
      const texts = await Promise.all(
        numbers.map(async (n) => textOf(await get({ url: `${server.url}/${n}` }))),
      );
      expect(texts).to.deep.equal(numbers.map((n) => `/api/${n}`));
    });

    it('returns error statuses and redirects, and does not follow a redirect', async () => {
      const requestedUrls: string[] = [];
      server.handle = (request, response) => {
        requestedUrls.push(request.url!);
        response.writeHead(302, { location: `${server.url}/elsewhere` }).end('moved');
      };
      const response = await get();
      expect(response.status).to.equal(302);
      expect(response.headers.location).to.equal(`${server.url}/elsewhere`);
      expect(await textOf(response)).to.equal('moved');
      expect(requestedUrls).to.deep.equal(['/api']);
      server.handle = (_, response) => void response.writeHead(503).end('<html>');
      expect((await get()).status).to.equal(503);
    });

    const compressions = [
      ['gzip', 'gzip', gzipSync],
      ['GZIP', 'gzip', gzipSync],
      ['deflate', 'deflate', deflateSync],
      ['deflate', 'deflate without a zlib header', deflateRawSync],
      ['br', 'Brotli', brotliCompressSync],
    ] as const;
    for (const [encoding, format, compress] of compressions) {
      it(`decompresses ${format} (content-encoding: ${encoding})`, async () => {
        server.handle = (_, response) =>
          void response.setHeader('content-encoding', encoding).end(compress('{"a":"ü"}'));
        expect(await textOf(await get())).to.equal('{"a":"ü"}');
      });
    }

    it('throws for an unknown content encoding', async () => {
      server.handle = (_, response) => void response.setHeader('content-encoding', 'zip').end('PK');
      const error = await errorOf(textOf(await get()));
      expect(causeCode(error)).to.equal('CONTENT_ENCODING');
    });

    for (const [what, method, status] of [
      ['a response to HEAD', 'HEAD', 200],
      ['status 204', 'GET', 204],
      ['status 304', 'GET', 304],
    ] as const) {
      it(`reads an empty body of ${what} with a content encoding`, async () => {
        server.handle = (_, response) =>
          void response.writeHead(status, { 'content-encoding': 'gzip' }).end();
        const response = await get({ method: method as 'GET' });
        expect(response.status).to.equal(status);
        expect(await textOf(response)).to.equal('');
      });
    }

    it('skips interim responses', async () => {
      server.handle = (_, response) => {
        response.writeProcessing();
        response.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => response.end('final'));
      };
      const response = await get();
      expect([response.status, await textOf(response)]).to.deep.equal([200, 'final']);
    });

    for (const [what, answer] of [
      ['is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
      ['has an invalid header', 'HTTP/1.1 200 OK\r\na b\x00: c\r\n\r\n'],
      ['has an invalid chunk size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n'],
      ['has two different lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
      ['is empty', ''],
    ] as const) {
      it(`throws for a response that ${what}`, async () => {
        server.handle = (request) => void request.socket.end(answer);
        await errorOf(get().then(textOf));
        server.handle = (_, response) => void response.end('next');
        expect(await textOf(await get())).to.equal('next');
      });
    }

    it('opens a new connection after the server closed one behind a complete response', async () => {
      server.handle = (_, response) => {
        response.end('one', () => response.socket!.end());
      };
      expect(await textOf(await get())).to.equal('one');
      // Closed on both sides: the client has noticed it.
      await Promise.all([...server.connections].map((socket) => socket.closed || once(socket, 'close')));
      server.handle = (_, response) => void response.end('two');
      expect(await textOf(await get())).to.equal('two');
    });

    it('stops reading from the connection while the reader waits', async () => {
      let sentBytes = 0;
      let isBlocked: () => void;
      const blocked = new Promise<void>((resolve) => {
        isBlocked = resolve;
      });
      const totalBytes = 64 * 1024 * 1024;
      server.handle = async (_, response) => {
        for (const block = Buffer.alloc(64 * 1024, 'x'); sentBytes < totalBytes; sentBytes += block.length) {
          if (response.write(block)) continue;
          const timer = setTimeout(isBlocked, 300);
          await once(response, 'drain');
          clearTimeout(timer);
        }
        response.end();
      };
      const response = await get();
      await blocked;
      expect(sentBytes).to.be.below(totalBytes / 2);
      let receivedBytes = 0;
      for await (const chunk of response.body) receivedBytes += chunk.byteLength;
      expect(receivedBytes).to.equal(totalBytes);
    });

    it('ends an attempt to connect at its timeout, before anything is sent', async () => {
      const silentServer = await startSilentServer();
      send = create({ connectTimeoutMs: 50 });
      const error = await errorOf(get({ url: `https://127.0.0.1:${silentServer.port}/` }));
      const { message, maybeSent } = toTransportError('contoso', error) as TransportError;
      expect({ message, maybeSent }).to.deep.equal({
        message: 'No connection to contoso (CONNECT_TIMEOUT); nothing was sent.',
        maybeSent: false,
      });
      silentServer.close();
    });

    it('ends a request at its timeout without a byte, before the headers and inside a body', async () => {
      send = create({ idleTimeoutMs: 50 });
      server.handle = () => {};
      expect(causeCode(await errorOf(get()))).to.equal('ETIMEDOUT');
      server.handle = (_, response) => void response.write('{"value":[');
      expect(causeCode(await errorOf(get().then(textOf)))).to.equal('ETIMEDOUT');
    });

    it('throws for an incomplete gzip stream, also if the HTTP body is complete', async () => {
      const whole = gzipSync('x'.repeat(10_000));
      server.handle = (_, response) =>
        void response.setHeader('content-encoding', 'gzip').end(whole.subarray(0, -9));
      await errorOf(textOf(await get()));
    });

    for (const bytes of [0, 1, 500, 999]) {
      it(`throws when the connection breaks after ${bytes} of 1,000 bytes`, async () => {
        server.handle = (_, response) => {
          response.writeHead(200, { 'content-length': 1_000 });
          response.write('x'.repeat(bytes), () => response.socket!.destroy());
          response.flushHeaders();
        };
        await errorOf(get().then(textOf));
      });
    }

    it('throws for a chunked body without its last chunk', async () => {
      server.handle = (_, response) => {
        response.write('{"value":[]}', () => response.socket!.destroy());
      };
      await errorOf(get().then(textOf));
    });

    it('throws with the system’s error code when the connection breaks before the headers', async () => {
      server.handle = (request) => void request.socket.destroy();
      const error = await errorOf(get());
      expect(causeCode(error)).to.equal('ECONNRESET');
    });

    it('throws with the system’s error code, and without the URL, for a refused connection', async () => {
      const closed = await startServer();
      await closed.close();
      const error = await errorOf(get({ url: `${closed.url}?$filter=name eq 'Jane'` }));
      expect(causeCode(error)).to.equal('ECONNREFUSED');
      expect(`${error.message}${error.stack}`).to.not.contain('Jane');
    });

    it('tells that nothing was sent, and why, when the TLS handshake is refused', async () => {
      // Without a certificate, it can only refuse.
      const refusing = createTlsServer().listen(0, '127.0.0.1');
      await once(refusing, 'listening');
      const { port } = refusing.address() as AddressInfo;
      const error = toTransportError('contoso', await errorOf(get({ url: `https://127.0.0.1:${port}/` })));
      refusing.close();
      expect(error).to.include({ code: 'NETWORK', maybeSent: false });
      expect(error.message).to.match(/^No connection to contoso \(CONNECT_ERR_SSL_\w*HANDSHAKE_FAILURE\)/);
    });

    it('names a certificate that was issued by one that must not issue any', async () => {
      const issuer = { ...createCertificate('root'), name: 'root' };
      const { certificate, privateKey } = createHostCertificate('localhost', issuer);
      const untrusted = createTlsServer({ cert: certificate, key: privateKey }).listen(0, '127.0.0.1');
      await once(untrusted, 'listening');
      const { port } = untrusted.address() as AddressInfo;
      const sender = create({ caCertificates: issuer.certificate });
      const url = `https://localhost:${port}/`;
      const error = toTransportError('contoso', await errorOf(sender({ method: 'GET', url, headers: {} })));
      untrusted.close();
      expect(error).to.include({ code: 'NETWORK', maybeSent: false });
      expect(error.message).to.match(/^The certificate of contoso is not trusted \(INVALID_(CA|PURPOSE)\)/);
    });

    it('ends a request without response when the signal aborts', async () => {
      const silentServer = await startSilentServer();
      const controller = new AbortController();
      silentServer.onConnection(() => controller.abort());
      await errorOf(get({ url: `http://127.0.0.1:${silentServer.port}/`, signal: controller.signal }));
      silentServer.close();
    });

    it('sends nothing if the signal is aborted already', async () => {
      let count = 0;
      server.handle = () => void count++;
      await errorOf(get({ signal: AbortSignal.abort() }));
      expect(count).to.equal(0);
    });

    for (const encoding of ['identity', 'gzip']) {
      it(`closes the connection when the signal aborts inside a body (${encoding})`, async () => {
        const controller = new AbortController();
        let closed: Promise<void> | undefined;
        server.handle = (_, response) => {
          closed = closedByClient(response);
          response.setHeader('content-encoding', encoding);
          response.write(encoding === 'gzip' ? gzipSync('{"value":[').subarray(0, 15) : '{"value":[');
        };
        const response = await get({ signal: controller.signal });
        setImmediate(() => controller.abort());
        await errorOf(textOf(response));
        await closed;
      });
    }

    it('stops reading a huge body at the maximum size and closes the connection', async () => {
      let closed: Promise<void> | undefined;
      server.handle = (_, response) => {
        closed = closedByClient(response);
        const block = Buffer.alloc(64 * 1024, 'x');
        const more = () => {
          while (!response.destroyed && response.write(block));
          response.once('drain', more);
        };
        more();
      };
      await expectTooLarge(server.url, send);
      await closed;
    });

    it('stops decompressing at the maximum size', async () => {
      const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 1 });
      let decompressed = 0;
      server.handle = (_, response) => void response.setHeader('content-encoding', 'gzip').end(bomb);
      const counting: HttpSender = async (request) => {
        const response = await send(request);
        return { ...response, body: counted(response.body, (bytes) => (decompressed += bytes)) };
      };
      await expectTooLarge(server.url, counting);
      expect(decompressed).to.be.below(2 * 1024 * 1024);
    });

    it('works again after a body that was not read to its end', async () => {
      server.handle = (_, response) => void response.end('x'.repeat(1_000_000));
      for await (const _ of (await get()).body) break;
      expect(await textOf(await get())).to.have.length(1_000_000);
    });
  });
}

async function textOf({ body }: Pick<HttpResponse, 'body'>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text;
}

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.an.instanceOf(Error);
  return error as Error;
}

async function* counted(body: AsyncIterable<Uint8Array>, count: (bytes: number) => void) {
  for await (const chunk of body) {
    count(chunk.byteLength);
    yield chunk;
  }
}

async function expectTooLarge(url: string, send: HttpSender): Promise<void> {
  const sendRequest = sendAndRead(send, 1024 * 1024);
  const request = {
    operation: 'case.list',
    requestId: '1',
    method: 'GET',
    url,
    redactedPath: '/api',
    headers: {},
    safety: 'repeatable',
    deadline: Number.POSITIVE_INFINITY,
    state: { attempts: 0, ambiguous: false, tokenRenewed: false },
  } as const;
  expect(await errorOf(sendRequest(request))).to.have.property('code', 'RESPONSE_TOO_LARGE');
}
