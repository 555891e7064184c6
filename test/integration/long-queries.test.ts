import { expect } from 'chai';
import type { ConnectorError, HttpRequest, HttpSender, JsonObject } from '../../src/index.ts';
import { createNodeFetchSender } from '../../src/node/node-fetch-sender.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

/** Queries that are longer than a URL may be; the sandbox refuses what Dataverse refuses. */
describe('a query longer than a URL', function () {
  this.timeout(30_000);
  let bench: SandboxClient;
  const requests: HttpRequest[] = [];
  /** What went to the organization since the last look: `POST /$batch`. */
  const sent = () =>
    requests.splice(0).map(({ method, url }) => `${method} ${new URL(url).pathname.slice(15).split('(')[0]}`);
  const refusal = (work: Promise<unknown>): Promise<ConnectorError> =>
    work.then(
      () => expect.fail('it succeeded'),
      (error: ConnectorError) => error,
    );
  const many = (count: number, text: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => text(at)).join('');
  const fetchOf = (conditions: number, table = 'contact') =>
    `<fetch count="2"><entity name="${table}"><attribute name="lastname"/><order attribute="lastname"/><filter>${many(conditions, (at) => `<condition attribute="lastname" operator="ne" value="nobody ${at}"/>`)}</filter></entity></fetch>`;

  before(async () => {
    const over = createNodeFetchSender();
    const send: HttpSender = (request) => {
      requests.push(request);
      return over(request);
    };
    bench = await openSandboxClient({}, { send });
    for (const lastName of ['Abel', 'Baker', 'Cole', 'Dietz', 'Egede']) {
      await bench.client.run('contact.create', { lastName });
    }
    // Metadata is read once, before anything is counted.
    await bench.client.run('query.fetch', { table: 'contact', query: fetchOf(1) });
  });
  after(() => bench.close());
  beforeEach(() => requests.splice(0));

  it('travels in a batch, page after page, when it is FetchXML', async () => {
    const { output } = await bench.client.run('query.fetch', { table: 'contact', query: fetchOf(400) });
    const names = (output as readonly JsonObject[]).map(({ lastname }) => lastname);
    expect(names).to.deep.equal(['Abel', 'Baker', 'Cole', 'Dietz', 'Egede']);
    expect(sent()).to.deep.equal(Array(3).fill('POST $batch'));
  });

  it('travels in a batch, and so do its next links, when it is a filter', async () => {
    const filter = `lastname ne ''${many(400, (at) => ` and lastname ne 'somebody else of a long name, the ${at}th'`)}`;
    const names: unknown[] = [];
    for await (const page of bench.client.query({ table: 'contact', filter }, { pageSize: 2 })) {
      names.push(...page.map(({ lastname }) => lastname));
    }
    expect(names).to.have.members(['Abel', 'Baker', 'Cole', 'Dietz', 'Egede']);
    expect(sent()).to.deep.equal(Array(3).fill('POST $batch'));
  });

  it('goes by itself as long as a URL takes it', async () => {
    await bench.client.run('query.fetch', { table: 'contact', query: fetchOf(5) });
    expect(sent()).to.deep.equal(Array(3).fill('GET contacts'));
  });

  it('is refused before it is sent when it is too long even for a batch', async () => {
    const error = await refusal(bench.client.run('query.fetch', { table: 'contact', query: fetchOf(800) }));
    expect(error.code).to.equal('QUERY_INVALID');
    expect(error.details.diagnostics?.map(({ code }) => code)).to.deep.equal(['Q106']);
    const raw = { method: 'GET', path: '/contacts', query: { fetchXml: fetchOf(800) } };
    expect((await refusal(bench.client.run('request.send', raw))).code).to.equal('QUERY_INVALID');
    expect(sent()).to.deep.equal([]);
  });

  it('fails with the words for its own request, not for the batch around it', async () => {
    const raw = { method: 'GET', path: '/contacts', query: { fetchXml: fetchOf(400, 'nothing') } };
    const error = await refusal(bench.client.run('request.send', raw));
    expect(error.code).to.equal('BAD_REQUEST');
    expect(error.details.status).to.equal(400);
    expect(sent()).to.deep.equal(['POST $batch']);
  });
});
