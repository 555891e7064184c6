import { expect } from 'chai';
import type { Client, QueryRequest } from '../../src/index.ts';
import { ConnectorError } from '../../src/index.ts';
import { connectToSandbox } from './sandbox-client.ts';

const id = '5f2b6a1c-0d3e-4f5a-8b7c-9d0e1f2a3b4c';

async function errorOf(work: Promise<unknown>): Promise<ConnectorError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(ConnectorError);
  return error as ConnectorError;
}

async function rowsOf(client: Client, query: QueryRequest) {
  const rows = [];
  for await (const page of client.query(query)) rows.push(...page);
  return rows;
}

describe('client.query and client.checkQuery', () => {
  let fixture: Awaited<ReturnType<typeof connectToSandbox>>;
  before(async () => {
    fixture = await connectToSandbox();
  });
  after(() => fixture.close());

  it('check a query against the organization by any name of the table', async () => {
    for (const table of ['case', 'incident', 'incidents']) {
      const { diagnostics, corrected, against } = await fixture.client.checkQuery({
        table,
        filter: `ownerid eq ${id}`,
      });
      expect(against).to.equal('organization');
      expect(diagnostics[0]).to.deep.include({
        severity: 'error',
        code: 'Q112',
        location: { file: '$filter', line: 1, column: 1, length: 7 },
        fix: 'write _ownerid_value',
      });
      expect(corrected).to.deep.equal({ table, filter: `_ownerid_value eq ${id}` });
    }
  });

  it('report an unknown table and suggest the nearest name', async () => {
    const { diagnostics } = await fixture.client.checkQuery({ table: 'incidnt', filter: 'a eq 1' });
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['Q105']);
    expect(diagnostics[0]!.fix).to.contain('incident');
  });

  it('locate the line of a FetchXML and the property of a body', async () => {
    const fetchXml =
      '<fetch>\n  <entity name="incident">\n    <attribute name="titel"/>\n  </entity>\n</fetch>';
    const fetch = await fixture.client.checkQuery({ table: 'incident', fetchXml });
    expect(fetch.diagnostics[0]!.location).to.deep.equal({
      file: 'fetchXml',
      line: 3,
      column: 22,
      length: 5,
    });
    const body = { title: 'x', 'customerid@odata.bind': `/accounts(${id})` };
    const written = await fixture.client.checkQuery({ table: 'incident', body });
    expect(written.diagnostics[0]!.location).to.include({ file: 'body', line: 3, column: 3 });
    expect(written.corrected!.body).to.have.property('customerid_account@odata.bind');
  });

  it('return the rows page by page as Dataverse sends them', async () => {
    const rows = await rowsOf(fixture.client, {
      table: 'incidents',
      filter: 'prioritycode eq 1',
      select: 'title',
      top: 3,
    });
    expect(rows).to.have.length(3);
    expect(rows[0]).to.have.property('incidentid');
    const fetched = await rowsOf(fixture.client, {
      table: 'incident',
      fetchXml: '<fetch top="2"><entity name="incident"><attribute name="title"/></entity></fetch>',
    });
    expect(fetched).to.have.length(2);
  });

  it('read every page of a FetchXML query, with its page size', async () => {
    const fetchXml = '<fetch><entity name="incident"><attribute name="title"/></entity></fetch>';
    const count = Number((await fixture.client.run('case.count')).output);
    const pages: number[] = [];
    for await (const page of fixture.client.query({ table: 'case', fetchXml }, { pageSize: 20 }))
      pages.push(page.length);
    expect(pages.reduce((sum, length) => sum + length, 0)).to.equal(count);
    expect(pages.length).to.equal(Math.ceil(count / 20));
  });

  it('do not send a query that Dataverse would reject', async () => {
    const before = fixture.countRequests('incidents');
    const error = await errorOf(rowsOf(fixture.client, { table: 'incidents', filter: "titel eq 'x'" }));
    expect(error).to.include({ code: 'QUERY_INVALID', category: 'input' });
    expect(fixture.countRequests('incidents')).to.equal(before);
  });

  it('return the schema of a table by any of its names', async () => {
    const schema = await fixture.client.tableSchema('incidents');
    expect(schema).to.include({ title: 'Case', type: 'object' });
    expect(schema!.required).to.include('title');
    expect(await fixture.client.tableSchema('nothing')).to.equal(undefined);
  });

  it('report a query that is too long even for a batch', async () => {
    const filter = Array.from({ length: 2400 }, () => "title eq 'xxxxxxxxxxxx'").join(' or ');
    const { diagnostics } = await fixture.client.checkQuery({ table: 'case', filter });
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['Q106']);
  });
});

describe('the input filter of a list action', () => {
  let fixture: Awaited<ReturnType<typeof connectToSandbox>>;
  before(async () => {
    fixture = await connectToSandbox();
  });
  after(() => fixture.close());

  it('is combined with the other filters of the list', async () => {
    const { output } = await fixture.client.run('case.list', {
      state: 'active',
      filter: "prioritycode eq 1 or contains(title,'Grinder')",
      limit: 5,
    });
    expect(output).to.have.length(5);
    const plan = fixture.client.explain('case.list', {
      state: 'active',
      filter: 'prioritycode  eq  1   or statuscode eq 2',
    });
    expect(new URL(plan.url).searchParams.get('$filter')).to.equal(
      '(statecode eq 0) and (prioritycode eq 1 or statuscode eq 2)',
    );
  });

  it('is checked before the action is sent, and the error has the corrected filter', async () => {
    const before = fixture.countRequests('incidents');
    const error = await errorOf(fixture.client.run('case.list', { filter: "priority = 'High'" }));
    expect(error).to.include({ code: 'QUERY_INVALID', advice: 'Write: prioritycode eq 1' });
    expect(error.details.diagnostics!.map(({ location }) => location.file)).to.include('filter');
    expect(fixture.countRequests('incidents')).to.equal(before);
  });

  it('is rejected unless it is one complete condition', async () => {
    for (const filter of [
      'statecode eq 0) or (1 eq 1',
      'statecode eq 0&$top=1',
      "title eq 'x",
      '{{input.state}}',
      ' ',
    ]) {
      const error = await errorOf(
        Promise.resolve().then(() => fixture.client.explain('case.list', { filter })),
      );
      expect(error.code, filter).to.equal('INPUT_INVALID');
    }
  });

  it('reads no metadata if it is absent', async () => {
    const fresh = await connectToSandbox();
    await fresh.client.run('case.list', { limit: 1 });
    expect(fresh.countRequests('EntityDefinitions')).to.equal(0);
    await fresh.close();
  });

  it('is checked for syntax only if the metadata cannot be read', async () => {
    const blind = await connectToSandbox({ withoutMetadata: true });
    const { against } = await blind.client.checkQuery({ table: 'case', filter: 'titel eq 5' });
    expect(against).to.equal('syntax');
    const error = await errorOf(blind.client.run('case.list', { filter: 'titel eq 5' }));
    expect(error.code).to.equal('BAD_REQUEST');
    expect(error.details.diagnostics![0]).to.deep.include({ code: 'Q110', sourceLine: 'titel eq 5' });
    await blind.close();
  });
});
