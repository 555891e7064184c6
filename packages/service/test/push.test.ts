import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { openService, type ServiceFixture } from './fixture.ts';

describe('service: subscriptions with push', () => {
  let fixture: ServiceFixture;
  let receiver: Server;
  const received: string[] = [];

  before(async () => {
    fixture = await openService();
    receiver = createServer(async (request, response) => {
      for await (const chunk of request) received.push(String(chunk));
      response.writeHead(204).end();
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
  });
  after(async () => {
    await fixture.close();
    receiver.close();
  });

  const subscribe = async (changes: object = {}) => {
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    const body = {
      connection: 'contoso',
      trigger: 'account.created',
      url,
      every: '1h',
      push: true,
      ...changes,
    };
    return await fixture.call('/v1/subscriptions', { body });
  };
  const waitFor = async (isTrue: () => Promise<boolean>) => {
    for (let count = 0; count < 600; count++) {
      // A busy machine can close a connection that is used again at that moment.
      if (await isTrue().catch(() => false)) return;
      await sleep(100);
    }
    throw new Error('It did not happen within a minute.');
  };
  const endpoints = () =>
    fixture.sandbox.organization.store.query('serviceendpoint', { actor: { userId: '' } }).rows;

  it('get a change long before their next poll, and take their webhooks with them when they are deleted', async () => {
    const created = await subscribe();
    expect(created.status, created.text).to.equal(201);
    const { id } = created.body as { readonly id: string };
    const read = async () => (await fixture.call(`/v1/subscriptions/${id}`)).body;
    await waitFor(async () => {
      const { state, webhooks } = await read();
      return state === 'active' && webhooks !== undefined;
    });
    expect(endpoints().map(({ values }) => String(values.url))).to.match(/\/push\/[0-9a-f]{32}$/);
    await fixture.run('account.create', { name: 'Watched' });
    await waitFor(async () => received.length > 0);
    expect(received[0]).to.include('Watched');
    expect(await read()).to.deep.include({ push: true });
    await fixture.call(`/v1/subscriptions/${id}`, { method: 'DELETE' });
    await waitFor(async () => endpoints().length === 0);
  });

  it('refuse a trigger of deadlines', async () => {
    const refused = await subscribe({ trigger: 'task.due' });
    expect(refused.status).to.equal(422);
    expect(refused.text).to.include('deadline');
  });

  it('refuse requests without the key of the organization', async () => {
    const answer = await fetch(`${fixture.service.listening}/push/${'0'.repeat(32)}?code=x`, {
      method: 'POST',
    });
    expect(answer.status).to.equal(404);
  });
});
