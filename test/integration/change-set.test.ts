import { expect } from 'chai';
import type { ConnectorError, JsonObject } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

/** Change sets against the sandbox; the tests read the results from its store. */
describe('changeset.run', () => {
  let fixture: SandboxClient;
  const stored = (table: string, id: unknown) =>
    fixture.sandbox.organization.store.read(table, String(id))?.values;
  const count = async (search: string) =>
    (await fixture.client.run('account.count', { search })).output as number;
  const errorOf = (work: Promise<unknown>): Promise<ConnectorError> =>
    work.then(
      () => expect.fail('expected an error'),
      (error: ConnectorError) => error,
    );

  before(async () => {
    fixture = await openSandboxClient();
    const { store } = fixture.sandbox.organization;
    store.addTable({ logicalName: 'new_thing', displayName: 'Thing', primaryName: 'new_name' });
    store.addKey('contact', 'contact_email', ['emailaddress1']);
  });
  after(() => fixture.close());

  it('passes rows of earlier steps to later ones as lookups, ids and parents', async () => {
    const outputs = await fixture.client.changeSet([
      { name: 'customer', action: 'account.create', input: { name: 'Fabrikam' } },
      {
        name: 'person',
        action: 'contact.create',
        input: { lastName: 'Cole', company: { from: 'customer' } },
      },
      {
        name: 'complaint',
        action: 'case.create',
        input: { title: 'No steam', customer: { from: 'customer' }, contact: { from: 'person' } },
      },
      { action: 'case.add-note', input: { id: { from: 'complaint' }, text: 'Called back' } },
      { action: 'account.update', input: { id: { from: 'customer' }, phone: '555-0100' } },
    ]);
    const [account, contact, complaint, note] = outputs as readonly JsonObject[];
    expect(stored('account', account!.id)?.telephone1).to.equal('555-0100');
    expect(stored('contact', contact!.id)?.parentcustomerid).to.deep.equal({
      table: 'account',
      id: account!.id,
    });
    expect(stored('incident', complaint!.id)?.customerid).to.deep.equal({
      table: 'account',
      id: account!.id,
    });
    expect(stored('incident', complaint!.id)?.primarycontactid).to.deep.equal({
      table: 'contact',
      id: contact!.id,
    });
    expect(stored('annotation', note!.id)?.objectid).to.deep.equal({ table: 'incident', id: complaint!.id });
  });

  it('accepts rows of any table by its logical name', async () => {
    const [account, thing, row] = (await fixture.client.changeSet([
      { name: 'owner', action: 'account.create', input: { name: 'Litware' } },
      {
        name: 'thing',
        action: 'record.create',
        input: { table: 'new_thing', values: { new_name: 'Kettle' } },
      },
      {
        action: 'record.create',
        input: { table: 'incident', values: { title: 'Lid', customerid: { from: 'owner' } } },
      },
      {
        action: 'record.update',
        input: { table: 'new_thing', id: { from: 'thing' }, values: { new_name: 'Lamp' } },
      },
    ])) as readonly JsonObject[];
    expect(stored('new_thing', thing!.id)?.new_name).to.equal('Lamp');
    expect(stored('incident', row!.id)?.customerid).to.deep.equal({ table: 'account', id: account!.id });
  });

  it('carries out no step if one fails, and the error names the step and the cause', async () => {
    await fixture.client.run('contact.create', { lastName: 'First', email: 'taken@example.com' });
    const refused = await errorOf(
      fixture.client.changeSet([
        { name: 'customer', action: 'account.create', input: { name: 'Undone' } },
        {
          name: 'person',
          action: 'contact.create',
          input: { lastName: 'Second', email: 'taken@example.com', company: { from: 'customer' } },
        },
      ]),
    );
    expect(refused.code).to.equal('DUPLICATE');
    expect(refused.message).to.match(
      /^Step 2 "person" \(contact\.create\) failed, so no step was carried out\. /,
    );
    expect(refused.details.operation).to.equal('contact.create');
    expect(await count('Undone')).to.equal(0);
  });

  it('rejects a repeated change set with the same idempotency key as a duplicate', async () => {
    const steps = [{ action: 'account.create', input: { name: 'Keyed' } }];
    await fixture.client.changeSet(steps, { idempotencyKey: 'order-7' });
    const again = await errorOf(fixture.client.changeSet(steps, { idempotencyKey: 'order-7' }));
    expect(again.code).to.equal('DUPLICATE');
    expect(await count('Keyed')).to.equal(1);
  });

  it('rejects unknown names, invalid inputs and reads before sending', async () => {
    const customer = { name: 'customer', action: 'account.create', input: { name: 'Never' } };
    const wrong = {
      'an unknown step name': {
        action: 'contact.create',
        input: { lastName: 'A', company: { from: 'custmer' } },
      },
      'a duplicate name': { ...customer },
      'an invalid input': { action: 'contact.create', input: { lastName: 5 } },
      'a read': { action: 'account.count', input: {} },
      'several requests': {
        action: 'email.send-new',
        input: { subject: 'A', to: [{ address: 'a@example.com' }] },
      },
      'an unknown action': { action: 'contact.creat', input: {} },
    };
    for (const [what, step] of Object.entries(wrong)) {
      const refused = await errorOf(fixture.client.changeSet([customer, step as typeof customer]));
      expect(refused.code, what).to.equal(
        what === 'an unknown action' ? 'OPERATION_UNKNOWN' : 'INPUT_INVALID',
      );
      expect(refused.message, what).to.match(/^Step 2 /);
      for (const { path } of refused.details.issues ?? []) expect(path, what).to.match(/^\/steps\/1\/input/);
    }
    expect(await count('Never')).to.equal(0);
  });

  it('returns each step with its output', async () => {
    const steps: JsonObject[] = [
      { name: 'customer', action: 'account.create', input: { name: 'Hosted' } },
      { action: 'account.delete', input: { id: { from: 'customer' } } },
    ];
    const { output } = await fixture.client.run('changeset.run', { steps });
    const [made, gone] = output as readonly JsonObject[];
    expect(made).to.deep.include({ name: 'customer', action: 'account.create' });
    expect((made!.output as JsonObject).name).to.equal('Hosted');
    expect(gone).to.deep.equal({ action: 'account.delete' });
    expect(await count('Hosted')).to.equal(0);
  });
});
