import { expect } from 'chai';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import { forgetRow } from '../../src/feed/forget-row.ts';
import { withoutNameOf } from '../../src/feed/without-name-of.ts';
import type { Checkpoint } from '../../src/model/plan.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

describe('forgetRow', () => {
  const store = createMemoryStore();
  let fixture: SandboxClient;
  before(async () => {
    fixture = await openSandboxClient({}, { store });
  });
  after(() => fixture.close());

  const create = async (action: string, input: object) =>
    String(((await fixture.client.run(action, input as never)).output as { id: string }).id);
  const storedTexts = async () => {
    const entries = await store.list('', { after: '', maxCount: 10_000 });
    // Metadata is not about rows.
    return entries
      .filter(({ key }) => /feed\/|written\//.test(key))
      .map(({ key, value }) => `${key} ${value}`);
  };
  const poll = async (trigger: string, checkpoint?: Checkpoint, params = {}) =>
    await fixture.client.poll(trigger as never, params as never, checkpoint);

  it('removes a row from logs, records and lists, and all other events are still reported', async () => {
    const [late, changed, deleted] = [
      (await poll('account.created')).checkpoint,
      (await poll('account.updated')).checkpoint,
      (await poll('account.deleted')).checkpoint,
    ];
    const ids: string[] = [];
    for (const name of ['Anna Kettle', 'Contoso', 'Fabrikam', 'Anna Teapot'])
      ids.push(await create('account.create', { name }));
    // The feed has read them; the first trigger has not got them yet.
    await poll('account.updated', changed);
    await poll('account.deleted', deleted);
    const before = (await storedTexts()).join('\n');
    expect(before).to.include('Anna Kettle');
    expect(before).to.include(ids[0]);
    for (const id of [ids[0]!, ids[3]!.toUpperCase()]) {
      await fixture.client.run('account.delete', { id } as never);
      expect(await forgetRow(store, id)).to.be.at.least(2);
    }
    const after = (await storedTexts()).join('\n').toLowerCase();
    expect(after).not.to.match(/anna/);
    expect(after).not.to.include(ids[0]);
    expect(after).not.to.include(ids[3]);
    const { items, checkpoint, hasMore } = await poll('account.created', late);
    expect(items.map(({ row }) => (row as { name?: string }).name)).to.have.members(['Contoso', 'Fabrikam']);
    expect(hasMore).to.equal(false);
    const next = await create('account.create', { name: 'Northwind' });
    const again = await poll('account.created', checkpoint);
    expect(again.items.map(({ row }) => (row as { id?: string }).id)).to.deep.equal([next]);
  });

  it('removes the name of a row from the rows that refer to it', async () => {
    const contact = await create('contact.create', { firstName: 'Anna', lastName: 'Secretname' });
    const { checkpoint } = await poll('case.created');
    const id = await create('case.create', {
      title: 'Printer',
      customer: { table: 'contact', id: contact },
    });
    await poll('case.updated', (await poll('case.updated')).checkpoint);
    await poll('case.created', checkpoint);
    expect((await storedTexts()).join('\n')).to.include('Secretname');
    await forgetRow(store, contact);
    expect((await storedTexts()).join('\n')).not.to.include('Secretname');
    const { items } = await poll('case.created', checkpoint);
    expect(items.map(({ row }) => (row as { id?: string }).id)).to.deep.equal([id]);
  });

  it('a row that nobody knows changes nothing', async () => {
    const before = await storedTexts();
    expect(await forgetRow(store, '11111111-2222-4333-8444-555555555555')).to.equal(0);
    expect(await storedTexts()).to.deep.equal(before);
  });

  it('withoutNameOf: names and annotations of the reference go, everything else stays', () => {
    const id = '8d1f0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';
    const row = {
      id: 'other',
      name: 'Case',
      customer: { table: 'contact', id, name: 'Anna' },
      _customerid_value: id.toUpperCase(),
      '_customerid_value@OData.Community.Display.V1.FormattedValue': 'Anna',
      'title@x': 'kept',
    };
    expect(withoutNameOf(row, id)).to.deep.equal({
      id: 'other',
      name: 'Case',
      customer: { table: 'contact', id },
      _customerid_value: id.toUpperCase(),
      'title@x': 'kept',
    });
  });
});
