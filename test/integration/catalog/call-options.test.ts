import { expect } from 'chai';
import type { PlugIn } from 'dynamics365-connector-sandbox';
import { runtimeOf } from '../../../src/client/connector.ts';
import { type ConnectorError, type JsonObject, loadConnector, type RunOptions } from '../../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../../support/sandbox-client.ts';

/** Call options and their effect in the sandbox. */
describe('call options', () => {
  let fixture: SandboxClient;
  let me: string;
  const organization = () => fixture.sandbox.organization;
  const other = () => fixture.sandbox.users[1]!;
  const run = async (action: string, input: JsonObject, options?: RunOptions): Promise<JsonObject> =>
    (await fixture.client.run(action, input, options)).output as JsonObject;
  const stored = (table: string, id: unknown) => organization().store.read(table, String(id))!.values;
  const errorOf = (work: Promise<unknown>): Promise<ConnectorError> =>
    work.then(
      () => expect.fail('expected an error'),
      (error: ConnectorError) => error,
    );
  const user = (id: string | undefined) => ({ table: 'systemuser', id });

  before(async () => {
    fixture = await openSandboxClient();
    me = (await fixture.client.check()).userId;
  });
  after(() => fixture.close());

  describe('asUser', () => {
    afterEach(() => organization().setPrivilege(fixture.sandbox.user, 'prvActOnBehalfOfAnotherUser', true));

    it('sets creator and owner of the row, and the connection’s user as the delegate', async () => {
      const asUser = other().objectId;
      const them = user(organization().findSystemUserId(other()));
      const { id } = await run('account.create', { name: 'Theirs' }, { asUser });
      expect(stored('account', id)).to.deep.include({ createdby: them, createdonbehalfby: user(me) });
      expect(stored('account', id)).to.deep.include({ ownerid: them, modifiedonbehalfby: user(me) });
      await run('account.update', { id: id!, city: 'Berlin' });
      expect(stored('account', id)).to.deep.include({ modifiedby: user(me), modifiedonbehalfby: null });
      expect(stored('account', id)).to.deep.include({ createdby: them, createdonbehalfby: user(me) });
    });

    it('applies to every row of writeMany on each route, to change sets and to handlers', async () => {
      const them = user(organization().findSystemUserId(other()));
      const options = { asUser: other().objectId };
      for (const route of ['single', 'batch', 'message'] as const) {
        const rows = [1, 2, 3, 4, 5].map((at) => ({ name: `${route} ${at}` }));
        const job = { table: 'account', verb: 'create', rows, route, options } as const;
        for await (const { id } of fixture.client.writeMany(job))
          expect(stored('account', id), route).to.deep.include({
            createdby: them,
            createdonbehalfby: user(me),
          });
      }
      const steps = [{ action: 'account.create', input: { name: 'Together' } }];
      const [together] = (await fixture.client.changeSet(steps, options)) as JsonObject[];
      expect(stored('account', together!.id)).to.deep.include({ createdby: them });
      const mine = { table: 'account', id: String(together!.id) };
      const file = { fileName: 'a.txt', content: 'aGVsbG8=', regarding: mine };
      const note = await run('note.attach', file, options);
      expect(stored('annotation', note.id)).to.deep.include({ createdby: them, modifiedby: them });
    });

    it('can be replaced by the header MSCRMCallerID in request.send', async () => {
      const mscrmcallerid = organization().findSystemUserId(other())!;
      const request = { method: 'GET', path: '/WhoAmI', headers: { mscrmcallerid } };
      expect(await run('request.send', request)).to.have.nested.property('body.UserId', mscrmcallerid);
    });

    it('requires the privilege prvActOnBehalfOfAnotherUser', async () => {
      const asUser = other().objectId;
      organization().setPrivilege(fixture.sandbox.user, 'prvActOnBehalfOfAnotherUser', false);
      const refused = await errorOf(run('account.create', { name: 'Refused' }, { asUser }));
      expect(refused.code).to.equal('ACCESS_DENIED');
      expect(refused.details.serverMessage).to.match(/prvActOnBehalfOfAnotherUser/);
      expect((await run('account.create', { name: 'My own' })).owner).to.include({ id: me });
    });

    it('fails for an unknown user', async () => {
      const asUser = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
      expect((await errorOf(run('account.list', {}, { asUser }))).category).to.equal('permission');
    });
  });

  describe('bypassPlugins and bypassLogic', () => {
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
        organization().setPrivilege(fixture.sandbox.user, privilege, true);
    });

    const cases: readonly (readonly [what: string, RunOptions, name: string, heard: readonly string[]])[] = [
      ['nothing', {}, 'Fabrikam, Inc.', ['sync', 'async']],
      ['plug-ins', { bypassPlugins: true }, 'Fabrikam', ['async']],
      ['synchronous logic', { bypassLogic: ['sync'] }, 'Fabrikam', ['async']],
      ['asynchronous logic', { bypassLogic: ['async'] }, 'Fabrikam, Inc.', ['sync']],
      ['synchronous and asynchronous logic', { bypassLogic: ['sync', 'async'] }, 'Fabrikam', []],
    ];
    for (const [what, options, name, expected] of cases) {
      it(`bypass ${what}: runs only the other custom logic`, async () => {
        const { id } = await run('account.create', { name: 'Fabrikam' }, options);
        expect(stored('account', id).name).to.equal(name);
        expect(heard).to.deep.equal(expected);
      });
    }

    for (const route of ['single', 'batch', 'message'] as const) {
      it(`bypassLogic: applies to every row of writeMany by ${route}`, async () => {
        const rows = [1, 2, 3, 4, 5].map((at) => ({ name: `${route} ${at}` }));
        const options = { bypassLogic: ['sync', 'async'] } as const;
        const job = { table: 'account', verb: 'create', rows, route, options } as const;
        for await (const { index, id } of fixture.client.writeMany(job))
          expect(stored('account', id).name).to.equal(rows[index]!.name);
        expect(heard).to.deep.equal([]);
      });
    }

    it('require a privilege each', async () => {
      for (const [privilege, options] of [
        ['prvBypassCustomPlugins', { bypassPlugins: true }],
        ['prvBypassCustomBusinessLogic', { bypassLogic: ['sync'] }],
      ] as const) {
        organization().setPrivilege(fixture.sandbox.user, privilege, false);
        const refused = await errorOf(run('account.create', { name: 'Refused' }, options));
        expect(refused.code).to.equal('ACCESS_DENIED');
        expect(refused.details.serverMessage).to.include(privilege);
      }
      expect(heard).to.deep.equal([]);
    });

    it('a plug-in that rejects the write: its message is in the error', async () => {
      organization().plugIns[0] = plugIn('sync', () => {
        throw new Error('Accounts are made on Mondays only.');
      });
      const refused = await errorOf(run('account.create', { name: 'Tuesday' }));
      expect(refused.details.serverMessage).to.equal('Accounts are made on Mondays only.');
      expect(await run('account.create', { name: 'Tuesday' }, { bypassPlugins: true })).to.have.property(
        'id',
      );
    });
  });

  it('detectDuplicates: applies duplicate detection rules to a create and an update', async () => {
    const person = { lastName: 'Twin', email: 'twin@example.com' };
    await run('contact.create', person);
    const { id } = await run('contact.create', person);
    const { store } = organization();
    const before = store.count('contact');
    const detectDuplicates = true;
    expect((await errorOf(run('contact.create', person, { detectDuplicates }))).code).to.equal('DUPLICATE');
    expect(store.count('contact')).to.equal(before);
    const change = { id: id!, email: person.email };
    expect((await errorOf(run('contact.update', change, { detectDuplicates }))).code).to.equal('DUPLICATE');
    const alone = { id: id!, email: 'alone@example.com' };
    expect((await run('contact.update', alone, { detectDuplicates })).email).to.equal(alone.email);
  });

  it('ifVersion: fails with CONFLICT for a stale version in an update and a delete', async () => {
    const { id, version } = await run('contact.create', { lastName: 'Lee' });
    const stale = { ifVersion: String(version) };
    const { version: current } = await run('contact.update', { id: id!, jobTitle: 'Buyer' }, stale);
    const change = run('contact.update', { id: id!, jobTitle: 'Seller' }, stale);
    expect((await errorOf(change)).code).to.equal('CONFLICT');
    expect(stored('contact', id).jobtitle).to.equal('Buyer');
    expect((await errorOf(run('contact.delete', { id: id! }, stale))).code).to.equal('CONFLICT');
    await run('contact.delete', { id: id! }, { ifVersion: String(current) });
    expect(organization().store.read('contact', String(id))).to.equal(undefined);
  });

  it('rejects invalid values of ifVersion, asUser and bypassLogic before sending', async () => {
    const { id } = await run('account.create', { name: 'Safe' });
    for (const options of [
      { ifVersion: '1" or "2' },
      { asUser: 'me\r\nx: y' },
      { bypassLogic: ['all'] as never },
    ]) {
      const refused = await errorOf(run('account.update', { id: id!, city: 'Berlin' }, options));
      expect(refused.code).to.equal('INPUT_INVALID');
    }
    expect(stored('account', id).address1_city).to.equal(null);
  });

  it('bypassFlows: sends the header that prevents flows from starting', async () => {
    const seen: Readonly<Record<string, string>>[] = [];
    const { services } = runtimeOf(fixture.connector);
    const send: typeof services.send = (request) => {
      seen.push(request.headers);
      return services.send(request);
    };
    const connector = await loadConnector({ ...services, send });
    const client = connector.connect(
      { orgUrl: organization().origin },
      { kind: 'host', getToken: () => ({ token: fixture.sandbox.issueToken() }) },
      { allowLoopback: true },
    );
    await client.run('account.create', { name: 'Quiet' }, { bypassFlows: true });
    expect(seen[0]).to.include({ 'mscrm.suppresscallbackregistrationexpanderjob': 'true' });
  });
});
