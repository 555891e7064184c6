import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { Secret } from 'dynamics365-connector';
import { createPushEndpoint, type PushEndpoint } from 'dynamics365-connector/host';
import { systemClock } from 'dynamics365-connector/node';
import { createPushReceiver } from '../../src/push/push-receiver.ts';
import { type PushServer, servePush } from '../../src/push/push-server.ts';
import type { ReceivedWake } from '../../src/push/wake-collector.ts';

/** `HOSTILE=100000` sends more. */
const count = Number(process.env.HOSTILE ?? 5000);
const origin = 'https://contoso.crm.dynamics.com';
const rowId = '00000000-0000-4000-8000-000000000001';

describe('the receiver of webhooks', () => {
  let server: PushServer;
  let endpoint: PushEndpoint;
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const received: ReceivedWake[] = [];
  const context = { MessageName: 'Delete', PrimaryEntityName: 'incident', PrimaryEntityId: rowId };

  before(async () => {
    endpoint = await createPushEndpoint(
      'https://hooks.example.com/d365',
      'contoso',
      new Secret('s'.repeat(32)),
    );
    const feeds = new Map([['incident', { feed: 'contoso/incident', subscriptions: ['a'] }]]);
    const routes = new Map([[endpoint.id, { connection: 'contoso', endpoint, origin, feeds }]]);
    const receive = createPushReceiver({
      routes,
      receive: (wake) => received.push(wake),
      clock: systemClock,
    });
    server = await servePush({ host: '127.0.0.1', port: 0 }, receive);
  });
  beforeEach(() => {
    received.length = 0;
  });
  after(async () => {
    agent.destroy();
    await server.close();
  });

  interface Sent {
    readonly method?: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Buffer;
  }

  /** Sends a webhook as Dataverse does, with these changes; undefined if the receiver ended the connection. */
  const send = async ({ method = 'POST', path = rightPath(), headers = {}, body = '{}' }: Sent = {}) => {
    const request = httpRequest(server.url + path, {
      method,
      agent,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'x-ms-dynamics-organization': 'contoso.crm.dynamics.com',
        'x-ms-dynamics-entity-name': 'incident',
        'x-ms-dynamics-request-name': 'Delete',
        ...headers,
      },
    });
    request.on('error', () => {});
    request.end(body);
    const [response] = await Promise.race([
      once(request, 'response'),
      once(request, 'close').then(() => [undefined]),
    ]).catch(() => [undefined]);
    response?.resume();
    return response?.statusCode as number | undefined;
  };
  const rightPath = () => `/d365/${endpoint.id}?code=${endpoint.key.reveal()}`;

  /** Sends bytes on a connection of their own, and waits for its end if `isKept` is false. */
  const sendBytes = async (bytes: string | Buffer) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.write(bytes);
    socket.end();
    await once(socket, 'close').catch(() => {});
  };

  const hostile: readonly ((index: number) => Promise<unknown>)[] = [
    (index) => send({ path: `/d365/${endpoint.id}?code=${'x'.repeat(index % 100)}` }),
    () => send({ path: `/d365/${endpoint.id}` }),
    (index) => send({ path: `/${'../'.repeat(index % 20)}etc/passwd?code=${endpoint.key.reveal()}` }),
    () => send({ path: `/d365/__proto__?code=${endpoint.key.reveal()}` }),
    () => send({ headers: { 'x-ms-dynamics-organization': 'contoso-copy.crm.dynamics.com' } }),
    () => send({ headers: { 'x-ms-dynamics-entity-name': 'account' } }),
    () => send({ headers: { 'x-ms-dynamics-entity-name': 'constructor' } }),
    () => send({ headers: { 'x-ms-dynamics-request-name': 'Retrieve' } }),
    () => send({ method: 'GET', body: '' }),
    () => send({ method: 'PUT' }),
    () => send({ path: `/d365/${endpoint.id}?code=%E0%A4%A`, body: 'x'.repeat(1000) }),
    () => send({ headers: { 'content-length': String(10 ** 9) }, body: 'x' }),
    () => send({ path: `/x?code=${'y'.repeat(20_000)}` }),
    () => sendBytes('POST / HTTP/1.1\r\nhost'),
    () => sendBytes('\u0000\u0001\u0002 not http \r\n\r\n'),
    () => sendBytes('GET // HTTP/1.1\r\nHost: x\r\n\r\n'),
    () => sendBytes('POST //[ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n'),
    () => sendBytes(`POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`),
  ];

  it(`wakes nothing for ${count} hostile requests, and answers the next webhook`, async () => {
    for (let start = 0; start < count; start += 50)
      await Promise.all(
        Array.from({ length: Math.min(50, count - start) }, (_, at) =>
          hostile[(start + at) % hostile.length]!(start + at),
        ),
      );
    expect(received).to.deep.equal([]);
    expect(await send({ body: JSON.stringify(context) })).to.equal(204);
    expect(received).to.have.length(1);
  });

  it('answers 204 to a webhook, with the row of a Delete', async () => {
    expect(await send({ body: JSON.stringify(context) })).to.equal(204);
    expect(received).to.deep.equal([{ feed: 'contoso/incident', subscriptions: ['a'], deletedId: rowId }]);
  });

  it('takes a webhook whose body is too long to read, without its row', async () => {
    const body = JSON.stringify({ ...context, padding: 'x'.repeat(300_000) });
    expect(await send({ headers: { 'transfer-encoding': 'chunked' }, body })).to.equal(204);
    expect(received).to.deep.equal([
      { feed: 'contoso/incident', subscriptions: ['a'], deletedId: undefined },
    ]);
  });

  it('answers others while 200 connections send nothing, or one byte at a time', async () => {
    const port = Number(new URL(server.url).port);
    const slow = Array.from({ length: 200 }, (_, index) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      if (index % 2 === 0) socket.write(`POST ${rightPath()} HTTP/1.1\r\nhost: x\r\n`);
      return socket;
    });
    await Promise.all(slow.map((socket) => once(socket, 'connect')));
    expect(await send({ body: JSON.stringify(context) })).to.equal(204);
    for (const socket of slow) socket.destroy();
  });
});
