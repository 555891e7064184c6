import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect } from 'chai';
import { openPostgres } from '../../src/node/postgres.ts';

/** A message of the PostgreSQL protocol: its type, the length of the rest, and the body. */
function message(type: string, body: string): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, Buffer.from(body)]);
}

/** Accepts a sign-in, and ends the connection at once, as a server does that is shut down. */
const endingServer = Buffer.concat([
  message('R', '\0\0\0\0'),
  message('Z', 'I'),
  message('E', 'SFATAL\0C57P01\0Mterminating connection\0\0'),
]);

describe('node: openPostgres', () => {
  it('fails with STORE_FAILED when the server ends a connection before its first statement', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(endingServer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const postgres = await openPostgres(`postgres://u:p@127.0.0.1:${port}/d`);
    const works = [
      () => postgres.query('SELECT 1'),
      () => postgres.transaction((sql) => sql.query('SELECT 1')),
    ];
    for (const work of works) {
      const error = await work().catch((reason: unknown) => reason);
      expect(error).to.have.property('code', 'STORE_FAILED');
    }
    await postgres.close();
    server.close();
  });
});
