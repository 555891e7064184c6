import { expect } from 'chai';
import { type KnownIssueFixture, openFixture } from './fixture.ts';

/** What users of other connectors report of reading, and what can be read in their code: shown not to happen here. */
describe('pains of other connectors, reading', function () {
  this.timeout(20_000);
  let stage: KnownIssueFixture;
  beforeEach(async () => {
    stage = await openFixture();
  });
  afterEach(() => stage.close());

  it('silent row caps (100, 5,000), $top together with paging: all rows come, and a limit says that there are more', async () => {
    stage.addRows('queue', 5050, (at) => ({ name: `Line ${at}` }));
    stage.sent.length = 0;
    const { output, meta } = await stage.client.run('queue.list', { limit: 5020 });
    expect([(output as unknown[]).length, meta.hasMore]).to.deep.equal([5020, true]);
    let all = 0;
    for await (const _ of stage.client.list('queue.list')) all++;
    expect(all).to.equal(5050);
    for (const { url, headers } of stage.sent) {
      expect(url.includes('$top') && String(headers.prefer).includes('maxpagesize')).to.equal(false);
    }
  });

  it('following a next link to any host: it is refused, and no token goes there', async () => {
    stage.addRows('contact', 30);
    stage.intercept(async (request, send) => {
      const response = await send(request);
      const body = async function* () {
        const chunks: Uint8Array[] = [];
        for await (const chunk of response.body) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        yield Buffer.from(
          text.replace(
            /"@odata.nextLink":"[^"]*"/,
            '"@odata.nextLink":"https://evil.example/api/data/v9.2/contacts"',
          ),
        );
      };
      const { 'content-length': _, ...headers } = response.headers;
      return { ...response, headers, body: body() };
    });
    const read = async () => {
      for await (const _ of stage.client.list('contact.list', {}, { pageSize: 10 })) void _;
    };
    expect((await stage.failure(read())).code).to.equal('ORIGIN_REFUSED');
    expect(stage.sent.every(({ url }) => url.startsWith(stage.organization.origin))).to.equal(true);
  });

  it('429 unhandled: the time that the server names is waited, then the request goes again', async () => {
    stage.organization.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 7, times: 2 });
    const { clock } = stage;
    const start = clock.ms;
    expect((await stage.client.run('contact.count', {})).output).to.equal(0);
    expect(clock.ms - start).to.be.at.least(14_000);
    expect(stage.sent.map(({ method }) => method)).to.deep.equal(['GET', 'GET', 'GET']);
  });

  it('schema discovery that dies on a large org: what is read of 300 tables is the one that is used', async () => {
    const { store } = stage.organization;
    for (let at = 0; at < 300; at++)
      store.addTable({ logicalName: `new_table${at}`, primaryName: 'new_name' });
    await stage.run('record.create', { table: 'new_table123', values: { new_name: 'Kettle' } });
    expect(await stage.client.tableSchema('new_table123')).to.have.nested.property('properties.new_name');
    const asked = stage.sent
      .map(({ url }) => decodeURIComponent(url))
      .filter((url) => /Definitions|metadata/.test(url));
    expect(asked).to.not.deep.equal([]);
    for (const url of asked)
      expect(url).to.match(/\(LogicalName='new_table123'\)|\?\$select=LogicalName,EntitySetName/);
  });
});
