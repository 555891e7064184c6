import { expect } from 'chai';
import { createConnector, createMemoryStore, runtimeOf } from '../../src/host.ts';
import type { Checkpoint, Client, ConnectorError, JsonObject } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

const self = { ignoreChangesBy: 'self' } as const;

describe('ignoreChangesBy: self', () => {
  let fixture: SandboxClient;
  let client: Client;
  let other: Client;
  /** Accounts that are older than what a first poll reads. */
  const oldAccounts: string[] = [];
  before(async () => {
    fixture = await openSandboxClient();
    client = fixture.client;
    other = connectAs(fixture.sandbox.users[1]);
    for (let count = 0; count < 12; count++) {
      const { output } = await other.run('account.create', { name: `Old ${count}` });
      oldAccounts.push(String((output as JsonObject).id));
    }
    fixture.sandbox.organization.clockOffsetMs += 900_000;
  });
  after(() => fixture.close());

  function connectAs(user: (typeof fixture.sandbox.users)[number] | undefined, options = {}): Client {
    const { connector, sandbox } = fixture;
    return connector.connect(
      { orgUrl: sandbox.organization.origin },
      { kind: 'host', getToken: () => ({ token: sandbox.issueToken(user) }) },
      { allowLoopback: true, ...options },
    );
  }

  const oldAccount = (): string => oldAccounts.pop() ?? expect.fail('There are more tests than accounts.');
  const start = async (params: JsonObject = {}, trigger = 'account.updated') =>
    (await client.poll(trigger, params, undefined, self)).checkpoint;
  const reported = async (checkpoint: Checkpoint, trigger = 'account.updated') =>
    (await client.poll(trigger, {}, checkpoint, self)).items.map(({ row }) => row.id);
  /** A change by the account of the connection that does not use this client: by a person, or another program. */
  async function changeWithSameAccount(id: string, body: JsonObject): Promise<void> {
    const { organization } = fixture.sandbox;
    const response = await fetch(`${organization.origin}/api/data/v9.2/accounts(${id})`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${fixture.sandbox.issueToken()}`,
        'content-type': 'application/json',
        'if-match': '*',
      },
      body: JSON.stringify(body),
    });
    expect(response.status).to.equal(204);
  }

  it('stores nothing of a write before a trigger asks for it', async () => {
    const { store } = runtimeOf(fixture.connector).services;
    await client.run('account.update', { id: oldAccount(), description: 'ours' });
    expect(await store.keys('written/')).to.deep.equal([]);
    await start();
    await client.run('account.update', { id: oldAccount(), description: 'ours' });
    expect(await store.keys('written/')).to.have.length(2);
  });

  it('ignores a change of its own, and reports one by another user', async () => {
    const [id, changed] = [oldAccount(), oldAccount()];
    const checkpoint = await start();
    await client.run('account.update', { id, description: 'ours' });
    await other.run('account.update', { id: changed, description: 'theirs' });
    expect(await reported(checkpoint)).to.deep.equal([changed]);
  });

  it('reports a change by another user that an own write follows before the poll', async () => {
    const id = oldAccount();
    const checkpoint = await start();
    await other.run('account.update', { id, phone: '0123' });
    await client.run('account.update', { id, description: 'ours' });
    expect(await reported(checkpoint)).to.deep.equal([id]);
  });

  it('reports a change by another user that follows an own write before the poll', async () => {
    const id = oldAccount();
    const checkpoint = await start();
    await client.run('account.update', { id, description: 'ours' });
    await other.run('account.update', { id, phone: '0123' });
    expect(await reported(checkpoint)).to.deep.equal([id]);
  });

  it('reports a change with the same account that another program made', async () => {
    const id = oldAccount();
    const checkpoint = await start();
    await client.run('account.update', { id, description: 'ours' });
    await changeWithSameAccount(id, { telephone1: '0123' });
    expect(await reported(checkpoint)).to.deep.equal([id]);
  });

  it('reports a later change with the same account back to the value that was written', async () => {
    const id = oldAccount();
    let checkpoint = await start();
    const poll = async () => {
      const result = await client.poll('account.updated', {}, checkpoint, self);
      ({ checkpoint } = result);
      return result.items.map(({ row }) => row.description);
    };
    await client.run('account.update', { id, description: 'ours' });
    expect(await poll()).to.deep.equal([]);
    await other.run('account.update', { id, description: 'theirs' });
    expect(await poll()).to.deep.equal(['theirs']);
    await changeWithSameAccount(id, { description: 'ours' });
    expect(await poll()).to.deep.equal(['ours']);
  });

  it('compares the watched columns only', async () => {
    const { output } = await other.run('case.create', {
      title: 'Watched',
      customer: { table: 'account', id: oldAccount() },
    });
    const id = String((output as JsonObject).id);
    const trigger = 'case.priority-changed';
    const checkpoint = await start({}, trigger);
    await other.run('case.update', { id, title: 'Renamed' });
    await client.run('case.update', { id, priority: 'high' });
    const next = await client.poll(trigger, {}, checkpoint, self);
    expect(next.items).to.deep.equal([]);
    await other.run('case.update', { id, priority: 'low' });
    expect(await reported(next.checkpoint, trigger)).to.deep.equal([id]);
  });

  it('ignores a row that it created and changed, and reports one that another user changed before the poll', async () => {
    const trigger = 'record.changed';
    const params = { table: 'account' };
    const { checkpoint } = await client.poll(trigger, params, undefined, self);
    const create = async () => {
      const { output } = await client.run('record.create', { ...params, values: { name: 'Ours' } });
      return String((output as JsonObject).id);
    };
    const [ours, theirs] = [await create(), await create()];
    await client.run('record.update', { ...params, id: ours, values: { telephone1: '1' } });
    await other.run('account.update', { id: theirs, phone: '2' });
    const { items } = await client.poll(trigger, params, checkpoint, self);
    expect(items.map(({ row }) => row.id)).to.deep.equal([theirs]);
  });

  it('recognizes what another process wrote that shares the store', async () => {
    const id = oldAccount();
    const checkpoint = await start();
    await connectAs(undefined).run('account.update', { id, description: 'ours' });
    expect(await reported(checkpoint)).to.deep.equal([]);
  });

  it('reports what was written in a way that returns no version: many rows at once', async () => {
    const id = oldAccount();
    const checkpoint = await start();
    await client.run('account.update-many', { rows: [{ id, description: 'ours' }] });
    expect(await reported(checkpoint)).to.deep.equal([id]);
  });

  it('needs a connection that remembers its writes', async () => {
    const forgetful = connectAs(undefined, { rememberWrites: false });
    const error = await forgetful
      .poll('account.updated', {}, undefined, self)
      .catch((thrown: ConnectorError) => thrown);
    expect(error).to.include({ code: 'INPUT_INVALID' });
    expect((error as ConnectorError).advice).to.include('rememberWrites');
  });

  it('stores no values', async () => {
    const store = createMemoryStore();
    const runtime = runtimeOf(fixture.connector);
    const connector = createConnector({ ...runtime, services: { ...runtime.services, store } });
    const { sandbox } = fixture;
    const stored = connector.connect(
      { orgUrl: sandbox.organization.origin },
      { kind: 'host', getToken: () => ({ token: sandbox.issueToken() }) },
      { allowLoopback: true },
    );
    await stored.poll('account.updated', {}, undefined, self);
    await stored.run('account.create', { name: 'Confidential' });
    const written = await store.getMany(await store.keys('written/'));
    const texts = [...written.values()].map(({ value }) => value).join();
    expect(texts).to.include('name=').and.not.include('Confidential');
  });
});
