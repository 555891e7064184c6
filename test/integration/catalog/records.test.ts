import { expect } from 'chai';
import type { ConnectorError, Json, JsonObject, RunResult } from '../../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../../support/sandbox-client.ts';

/** Details of actions on rows; every-action.test.ts covers their main effect. */
describe('actions on rows', () => {
  let fixture: SandboxClient;
  const call = (action: string, input: JsonObject): Promise<RunResult> => fixture.client.run(action, input);
  const run = async (action: string, input: JsonObject): Promise<JsonObject> =>
    (await call(action, input)).output as JsonObject;
  const stored = (table: string, id: Json | undefined) =>
    fixture.sandbox.organization.store.read(table, String(id))?.values;
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'expected an error',
      (error: ConnectorError) => error.code,
    );

  before(async () => {
    fixture = await openSandboxClient();
    fixture.sandbox.organization.store.addKey('account', 'account_number', ['accountnumber']);
  });
  after(() => fixture.close());

  it('get-by-key: finds a row by an alternate key and fails for columns that are not a key', async () => {
    const { id } = await run('account.create', { name: 'Keyed', number: "K 'one'" });
    expect((await run('account.get-by-key', { number: "K 'one'" })).id).to.equal(id);
    expect(await codeOf(call('account.get-by-key', { number: 'K-2' }))).to.equal('NOT_FOUND');
    expect(await codeOf(call('account.get-by-key', { city: 'Berlin' }))).to.equal('BAD_REQUEST');
  });

  it('upsert: creates, then updates; createOnly and updateOnly do only one of them', async () => {
    const input = { number: 'U-1', name: 'Upserted', matchOn: ['number'] };
    const first = await call('account.upsert', input);
    expect(first.meta.created).to.equal(true);
    const second = await call('account.upsert', { ...input, name: 'Upserted again' });
    expect(second.meta.created).to.equal(false);
    expect((second.output as JsonObject).id).to.equal((first.output as JsonObject).id);
    expect(stored('account', (first.output as JsonObject).id)?.name).to.equal('Upserted again');
    expect(await codeOf(call('account.upsert', { ...input, mode: 'createOnly' }))).to.equal('DUPLICATE');
    const absent = { ...input, number: 'U-2', mode: 'updateOnly' };
    expect(await codeOf(call('account.upsert', absent))).to.equal('NOT_FOUND');
    const made = await call('account.upsert', { ...absent, mode: 'createOnly' });
    expect(made.meta.created).to.equal(true);
  });

  it('associate: succeeds if the link exists already', async () => {
    const contact = await run('contact.create', { lastName: 'Nguyen' });
    const lead = await run('lead.create', { subject: 'Kettles', lastName: 'Nguyen' });
    const target = { table: 'lead', id: lead.id! };
    const link = { id: contact.id!, relationship: 'contactleads_association', target };
    await run('contact.associate', link);
    await run('contact.associate', link);
    const { store } = fixture.sandbox.organization;
    const within = { table: 'contact', id: String(contact.id), navigation: link.relationship };
    const { rows } = store.query('lead', { relatedTo: within, actor: { userId: String(contact.id) } });
    expect(rows.map(({ id }) => id)).to.deep.equal([lead.id]);
  });

  it('set-state: rejects a status reason of another state', async () => {
    const task = await run('task.create', { subject: 'Call back' });
    const wrong = { id: task.id!, state: 'open', status: 'canceled' };
    expect(await codeOf(call('task.set-state', wrong))).to.equal('BAD_REQUEST');
    expect(stored('task', task.id)).to.include({ statecode: 0 });
  });

  it('create: returns lookup, memo, money, owner and choice as they were written', async () => {
    const account = await run('account.create', { name: 'Contoso Ltd' });
    const input = {
      name: 'Everything',
      description: 'line one\nline "two" – ünïcödé',
      customer: { table: 'account', id: account.id! },
      estimatedValue: '922337203.6854',
      rating: 'cold',
      calculated: false,
    };
    const row = await run('opportunity.create', input);
    expect(row).to.deep.include({
      ...input,
      estimatedValue: 922337203.6854,
      customer: { ...input.customer, name: 'Contoso Ltd' },
    });
    expect(row.owner).to.have.property('table', 'user');
  });
});
