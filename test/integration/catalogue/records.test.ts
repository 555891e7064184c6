import { expect } from 'chai';
import type { ConnectorError, Json, JsonObject, RunResult } from '../../../src/index.ts';
import { type Bench, openBench } from '../../support/sandbox-client.ts';

/** The verbs that every table has, each with what it did to the organisation. */
describe('record verbs on a real organisation', function () {
  this.timeout(60_000);
  let bench: Bench;
  const call = (action: string, input: JsonObject): Promise<RunResult> => bench.client.run(action, input);
  const run = async (action: string, input: JsonObject): Promise<JsonObject> =>
    (await call(action, input)).output as JsonObject;
  const list = async (action: string, input: JsonObject): Promise<readonly JsonObject[]> =>
    (await call(action, input)).output as readonly JsonObject[];
  const stored = (table: string, id: Json | undefined) =>
    bench.sandbox.organisation.store.read(table, String(id))?.values;
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'it succeeded',
      (error: ConnectorError) => error.code,
    );

  before(async () => {
    bench = await openBench();
    bench.sandbox.organisation.store.addKey('account', 'account_number', ['accountnumber']);
  });
  after(() => bench.close());

  const samples: Readonly<Record<string, JsonObject>> = {
    account: { name: 'Contoso Ltd', revenue: '1250000.50', relationship: 'customer' },
    contact: { firstName: 'Ann', lastName: "O'Brien", birthday: '1980-02-29', contactBy: 'phone' },
    lead: { subject: 'Ten kettles', lastName: 'Nguyen', source: 'trade-show', budget: 4000 },
    opportunity: {
      name: 'Ten kettles',
      estimatedValue: 4000,
      estimatedCloseDate: '2026-12-31',
      stage: 'propose',
    },
    task: { subject: 'Call back', dueOn: '2026-12-31T09:00:00Z', priority: 'high' },
    phonecall: { subject: 'Called back', phone: '+49 30 1234', outgoing: true },
    email: { subject: 'Your kettle', body: '<p>Hello</p>', outgoing: true },
    queue: { name: 'First line', visibility: 'private' },
  };
  for (const [table, sample] of Object.entries(samples)) {
    it(`${table}: created, read, listed, searched, counted, changed and deleted`, async () => {
      const row = await run(`${table}.create`, sample);
      const same = Object.fromEntries(Object.keys(sample).map((name) => [name, row[name]]));
      expect(same).to.deep.equal({ ...sample, ...(sample.revenue ? { revenue: 1250000.5 } : {}) });
      const { id } = row;
      expect(await run(`${table}.get`, { id: id! })).to.deep.equal(row);
      const name = String(sample.subject ?? sample.name ?? sample.lastName);
      for (const [verb, input] of [
        ['list', { search: name }],
        ['search', { text: name }],
      ] as const) {
        const found = await list(`${table}.${verb}`, input);
        expect(
          found.map((each) => each.id),
          verb,
        ).to.deep.equal([id]);
      }
      expect((await call(`${table}.count`, { search: name })).output).to.equal(1);
      const [column] = Object.keys(sample);
      const changed = await run(`${table}.update`, { id: id!, [column!]: 'Changed' });
      expect(changed[column!]).to.equal('Changed');
      expect((await call(`${table}.count`, { search: name })).output).to.equal(table === 'contact' ? 1 : 0);
      await run(`${table}.delete`, { id: id! });
      expect(await codeOf(call(`${table}.get`, { id: id! }))).to.equal('NOT_FOUND');
    });
  }

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

  it('rows are linked and unlinked by the name of their relationship; both stay', async () => {
    const contact = await run('contact.create', { lastName: 'Nguyen' });
    const lead = await run('lead.create', { subject: 'Kettles', lastName: 'Nguyen' });
    const link = {
      id: contact.id!,
      relationship: 'contactleads_association',
      target: { table: 'lead', id: lead.id! },
    };
    await run('contact.associate', link);
    await run('contact.associate', link);
    const linked = () => {
      const { store } = bench.sandbox.organisation;
      const within = { table: 'contact', id: String(contact.id), navigation: 'contactleads_association' };
      return store.query('lead', { within, actor: { userId: String(contact.id) } }).rows.map(({ id }) => id);
    };
    expect(linked()).to.deep.equal([lead.id]);
    await run('contact.disassociate', link);
    expect(linked()).to.deep.equal([]);
    expect(stored('lead', lead.id)).to.not.equal(undefined);
  });

  it('rows are given to someone else, and set to another state', async () => {
    const { store } = bench.sandbox.organisation;
    for (const [table, sample] of [
      ['task', { subject: 'Call back' }],
      ['contact', { lastName: 'Nguyen' }],
    ] as const) {
      const row = await run(`${table}.create`, sample);
      const team = store.insert(
        'team',
        { name: 'Second line' },
        { userId: String((row.owner as JsonObject).id) },
      );
      const assignee = { table: 'team', id: team.id };
      const given = await run(`${table}.assign`, { id: row.id!, assignee });
      expect(given.owner).to.include(assignee);
    }
    const task = await run('task.create', { subject: 'Call back' });
    const done = await run('task.set-state', { id: task.id!, state: 'completed' });
    expect(done).to.include({ state: 'completed', status: 'completed' });
    expect(stored('task', task.id)).to.include({ statecode: 1, statuscode: 5 });
    const wrong = { id: task.id!, state: 'open', status: 'canceled' };
    expect(await codeOf(call('task.set-state', wrong))).to.equal('BAD_REQUEST');
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
