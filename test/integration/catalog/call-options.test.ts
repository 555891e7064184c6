import { expect } from 'chai';
import type { PlugIn } from 'dynamics365-connector-sandbox';
import { type ConnectorError, type JsonObject, loadConnector, type RunOptions } from '../../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../../support/sandbox-client.ts';

/** What a call may ask of the organization besides its request, and what the organization then does. */
describe('with what a call may ask for', function () {
  this.timeout(20_000);
  let bench: SandboxClient;
  let me: string;
  const organization = () => bench.sandbox.organization;
  const other = () => bench.sandbox.users[1]!;
  const run = async (action: string, input: JsonObject, options?: RunOptions): Promise<JsonObject> =>
    (await bench.client.run(action, input, options)).output as JsonObject;
  const stored = (table: string, id: unknown) => organization().store.read(table, String(id))!.values;
  const refusal = (work: Promise<unknown>): Promise<ConnectorError> =>
    work.then(
      () => expect.fail('it succeeded'),
      (error: ConnectorError) => error,
    );
  const user = (id: string | undefined) => ({ table: 'systemuser', id });

  before(async () => {
    bench = await openSandboxClient();
    me = (await bench.client.check()).userId;
  });
  after(() => bench.close());

  describe('the name of another user', () => {
    afterEach(() => organization().setPrivilege(bench.sandbox.user, 'prvActOnBehalfOfAnotherUser', true));

    it('stands on the row as its creator and owner, and ours as who did it', async () => {
      const asUser = other().objectId;
      const them = user(organization().findSystemUserId(other()));
      const { id } = await run('account.create', { name: 'Theirs' }, { asUser });
      expect(stored('account', id)).to.deep.include({ createdby: them, createdonbehalfby: user(me) });
      expect(stored('account', id)).to.deep.include({ ownerid: them, modifiedonbehalfby: user(me) });
      await run('account.update', { id: id!, city: 'Berlin' });
      expect(stored('account', id)).to.deep.include({ modifiedby: user(me), modifiedonbehalfby: null });
      expect(stored('account', id)).to.deep.include({ createdby: them, createdonbehalfby: user(me) });
    });

    it('stands on every row of a call that writes many, whichever way they travel', async () => {
      const them = user(organization().findSystemUserId(other()));
      const options = { asUser: other().objectId };
      for (const route of ['single', 'batch', 'message'] as const) {
        const rows = [1, 2, 3, 4, 5].map((at) => ({ name: `${route} ${at}` }));
        const job = { table: 'account', verb: 'create', rows, route, options } as const;
        for await (const { id } of bench.client.writeMany(job))
          expect(stored('account', id), route).to.deep.include({
            createdby: them,
            createdonbehalfby: user(me),
          });
      }
      const steps = [{ action: 'account.create', input: { name: 'Together' } }];
      const [together] = (await bench.client.changeSet(steps, options)) as JsonObject[];
      expect(stored('account', together!.id)).to.deep.include({ createdby: them });
      const mine = { table: 'account', id: String(together!.id) };
      const file = { fileName: 'a.txt', content: 'aGVsbG8=', regarding: mine };
      const note = await run('note.attach', file, options);
      expect(stored('annotation', note.id)).to.deep.include({ createdby: them, modifiedby: them });
    });

    it('may be an id of Dataverse too, in a request of one’s own', async () => {
      const mscrmcallerid = organization().findSystemUserId(other())!;
      const request = { method: 'GET', path: '/WhoAmI', headers: { mscrmcallerid } };
      expect(await run('request.send', request)).to.have.nested.property('body.UserId', mscrmcallerid);
    });

    it('takes the privilege to act for others, of the one who acts', async () => {
      const asUser = other().objectId;
      organization().setPrivilege(bench.sandbox.user, 'prvActOnBehalfOfAnotherUser', false);
      const refused = await refusal(run('account.create', { name: 'Refused' }, { asUser }));
      expect(refused.code).to.equal('ACCESS_DENIED');
      expect(refused.details.serverMessage).to.match(/prvActOnBehalfOfAnotherUser/);
      expect((await run('account.create', { name: 'My own' })).owner).to.include({ id: me });
    });

    it('that nobody has is refused', async () => {
      const asUser = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
      expect((await refusal(run('account.list', {}, { asUser }))).category).to.equal('permission');
    });
  });

  describe('custom logic that is passed over', () => {
    const heard: string[] = [];
    const plugIn = (mode: PlugIn['mode'], change: PlugIn['run']): PlugIn => ({
      ...{ message: 'Create', table: 'account', mode },
      run(values, id) {
        heard.push(mode);
        return change(values, id);
      },
    });

    beforeEach(() => {
      heard.length = 0;
      organization().plugIns.push(
        plugIn('sync', ({ name }) => ({ name: `${name}, Inc.` })),
        plugIn('async', () => undefined),
      );
    });
    afterEach(() => {
      organization().plugIns.length = 0;
      for (const privilege of ['prvBypassCustomPlugins', 'prvBypassCustomBusinessLogic'] as const)
        organization().setPrivilege(bench.sandbox.user, privilege, true);
    });

    const cases: readonly (readonly [what: string, RunOptions, name: string, heard: readonly string[]])[] = [
      ['nothing', {}, 'Fabrikam, Inc.', ['sync', 'async']],
      ['plug-ins', { bypassPlugins: true }, 'Fabrikam', ['async']],
      ['what runs with the write', { bypassLogic: ['sync'] }, 'Fabrikam', ['async']],
      ['what runs after it', { bypassLogic: ['async'] }, 'Fabrikam, Inc.', ['sync']],
      ['both', { bypassLogic: ['sync', 'async'] }, 'Fabrikam', []],
    ];
    for (const [what, options, name, expected] of cases) {
      it(`${what}: only the rest runs`, async () => {
        const { id } = await run('account.create', { name: 'Fabrikam' }, options);
        expect(stored('account', id).name).to.equal(name);
        expect(heard).to.deep.equal(expected);
      });
    }

    for (const route of ['single', 'batch', 'message'] as const) {
      it(`neither runs for many rows that travel by ${route}`, async () => {
        const rows = [1, 2, 3, 4, 5].map((at) => ({ name: `${route} ${at}` }));
        const options = { bypassLogic: ['sync', 'async'] } as const;
        const job = { table: 'account', verb: 'create', rows, route, options } as const;
        for await (const { index, id } of bench.client.writeMany(job))
          expect(stored('account', id).name).to.equal(rows[index]!.name);
        expect(heard).to.deep.equal([]);
      });
    }

    it('takes a privilege for each way', async () => {
      for (const [privilege, options] of [
        ['prvBypassCustomPlugins', { bypassPlugins: true }],
        ['prvBypassCustomBusinessLogic', { bypassLogic: ['sync'] }],
      ] as const) {
        organization().setPrivilege(bench.sandbox.user, privilege, false);
        const refused = await refusal(run('account.create', { name: 'Refused' }, options));
        expect(refused.code).to.equal('ACCESS_DENIED');
        expect(refused.details.serverMessage).to.include(privilege);
      }
      expect(heard).to.deep.equal([]);
    });

    it('would have refused the write in words of its own, which are told', async () => {
      organization().plugIns[0] = plugIn('sync', () => {
        throw new Error('Accounts are made on Mondays only.');
      });
      const refused = await refusal(run('account.create', { name: 'Tuesday' }));
      expect(refused.details.serverMessage).to.equal('Accounts are made on Mondays only.');
      expect(await run('account.create', { name: 'Tuesday' }, { bypassPlugins: true })).to.have.property(
        'id',
      );
    });
  });

  it('duplicate rules look at a write, created or changed, only when they are asked to', async () => {
    const person = { lastName: 'Twin', email: 'twin@example.com' };
    await run('contact.create', person);
    const { id } = await run('contact.create', person);
    const { store } = organization();
    const before = store.count('contact');
    const detectDuplicates = true;
    expect((await refusal(run('contact.create', person, { detectDuplicates }))).code).to.equal('DUPLICATE');
    expect(store.count('contact')).to.equal(before);
    const change = { id: id!, email: person.email };
    expect((await refusal(run('contact.update', change, { detectDuplicates }))).code).to.equal('DUPLICATE');
    const alone = { id: id!, email: 'alone@example.com' };
    expect((await run('contact.update', alone, { detectDuplicates })).email).to.equal(alone.email);
  });

  it('a stale version is a conflict, the current one is not: neither for a change nor for a removal', async () => {
    const { id, version } = await run('contact.create', { lastName: 'Lee' });
    const stale = { ifVersion: String(version) };
    const { version: current } = await run('contact.update', { id: id!, jobTitle: 'Buyer' }, stale);
    const change = run('contact.update', { id: id!, jobTitle: 'Seller' }, stale);
    expect((await refusal(change)).code).to.equal('CONFLICT');
    expect(stored('contact', id).jobtitle).to.equal('Buyer');
    expect((await refusal(run('contact.delete', { id: id! }, stale))).code).to.equal('CONFLICT');
    await run('contact.delete', { id: id! }, { ifVersion: String(current) });
    expect(organization().store.read('contact', String(id))).to.equal(undefined);
  });

  it('what is no version, no user and no kind of logic is refused before it is sent', async () => {
    const { id } = await run('account.create', { name: 'Safe' });
    for (const options of [
      { ifVersion: '1" or "2' },
      { asUser: 'me\r\nx: y' },
      { bypassLogic: ['all'] as never },
    ]) {
      const refused = await refusal(run('account.update', { id: id!, city: 'Berlin' }, options));
      expect(refused.code).to.equal('INPUT_INVALID');
    }
    expect(stored('account', id).address1_city).to.equal(null);
  });

  it('flows are kept from starting by a header of their own', async () => {
    const seen: Readonly<Record<string, string>>[] = [];
    const { services } = bench.connector;
    const send: typeof services.send = (request) => {
      seen.push(request.headers);
      return services.send(request);
    };
    const connector = await loadConnector({ services: { ...services, send } });
    const client = connector.connect(
      { orgUrl: organization().origin },
      { kind: 'host', getToken: () => ({ token: bench.sandbox.issueToken() }) },
      { allowLoopback: true },
    );
    await client.run('account.create', { name: 'Quiet' }, { bypassFlows: true });
    expect(seen[0]).to.include({ 'mscrm.suppresscallbackregistrationexpanderjob': 'true' });
  });
});
