import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openService, type ServiceFixture } from './fixture.ts';

const parseLines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonObject);

describe('service: bulk, polls and MCP', () => {
  let fixture: ServiceFixture;
  before(async () => {
    fixture = await openService();
  });
  after(() => fixture.close());

  const writeRows = (path: string, rows: readonly object[], headers?: Readonly<Record<string, string>>) =>
    fixture.call(`/v1/connections/contoso/bulk/${path}`, {
      body: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
      headers,
    });
  const countAccounts = async (search: string) => {
    const { body } = await fixture.run('account.list', { search, limit: 5000 });
    return (body.output as readonly unknown[]).length;
  };

  it('writes rows of JSON Lines and reports each of them', async () => {
    const rows = [{ name: 'Bulk 1' }, { name: 'Bulk 2' }, { nmae: 'wrong' }];
    const { status, text, headers } = await writeRows('account/create', rows);
    expect(status, text).to.equal(200);
    expect(headers.get('job-id')).to.be.a('string');
    const reports = parseLines(text);
    expect(reports.map(({ index }) => index)).to.deep.equal([0, 1, 2]);
    expect(reports[0]).to.have.property('id');
    expect(reports[2]!.error).to.include({ code: 'INPUT_INVALID' });
    expect(await countAccounts('Bulk')).to.equal(2);
  });

  it('writes each row once when a job with the same key is sent again', async () => {
    const rows = Array.from({ length: 250 }, (_, at) => ({ name: `Again ${at}` }));
    const headers = { 'idempotency-key': 'job-1' };
    await writeRows('account/create', rows, headers);
    const second = await writeRows('account/create', rows, headers);
    expect(parseLines(second.text).filter(({ error }) => error !== undefined)).to.deep.equal([]);
    expect(await countAccounts('Again')).to.equal(250);
  });

  it('names the line that is not JSON, an unknown verb and an unknown job', async () => {
    const broken = await fixture.call('/v1/connections/contoso/bulk/account/create', {
      body: '{"name":"ok"}\nnot json\n',
    });
    expect(broken.text).to.contain('Line 2');
    expect((await writeRows('account/creat', [])).body).to.include({ code: 'INPUT_INVALID' });
    expect((await fixture.call('/v1/jobs/x/progress')).body).to.include({ code: 'JOB_UNKNOWN' });
  });

  it('polls a trigger for a caller that keeps the checkpoint', async () => {
    const poll = (body: object) =>
      fixture.call('/v1/connections/contoso/triggers/account.created/poll', { body });
    const first = await poll({});
    await fixture.run('account.create', { name: 'Polled' });
    const second = await poll({ checkpoint: first.body.checkpoint });
    expect(second.status, second.text).to.equal(200);
    const [item] = second.body.items as readonly { readonly row: JsonObject }[];
    expect(item!.row.name).to.equal('Polled');
    expect((await poll({ chekpoint: {} })).body.code).to.equal('INPUT_INVALID');
    expect((await poll({ checkpoint: { forged: true } })).body.code).to.equal('CHECKPOINT_INVALID');
  });

  it('serves MCP for each connection, with the rights of the API key', async () => {
    const tools = async (key: string) => {
      const client = new Client({ name: 'test', version: '1.0.0' });
      const url = new URL(`${fixture.service.listening}/v1/connections/contoso/mcp`);
      const requestInit = { headers: { authorization: `Bearer ${key}` } };
      await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
      const { tools: found } = await client.listTools();
      await client.close();
      return found.map(({ name }) => name);
    };
    expect(await tools(fixture.key)).to.include('case_create');
    const reader = await fixture.createKey({ scopes: ['actions:read'] });
    expect(await tools(reader))
      .to.include('find_actions')
      .and.not.include('case_create');
    const stranger = await fixture.createKey({ connections: ['acme'] });
    const { body } = await fixture.call('/v1/connections/contoso/mcp', { key: stranger, body: {} });
    expect(body.code).to.equal('CONNECTION_UNKNOWN');
  });
});
