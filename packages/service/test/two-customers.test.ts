import { expect } from 'chai';
import fc from 'fast-check';
import '../../../test/support/fixed-seed.ts';
import { Secret } from 'dynamics365-connector';
import { openService, type ServiceFixture } from './fixture.ts';

const requestCount = Number(process.env.SERVICE_REQUESTS ?? 200);
/** Each customer has a word that is in all its names and rows, and that nobody else may read. */
const words = ['zebrafinch', 'quicksilver'] as const;

interface Customer {
  readonly word: string;
  readonly key: string;
  readonly connection: string;
  /** What others may not use: ids of its subscription, row, job and event. */
  readonly ids: readonly string[];
}

describe('service: two customers with an organization each', function () {
  this.timeout(600_000);
  let fixture: ServiceFixture;
  let customers: readonly Customer[];
  before(async () => {
    fixture = await openService({
      sandbox: { organizations: words.map((name) => ({ name, data: 'empty' })) },
    });
    customers = await Promise.all(words.map((word, index) => addCustomer(word, index)));
  });
  after(() => fixture.close());

  /** A connection, a key, rows, a stored answer and a subscription of a customer. */
  async function addCustomer(word: string, index: number): Promise<Customer> {
    const { organizations, authority, app } = fixture.sandbox;
    const connection = `c-${word}`;
    const orgUrl = organizations[index]?.origin ?? '';
    const settings = { orgUrl, tenant: authority.tenantId };
    await fixture.connections.save(
      { name: connection, kind: 'app', settings, clientId: app.clientId, localAuthority: authority.url },
      { secret: new Secret(app.clientSecret ?? '') },
    );
    const key = await fixture.createKey({ name: `key of ${word}`, connections: [connection] });
    const base = `/v1/connections/${connection}`;
    const created = await fixture.call(`${base}/actions/account.create`, {
      ...{ key, body: { name: `row of ${word}` } },
      headers: { 'idempotency-key': 'first' },
    });
    expect(created.status, created.text).to.equal(200);
    const subscribed = await fixture.call('/v1/subscriptions', {
      key,
      body: { connection, trigger: 'account.created', url: `http://127.0.0.1:9/${word}` },
    });
    const bulk = await fixture.call(`${base}/bulk/account/create`, {
      key,
      body: `{"name":"bulk of ${word}"}\n`,
    });
    const row = (created.body.output as { readonly id: string }).id;
    const ids = [String(subscribed.body.id), row, bulk.headers.get('job-id') ?? 'none'];
    return { word, key, connection, ids };
  }

  it('learn and change nothing of each other, whatever they send', async () => {
    const [attacker, victim] = customers as readonly [Customer, Customer];
    const connection = fc.constantFrom(attacker.connection, victim.connection, 'contoso');
    const id = fc.constantFrom(...attacker.ids, ...victim.ids);
    const action = fc.constantFrom(
      ...['account.list', 'account.get', 'account.create', 'account.update', 'account.delete'],
      ...['record.list', 'query.fetch', 'account.count', 'user.list'],
    );
    const path = fc.oneof(
      fc.record({ connection, action }).map((of) => `/v1/connections/${of.connection}/actions/${of.action}`),
      connection.chain((name) =>
        fc
          .constantFrom(
            ...['', '/openapi.json?actions=case.*', '/lists/tables', '/lists/rows?table=account', '/mcp'],
            ...['/check', '/triggers/account.created/poll', '/triggers/account.created/subscriptions'],
            '/bulk/account/update',
          )
          .map((rest) => `/v1/connections/${name}${rest}`),
      ),
      id.chain((one) =>
        fc
          .constantFrom('', '/events', '/events/1', '/events/1/replay', '/history')
          .map((rest) => `/v1/subscriptions/${one}${rest}`),
      ),
      id.map((one) => `/v1/jobs/${one}/progress`),
      fc.constantFrom(
        '/v1/connections',
        '/v1/subscriptions',
        '/v1/connect-sessions',
        '/openapi.json',
        '/metrics',
        '/health',
      ),
    );
    const body = fc.record(
      {
        connection,
        id,
        orgUrl: fc.constantFrom(...fixture.sandbox.organizations.map(({ origin }) => origin)),
        trigger: fc.constant('account.created'),
        url: fc.constant('http://127.0.0.1:9/x'),
        table: fc.constant('account'),
        search: fc.constantFrom('row', 'bulk', victim.word.slice(0, 3)),
        name: fc.constant('attack'),
        paused: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    const headers = fc.record(
      { 'idempotency-key': fc.constantFrom('first', 'second'), accept: fc.constant('application/x-ndjson') },
      { requiredKeys: [] },
    );
    const method = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE');
    await fc.assert(
      fc.asyncProperty(path, method, body, headers, async (at, verb, sent, given) => {
        // The own connection stays, for the requests that follow.
        if (verb === 'DELETE' && at.includes(attacker.connection)) return;
        const text = JSON.stringify(sent);
        const answer = await fixture.call(at, {
          ...{ method: verb, key: attacker.key, headers: given },
          body: verb === 'GET' ? undefined : text,
        });
        expect(answer.status, `${verb} ${at} ${text} ${answer.text}`).to.be.below(500);
        // What the caller itself has sent may come back.
        const sentNames = at.includes(victim.word) || text.includes(victim.word);
        const seen = answer.text.replaceAll(sentNames ? victim.connection : '\n', '');
        expect(seen, `${verb} ${at} ${text}`).to.not.contain(victim.word);
      }),
      { numRuns: requestCount },
    );
    await expectUntouched(victim);
  });

  /** All that a customer has is there, and reads as it was: the check would see a leak. */
  async function expectUntouched({ key, connection, word, ids }: Customer): Promise<void> {
    const rows = await fixture.call(`/v1/connections/${connection}/actions/account.list`, { key, body: {} });
    const names = (rows.body.output as readonly { readonly name: string }[]).map(({ name }) => name);
    expect(names.sort()).to.deep.equal([`bulk of ${word}`, `row of ${word}`]);
    const subscription = await fixture.call(`/v1/subscriptions/${ids[0]}`, { key });
    expect(subscription.body).to.include({ connection, url: `http://127.0.0.1:9/${word}` });
    expect(subscription.body.state).to.not.equal('paused');
    const repeated = await fixture.call(`/v1/connections/${connection}/actions/account.create`, {
      ...{ key, body: { name: `row of ${word}` } },
      headers: { 'idempotency-key': 'first' },
    });
    expect(repeated.headers.get('idempotent-replayed')).to.equal('true');
    expect((repeated.body.output as { readonly id: string }).id).to.equal(ids[1]);
  }
});
