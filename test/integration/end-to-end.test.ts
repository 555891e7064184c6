import { expect } from 'chai';
import { ConnectorError, type JsonObject } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';
import { createSteadyClock } from '../support/steady-clock.ts';
import { transports } from '../support/test-transport.ts';

/** Calls over HTTP to a sandbox that injects faults, with each of our senders. */
for (const transport of transports)
  describe(`a client on the sandbox over HTTP by ${transport}`, () => {
    const clock = createSteadyClock({ stepMs: 50 });
    let fixture: SandboxClient;
    let customer: JsonObject;

    before(async () => {
      fixture = await openSandboxClient({}, { clock, transport });
      const { output } = await fixture.client.run('account.create', { name: 'Fabrikam, Inc.' });
      customer = { table: 'account', id: (output as JsonObject).id! };
    });
    after(async () => {
      await fixture.close();
      clock.close();
    });
    afterEach(() => fixture.sandbox.organization.faults.clear());

    const create = (title: string, idempotencyKey?: string) =>
      fixture.client.run(
        'case.create',
        { title, customer },
        idempotencyKey === undefined ? {} : { idempotencyKey },
      );

    const errorOf = async (work: Promise<unknown>): Promise<ConnectorError> =>
      await work.then(
        () => expect.fail('expected an error'),
        (error: unknown) => {
          expect(error).to.be.instanceOf(ConnectorError);
          return error as ConnectorError;
        },
      );

    it('creates, reads, changes, lists and deletes', async () => {
      const { output } = await create("O'Brien's 50% [printer]");
      const row = output as JsonObject;
      expect(row).to.include({ title: "O'Brien's 50% [printer]", state: 'active', status: 'in-progress' });
      expect(row.customer).to.deep.equal({ ...customer, name: 'Fabrikam, Inc.' });
      const { output: changed } = await fixture.client.run('case.update', { id: row.id!, priority: 'low' });
      expect(changed).to.include({ priority: 'low' });
      const { output: found } = await fixture.client.run('case.list', { search: '50% [printer]' });
      expect((found as JsonObject[]).map(({ id }) => id)).to.deep.equal([row.id]);
      await fixture.client.run('case.delete', { id: row.id! });
      expect((await errorOf(fixture.client.run('case.get', { id: row.id! }))).code).to.equal('NOT_FOUND');
    });

    it('suggests the name of a relationship that was written in the wrong case', async () => {
      const target = { table: 'account', id: String(customer.id) };
      const input = { id: String(customer.id), relationship: 'Contact_Customer_Accounts', target };
      for (const [id, more] of [
        ['account.associate', {}],
        ['record.associate', { table: 'account' }],
      ] as const) {
        const error = await errorOf(fixture.client.run(id, { ...input, ...more }));
        expect(error.details.suggestions).to.include('contact_customer_accounts');
        expect(error.advice).to.include('contact_customer_accounts');
      }
    });

    it('resolves and reopens a case; the error of a change to a resolved case advises to reopen it', async () => {
      const { output } = await create('to be resolved');
      const { id } = output as JsonObject;
      await fixture.client.run('case.resolve', { id: id!, subject: 'done' });
      const { output: resolved } = await fixture.client.run('case.get', { id: id! });
      expect(resolved).to.include({ state: 'resolved', status: 'problem-solved' });
      const error = await errorOf(fixture.client.run('case.update', { id: id!, title: 'x' }));
      expect(error.category).to.equal('data');
      expect(error.advice).to.match(/reopen/i);
      await fixture.client.run('case.reopen', { id: id! });
      const { output: open } = await fixture.client.run('case.get', { id: id! });
      expect(open).to.include({ state: 'active' });
    });

    it('creates exactly one row per idempotency key although connections break', async () => {
      const { faults } = fixture.sandbox.organization;
      const before = await count('line');
      faults.add({
        kind: 'reset',
        atByte: 0,
        method: 'PATCH',
        probability: 0.5,
        times: Number.POSITIVE_INFINITY,
      });
      const work = Array.from({ length: 40 }, (_, i) => i);
      for (const i of work) {
        // A call may give up after too many broken connections; the caller repeats it with the same key.
        for (let round = 0; round < 20; round++) {
          const done = await create(`line ${i}`, `key-${i}`).then(
            () => true,
            (error: ConnectorError) => {
              expect(error.code).to.be.oneOf(['REQUEST_OUTCOME_UNKNOWN', 'NETWORK']);
              return false;
            },
          );
          if (done) break;
        }
      }
      expect((await count('line')) - before).to.equal(40);
    });

    it('never sends a one-time action twice, and verifies its outcome', async () => {
      const { faults } = fixture.sandbox.organization;
      const { output } = await create('resolved over a broken line');
      const { id } = output as JsonObject;
      faults.add({ kind: 'reset', atByte: 0, path: '/CloseIncident' });
      const { meta } = await fixture.client.run('case.resolve', { id: id!, subject: 'done' });
      expect(meta.replayed).to.equal(true);
      const { output: resolved } = await fixture.client.run('case.get', { id: id! });
      expect(resolved).to.include({ state: 'resolved' });
    });

    it('reports REQUEST_OUTCOME_UNKNOWN if a one-time action did not arrive', async () => {
      const { faults } = fixture.sandbox.organization;
      const { output } = await create('not resolved');
      faults.add({ kind: 'reset-before', path: '/CloseIncident' });
      const error = await errorOf(
        fixture.client.run('case.resolve', { id: (output as JsonObject).id!, subject: 'done' }),
      );
      expect(error.code).to.equal('REQUEST_OUTCOME_UNKNOWN');
    });

    it('waits as long as a 429 response says', async () => {
      const { faults } = fixture.sandbox.organization;
      faults.add({ kind: 'status', status: 429, code: '0x80072322', retryAfterSeconds: 2, times: 2 });
      const { meta } = await create('after a while');
      expect(meta.attempts).to.equal(3);
    });

    it('reads all pages, and reports when a limit cut the list', async () => {
      for (let i = 0; i < 7; i++) await create(`page ${i}`);
      const { output, meta } = await fixture.client.run('case.list', { search: 'page', limit: 3 });
      expect([(output as unknown[]).length, meta.hasMore]).to.deep.equal([3, true]);
      const sizes: number[] = [];
      for await (const page of fixture.client
        .list('case.list', { search: 'page' }, { pageSize: 3 })
        .pages()) {
        sizes.push(page.rows.length);
      }
      expect(sizes).to.deep.equal([3, 3, 1]);
    });

    it('leaves out a column that the organization lacks and reports it in meta.missingColumns', async () => {
      const { client, sandbox } = fixture;
      const answer = {
        error: {
          code: '0x80060888',
          message: "Could not find a property named 'isescalated' on type 'Microsoft.Dynamics.CRM.incident'.",
        },
      };
      const fault = { kind: 'status', status: 400, body: answer, path: 'isescalated' } as const;
      sandbox.organization.faults.add({ ...fault, times: Number.POSITIVE_INFINITY });
      const { meta } = await client.run('case.list', { limit: 1 });
      expect(meta.missingColumns).to.deep.equal(['isescalated']);
      expect((await client.run('case.list', { limit: 1 })).meta.attempts).to.equal(1);
    });

    it('reports changes of other users once, and not its own', async () => {
      const { client, connector, sandbox } = fixture;
      const other = connector.connect(
        { orgUrl: sandbox.organization.origin },
        { kind: 'host', getToken: () => ({ token: sandbox.issueToken(sandbox.users[1]) }) },
        { allowLoopback: true },
      );
      const options = { ignoreChangesBy: 'self' };
      const { checkpoint } = await client.poll('case.created', {}, undefined, options);
      await create('my own');
      await other.run('case.create', { title: 'of another', customer });
      const first = await client.poll('case.created', {}, checkpoint, options);
      expect(first.items.map(({ row }) => row.title)).to.deep.equal(['of another']);
      expect((await client.poll('case.created', {}, first.checkpoint, options)).items).to.deep.equal([]);
    });

    it('returns sample items of a trigger without a checkpoint', async () => {
      await create('the newest');
      const items = await fixture.client.sample('case.created', 2);
      expect(items).to.have.length(2);
      expect(items[0]!.row.title).to.be.a('string');
      expect(items[0]).to.include({ change: 'created' });
    });

    it('returns distinct error codes for HTML, a wrong lookup and an unreachable organization', async () => {
      const { client, sandbox, connector } = fixture;
      sandbox.organization.faults.add({ kind: 'html' });
      expect((await errorOf(client.run('account.list'))).code).to.equal('RESPONSE_NOT_JSON');
      const missing = { table: 'account', id: '99999999-9999-4999-8999-999999999999' };
      expect((await errorOf(client.run('case.create', { title: 'x', customer: missing }))).code).to.equal(
        'NOT_FOUND',
      );
      const away = connector.connect(
        { orgUrl: 'http://127.0.0.1:9' },
        { kind: 'host', getToken: () => ({ token: 'x', expiresAt: Number.MAX_SAFE_INTEGER }) },
        { allowLoopback: true },
      );
      expect((await errorOf(away.run('account.list'))).category).to.equal('transient');
    });

    async function count(search: string): Promise<number> {
      let rows = 0;
      for await (const _ of fixture.client.list('case.list', { search })) rows++;
      return rows;
    }
  });
