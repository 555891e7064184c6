import { expect } from 'chai';
import { createSender } from '../../src/node/create-sender.ts';
import { createNodeFetchSender } from '../../src/node/node-fetch-sender.ts';
import { createUndiciSender } from '../../src/node/undici-sender.ts';
import { transports } from '../support/test-transport.ts';
import { startServer } from './loopback-server.ts';
import { describeSender } from './sender-contract.ts';

describeSender('node-fetch', (options) => createNodeFetchSender({}, options));
describeSender('undici', (options) => createUndiciSender({}, options));

for (const create of [createNodeFetchSender, createUndiciSender]) {
  it(`${create.name}: throws SETTING_INVALID when certificate verification is disabled`, () => {
    expect(() => create({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }))
      .to.throw()
      .with.property('code', 'SETTING_INVALID');
  });
}

it('createSender: the library that its option names sends the request', async () => {
  const server = await startServer();
  // node-fetch adds its name to a request; undici does not.
  const agents: (string | undefined)[] = [];
  server.handle = (request, response) => {
    agents.push(request.headers['user-agent']);
    response.end();
  };
  for (const transport of transports) {
    const { body } = await createSender({ transport })({ method: 'GET', url: server.url, headers: {} });
    for await (const _ of body) expect.fail('the body is empty');
  }
  await server.close();
  expect(agents).to.deep.equal(['node-fetch', undefined]);
});
