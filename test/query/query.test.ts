import { expect } from 'chai';
import type { Client, QueryRequest } from '../../src/index.ts';
import { ConnectorError } from '../../src/index.ts';
import { connectToSandbox } from './sandbox-client.ts';

const id = '5f2b6a1c-0d3e-4f5a-8b7c-9d0e1f2a3b4c';

async function refusalOf(work: Promise<unknown>): Promise<ConnectorError> {
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

describe('queries of a client', function () {
  this.timeout(20_000);
  let stage: Awaited<ReturnType<typeof connectToSandbox>>;
  before(async () => {
    stage = await connectToSandbox();
  });
  after(() => stage.close());

  it('are checked against the organization, by any name of the table', async () => {
    for (const table of ['case', 'incident', 'incidents']) {
      const { diagnostics, corrected, against } = await stage.client.checkQuery({
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

  it('say which table is not there', async () => {
    const { diagnostics } = await stage.client.checkQuery({ table: 'incidnt', filter: 'a eq 1' });
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['Q105']);
    expect(diagnostics[0]!.fix).to.contain('incident');
  });

  it('mark the line of a FetchXML and the property of a body', async () => {
    const fetchXml =
      '<fetch>\n  <entity name="incident">\n    <attribute name="titel"/>\n  </entity>\n</fetch>';
    const fetch = await stage.client.checkQuery({ table: 'incident', fetchXml });
    expect(fetch.diagnostics[0]!.location).to.deep.equal({
      file: 'fetchXml',
      line: 3,
      column: 22,
      length: 5,
    });
    const body = { title: 'x', 'customerid@odata.bind': `/accounts(${id})` };
    const written = await stage.client.checkQuery({ table: 'incident', body });
    expect(written.diagnostics[0]!.location).to.include({ file: 'body', line: 3, column: 3 });
    expect(written.corrected!.body).to.have.property('customerid_account@odata.bind');
  });

  it('run when they are right, page by page, as Dataverse sends them', async () => {
    const rows = await rowsOf(stage.client, {
      table: 'incidents',
      filter: 'prioritycode eq 1',
      select: 'title',
      top: 3,
    });
    expect(rows).to.have.length(3);
    expect(rows[0]).to.have.property('incidentid');
    const fetched = await rowsOf(stage.client, {
      table: 'incident',
      fetchXml: '<fetch top="2"><entity name="incident"><attribute name="title"/></entity></fetch>',
    });
    expect(fetched).to.have.length(2);
  });

  it('are never sent when they would be refused', async () => {
    const before = stage.asked('incidents');
    const error = await refusalOf(rowsOf(stage.client, { table: 'incidents', filter: "titel eq 'x'" }));
    expect(error).to.include({ code: 'QUERY_INVALID', category: 'input' });
    expect(stage.asked('incidents')).to.equal(before);
  });

  it('have forms beside them: the schema of a table by any of its names', async () => {
    const schema = await stage.client.tableSchema('incidents');
    expect(schema).to.include({ title: 'Case', type: 'object' });
    expect(schema!.required).to.include('title');
    expect(await stage.client.tableSchema('nothing')).to.equal(undefined);
  });

  it('too long even for a batch are caught', async () => {
    const filter = Array.from({ length: 2400 }, () => "title eq 'xxxxxxxxxxxx'").join(' or ');
    const { diagnostics } = await stage.client.checkQuery({ table: 'case', filter });
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['Q106']);
  });
});

describe('a filter of the caller’s own', function () {
  this.timeout(20_000);
  let stage: Awaited<ReturnType<typeof connectToSandbox>>;
  before(async () => {
    stage = await connectToSandbox();
  });
  after(() => stage.close());

  it('narrows a list beside its other filters', async () => {
    const { output } = await stage.client.run('case.list', {
      state: 'active',
      filter: "prioritycode eq 1 or contains(title,'Grinder')",
      limit: 5,
    });
    expect(output).to.have.length(5);
    const plan = stage.client.explain('case.list', {
      state: 'active',
      filter: 'prioritycode  eq  1   or statuscode eq 2',
    });
    expect(new URL(plan.url).searchParams.get('$filter')).to.equal(
      '(statecode eq 0) and (prioritycode eq 1 or statuscode eq 2)',
    );
  });

  it('is checked before the action is sent, and comes back corrected', async () => {
    const before = stage.asked('incidents');
    const error = await refusalOf(stage.client.run('case.list', { filter: "priority = 'High'" }));
    expect(error).to.include({ code: 'QUERY_INVALID', advice: 'Write: prioritycode eq 1' });
    expect(error.details.diagnostics!.map(({ location }) => location.file)).to.include('filter');
    expect(stage.asked('incidents')).to.equal(before);
  });

  it('can only ever be one condition', async () => {
    for (const filter of [
      'statecode eq 0) or (1 eq 1',
      'statecode eq 0&$top=1',
      "title eq 'x",
      '{{input.state}}',
      ' ',
    ]) {
      const error = await refusalOf(
        Promise.resolve().then(() => stage.client.explain('case.list', { filter })),
      );
      expect(error.code, filter).to.equal('INPUT_INVALID');
    }
  });

  it('costs nothing where there is none', async () => {
    const fresh = await connectToSandbox();
    await fresh.client.run('case.list', { limit: 1 });
    expect(fresh.asked('EntityDefinitions')).to.equal(0);
    await fresh.close();
  });

  it('is checked for its syntax alone where the tables cannot be read', async () => {
    const blind = await connectToSandbox({ withoutMetadata: true });
    const { against } = await blind.client.checkQuery({ table: 'case', filter: 'titel eq 5' });
    expect(against).to.equal('syntax');
    const error = await refusalOf(blind.client.run('case.list', { filter: 'titel eq 5' }));
    expect(error.code).to.equal('BAD_REQUEST');
    expect(error.details.diagnostics![0]).to.deep.include({ code: 'Q110', sourceLine: 'titel eq 5' });
    await blind.close();
  });
});
