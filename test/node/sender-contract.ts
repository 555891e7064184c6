import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { sendAndRead } from '../../src/http/policies/send-and-read.ts';
import { causeCode } from '../../src/http/transport-error.ts';
import type { HttpRequest, HttpResponse, HttpSender } from '../../src/model/http.ts';
import { bodyOf, dropped, type LoopbackServer, startServer } from './loopback-server.ts';

/** What every sender promises to the pipeline, against a real server on loopback. */
export function describeSender(name: string, create: () => HttpSender): void {
  describe(`node: the ${name} sender`, () => {
    let server: LoopbackServer;
    let send: HttpSender;
    const get = (more: Partial<HttpRequest> = {}) =>
      send({ method: 'GET', url: server.url, headers: {}, ...more });

    beforeEach(async () => {
      server = await startServer();
      send = create();
    });
    afterEach(() => server.close());

    it('sends method, headers and body as they are', async () => {
      server.handle = async (request, response) => {
        const { method, url, headers } = request;
        response.end(JSON.stringify({ method, url, mine: headers['x-mine'], body: await bodyOf(request) }));
      };
      const echo = { method: 'PATCH', url: `${server.url}?$select=a,b`, headers: { 'x-mine': '1' } } as const;
      for (const body of ['{"t":"Zürich"}', new TextEncoder().encode('{"t":"Zürich"}')]) {
        expect(JSON.parse(await textOf(await send({ ...echo, body })))).to.deep.equal({
          method: 'PATCH',
          url: '/api?$select=a,b',
          mine: '1',
          body: '{"t":"Zürich"}',
        });
      }
    });

    it('answers lower-case headers, repeated ones joined', async () => {
      server.handle = (_, response) => {
        response.setHeader('REQ_ID', ['one', 'two']).setHeader('Set-Cookie', ['a=1', 'b=2']).end();
      };
      const { headers, body } = await get();
      expect(headers).to.include({ req_id: 'one, two', 'set-cookie': 'a=1, b=2' });
      expect(await textOf({ body })).to.equal('');
    });

    it('keeps the connection alive', async () => {
      for (let n = 0; n < 3; n++) await textOf(await get());
      expect(server.connections.size).to.equal(1);
    });

    it('serves many calls at once, each with its own answer', async () => {
      server.handle = (request, response) => void setImmediate(() => response.end(request.url));
      const numbers = Array.from({ length: 50 }, (_, n) => n);
      const texts = await Promise.all(
        numbers.map(async (n) => textOf(await get({ url: `${server.url}/${n}` }))),
      );
      expect(texts).to.deep.equal(numbers.map((n) => `/api/${n}`));
    });

    it('never throws on a status and never follows a redirect', async () => {
      const asked: string[] = [];
      server.handle = (request, response) => {
        asked.push(request.url!);
        response.writeHead(302, { location: `${server.url}/elsewhere` }).end('moved');
      };
      const response = await get();
      expect(response.status).to.equal(302);
      expect(response.headers.location).to.equal(`${server.url}/elsewhere`);
      expect(await textOf(response)).to.equal('moved');
      expect(asked).to.deep.equal(['/api']);
      server.handle = (_, response) => void response.writeHead(503).end('<html>');
      expect((await get()).status).to.equal(503);
    });

    it('unpacks gzip', async () => {
      server.handle = (_, response) =>
        void response.setHeader('content-encoding', 'gzip').end(gzipSync('{"a":"ü"}'));
      expect(await textOf(await get())).to.equal('{"a":"ü"}');
    });

    it('a gzip stream that is cut off breaks the body, also when HTTP says it is complete', async () => {
      const whole = gzipSync('x'.repeat(10_000));
      server.handle = (_, response) =>
        void response.setHeader('content-encoding', 'gzip').end(whole.subarray(0, -9));
      await expectBroken(textOf(await get()));
    });

    for (const at of [0, 1, 500, 999]) {
      it(`a reset after ${at} of 1,000 bytes breaks the body`, async () => {
        server.handle = (_, response) => {
          response.writeHead(200, { 'content-length': 1_000 });
          response.write('x'.repeat(at), () => response.socket!.destroy());
          response.flushHeaders();
        };
        await expectBroken(get().then(textOf));
      });
    }

    it('a chunked body without its end is broken', async () => {
      server.handle = (_, response) => {
        response.write('{"value":[]}', () => response.socket!.destroy());
      };
      await expectBroken(get().then(textOf));
    });

    it('a line that breaks before the headers throws with the system’s code', async () => {
      server.handle = (request) => void request.socket.destroy();
      const error = await expectBroken(get());
      expect(causeCode(error)).to.equal('ECONNRESET');
    });

    it('a refused connection throws with the system’s code', async () => {
      const closed = await startServer();
      await closed.close();
      const error = await expectBroken(get({ url: `${closed.url}?$filter=name eq 'Jane'` }));
      expect(causeCode(error)).to.equal('ECONNREFUSED');
      expect(`${error.message}${error.stack}`).to.not.contain('Jane');
    });

    it('a half-open connection ends when the signal aborts', async () => {
      const deaf = createServer(() => {});
      await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
      const { port } = deaf.address() as { port: number };
      const controller = new AbortController();
      deaf.on('connection', (socket) => {
        socket.on('error', () => {});
        controller.abort();
      });
      await expectBroken(get({ url: `http://127.0.0.1:${port}/`, signal: controller.signal }));
      deaf.close();
    });

    for (const encoding of ['identity', 'gzip']) {
      it(`an abort in the middle of a body ends it and drops the connection (${encoding})`, async () => {
        const controller = new AbortController();
        let gone: Promise<void> | undefined;
        server.handle = (_, response) => {
          gone = dropped(response);
          response.setHeader('content-encoding', encoding);
          response.write(encoding === 'gzip' ? gzipSync('{"value":[').subarray(0, 15) : '{"value":[');
        };
        const response = await get({ signal: controller.signal });
        setImmediate(() => controller.abort());
        await expectBroken(textOf(response));
        await gone;
      });
    }

    it('a huge body is read up to the cap, and the connection is dropped', async () => {
      let gone: Promise<void> | undefined;
      server.handle = (_, response) => {
        gone = dropped(response);
        const block = Buffer.alloc(64 * 1024, 'x');
        const more = () => {
          while (!response.destroyed && response.write(block));
          response.once('drain', more);
        };
        more();
      };
      await expectTooLarge(server.url, send);
      await gone;
    });

    it('a gzip bomb is stopped at the cap', async () => {
      const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 1 });
      let unpacked = 0;
      server.handle = (_, response) => void response.setHeader('content-encoding', 'gzip').end(bomb);
      const counting: HttpSender = async (request) => {
        const response = await send(request);
        return { ...response, body: counted(response.body, (bytes) => (unpacked += bytes)) };
      };
      await expectTooLarge(server.url, counting);
      expect(unpacked).to.be.below(2 * 1024 * 1024);
    });

    it('a body that was not wanted to its end does no harm to the next call', async () => {
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

async function expectBroken(promise: Promise<unknown>): Promise<Error> {
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
  const trip = sendAndRead(send, 1024 * 1024);
  const passage = {
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
  expect(await expectBroken(trip(passage))).to.have.property('code', 'RESPONSE_TOO_LARGE');
}
