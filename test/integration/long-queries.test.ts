import { expect } from 'chai';
import type { ConnectorError, HttpRequest, HttpSender, JsonObject } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';
import { createTestSender } from '../support/test-transport.ts';

/** Queries that are longer than a URL may be. The sandbox has the same limits as Dataverse. */
describe('a query that is too long for a URL', () => {
  let fixture: SandboxClient;
  const requests: HttpRequest[] = [];
  /** The requests since the last call of this function: `POST $batch`. */
  const sent = () =>
    requests.splice(0).map(({ method, url }) => `${method} ${new URL(url).pathname.slice(15).split('(')[0]}`);
  const errorOf = (work: Promise<unknown>): Promise<ConnectorError> =>
    work.then(
      () => expect.fail('expected an error'),
      (error: ConnectorError) => error,
    );
  const many = (count: number, text: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => text(at)).join('');
  const fetchOf = (conditions: number, table = 'contact') =>
    `<fetch count="2"><entity name="${table}"><attribute name="lastname"/><order attribute="lastname"/><filter>${many(conditions, (at) => `<condition attribute="lastname" operator="ne" value="Name ${at}"/>`)}</filter></entity></fetch>`;

  before(async () => {
    const sender = createTestSender();
    const send: HttpSender = (request) => {
      requests.push(request);
      return sender(request);
    };
    fixture = await openSandboxClient({}, { send });
    for (const lastName of ['Abel', 'Baker', 'Cole', 'Dietz', 'Egede']) {
      await fixture.client.run('contact.create', { lastName });
    }
    // Reads the metadata before requests are counted.
    await fixture.client.run('query.fetch', { table: 'contact', query: fetchOf(1) });
  });
  after(() => fixture.close());
  beforeEach(() => requests.splice(0));

  it('is sent in a batch page by page if it is FetchXML', async () => {
    const { output } = await fixture.client.run('query.fetch', { table: 'contact', query: fetchOf(400) });
    const names = (output as readonly JsonObject[]).map(({ lastname }) => lastname);
    expect(names).to.deep.equal(['Abel', 'Baker', 'Cole', 'Dietz', 'Egede']);
    expect(sent()).to.deep.equal(Array(3).fill('POST $batch'));
  });

  it('is sent in a batch with its next links if it is a filter', async () => {
    const filter = `lastname ne ''${many(400, (at) => ` and lastname ne 'another person with a long name, the ${at}th'`)}`;
    const names: unknown[] = [];
    for await (const page of fixture.client.query({ table: 'contact', filter }, { pageSize: 2 })) {
      names.push(...page.map(({ lastname }) => lastname));
    }
    expect(names).to.have.members(['Abel', 'Baker', 'Cole', 'Dietz', 'Egede']);
    expect(sent()).to.deep.equal(Array(3).fill('POST $batch'));
  });

  it('is not sent in a batch if the URL is short enough', async () => {
    await fixture.client.run('query.fetch', { table: 'contact', query: fetchOf(5) });
    expect(sent()).to.deep.equal(Array(3).fill('GET contacts'));
  });

  it('is rejected before sending if it is too long even for a batch', async () => {
    const error = await errorOf(fixture.client.run('query.fetch', { table: 'contact', query: fetchOf(800) }));
    expect(error.code).to.equal('QUERY_INVALID');
    expect(error.details.diagnostics?.map(({ code }) => code)).to.deep.equal(['Q106']);
    const raw = { method: 'GET', path: '/contacts', query: { fetchXml: fetchOf(800) } };
    expect((await errorOf(fixture.client.run('request.send', raw))).code).to.equal('QUERY_INVALID');
    expect(sent()).to.deep.equal([]);
  });

  it('fails with the error of its own request, not of the batch', async () => {
    const raw = { method: 'GET', path: '/contacts', query: { fetchXml: fetchOf(400, 'nothing') } };
    const error = await errorOf(fixture.client.run('request.send', raw));
    expect(error.code).to.equal('BAD_REQUEST');
    expect(error.details.status).to.equal(400);
    expect(sent()).to.deep.equal(['POST $batch']);
  });
});
