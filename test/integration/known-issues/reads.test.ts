import { expect } from 'chai';
import { type KnownIssueFixture, openFixture } from './fixture.ts';

/** Issues that users of other connectors report about reads, or that are visible in their code. */
describe('known issues of other connectors: reads', () => {
  let fixture: KnownIssueFixture;
  beforeEach(async () => {
    fixture = await openFixture();
  });
  afterEach(() => fixture.close());

  it('silent row limits (100, 5,000) and $top with paging: all rows are read, and a limit reports that there are more', async () => {
    fixture.addRows('queue', 5050, (at) => ({ name: `Line ${at}` }));
    fixture.sent.length = 0;
    const { output, meta } = await fixture.client.run('queue.list', { limit: 5020 });
    expect([(output as unknown[]).length, meta.hasMore]).to.deep.equal([5020, true]);
    let all = 0;
    for await (const _ of fixture.client.list('queue.list')) all++;
    expect(all).to.equal(5050);
    for (const { url, headers } of fixture.sent) {
      expect(url.includes('$top') && String(headers.prefer).includes('maxpagesize')).to.equal(false);
    }
  });

  it('following a next link to any host: the link is rejected and no token is sent', async () => {
    fixture.addRows('contact', 30);
    fixture.intercept(async (request, send) => {
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
      for await (const _ of fixture.client.list('contact.list', {}, { pageSize: 10 })) void _;
    };
    expect((await fixture.errorOf(read())).code).to.equal('ORIGIN_REFUSED');
    expect(fixture.sent.every(({ url }) => url.startsWith(fixture.organization.origin))).to.equal(true);
  });

  it('429 not handled: the request is retried after the time in Retry-After', async () => {
    fixture.organization.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 7, times: 2 });
    const { clock } = fixture;
    const start = clock.ms;
    expect((await fixture.client.run('contact.count', {})).output).to.equal(0);
    expect(clock.ms - start).to.be.at.least(14_000);
    expect(fixture.sent.map(({ method }) => method)).to.deep.equal(['GET', 'GET', 'GET']);
  });

  it('schema discovery fails on large organizations: only the metadata of the used table is read', async () => {
    const { store } = fixture.organization;
    for (let at = 0; at < 300; at++)
      store.addTable({ logicalName: `new_table${at}`, primaryName: 'new_name' });
    await fixture.run('record.create', { table: 'new_table123', values: { new_name: 'Kettle' } });
    expect(await fixture.client.tableSchema('new_table123')).to.have.nested.property('properties.new_name');
    const metadataUrls = fixture.sent
      .map(({ url }) => decodeURIComponent(url))
      .filter((url) => /Definitions|metadata/.test(url));
    expect(metadataUrls).to.not.deep.equal([]);
    for (const url of metadataUrls)
      expect(url).to.match(/\(LogicalName='new_table123'\)|\?\$select=LogicalName,EntitySetName/);
  });
});
