import { expect } from 'chai';
import type { ConnectorError, Json, JsonObject, RunResult } from '../../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../../support/sandbox-client.ts';

/** What the record verbs promise besides what each does (see every-action.test.ts). */
describe('record verbs on a real organization', function () {
  this.timeout(60_000);
  let bench: SandboxClient;
  const call = (action: string, input: JsonObject): Promise<RunResult> => bench.client.run(action, input);
  const run = async (action: string, input: JsonObject): Promise<JsonObject> =>
    (await call(action, input)).output as JsonObject;
  const stored = (table: string, id: Json | undefined) =>
    bench.sandbox.organization.store.read(table, String(id))?.values;
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'it succeeded',
      (error: ConnectorError) => error.code,
    );

  before(async () => {
    bench = await openSandboxClient();
    bench.sandbox.organization.store.addKey('account', 'account_number', ['accountnumber']);
  });
  after(() => bench.close());

  it('a row is found by an alternate key, and by none that is not defined', async () => {
    const { id } = await run('account.create', { name: 'Keyed', number: "K 'one'" });
    expect((await run('account.get-by-key', { number: "K 'one'" })).id).to.equal(id);
    expect(await codeOf(call('account.get-by-key', { number: 'K-2' }))).to.equal('NOT_FOUND');
    expect(await codeOf(call('account.get-by-key', { city: 'Berlin' }))).to.equal('BAD_REQUEST');
  });

  it('upsert creates, then updates; createOnly and updateOnly keep to their word', async () => {
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

  it('a link that is there already stays as it is', async () => {
    const contact = await run('contact.create', { lastName: 'Nguyen' });
    const lead = await run('lead.create', { subject: 'Kettles', lastName: 'Nguyen' });
    const target = { table: 'lead', id: lead.id! };
    const link = { id: contact.id!, relationship: 'contactleads_association', target };
    await run('contact.associate', link);
    await run('contact.associate', link);
    const { store } = bench.sandbox.organization;
    const within = { table: 'contact', id: String(contact.id), navigation: link.relationship };
    const { rows } = store.query('lead', { relatedTo: within, actor: { userId: String(contact.id) } });
    expect(rows.map(({ id }) => id)).to.deep.equal([lead.id]);
  });

  it('a state and a reason of another state do not go together', async () => {
    const task = await run('task.create', { subject: 'Call back' });
    const wrong = { id: task.id!, state: 'open', status: 'canceled' };
    expect(await codeOf(call('task.set-state', wrong))).to.equal('BAD_REQUEST');
    expect(stored('task', task.id)).to.include({ statecode: 0 });
  });

  it('columns of every kind come back as they went: lookup, memo, money, owner, choice', async () => {
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
