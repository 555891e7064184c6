import { expect } from 'chai';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import { compileSmall } from '../manifest/support/manifests.ts';
import { openYamlClient } from '../support/yaml-client.ts';

const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';

const table = `x-table: { name: new_visit, entitySet: new_visits, key: new_visitid, primaryName: new_name, plural: Visits }
title: Visit
description: A visit.
required: [name]
properties:
  id: { title: Id, type: string, format: uuid, x-column: new_visitid, readOnly: true }
  name: { title: Name, type: string, maxLength: 100, x-column: new_name }
  length: { title: Length, type: integer, x-column: new_length }
  case: { title: Case, x-lookup: { column: new_caseid, targets: { case: new_CaseId } } }
  version: { title: Version, type: string, x-type: bigint, x-column: versionnumber, readOnly: true }
operations: all
`;

const template = (verb: string, rest: string) => `title: ${verb} {{table.titleLower}}
description: The action ${verb}.
${rest}`;

const idInput = 'input: { required: [id], properties: { id: { $ref: "{{table.name}}#id" } } }';

const base = {
  'schemas/tables/visit.yaml': table,
  'actions/_.get.yaml': template(
    'Get',
    `${idInput}\nrequest: { get: "{{table.name}}", id: "{{input.id}}" }\n`,
  ),
  'actions/_.create.yaml': template(
    'Create',
    'input: { columns: writable }\nrequest: { create: "{{table.name}}", values: "{{input}}" }\n',
  ),
  'actions/_.update.yaml': template(
    'Update',
    `${idInput.replace('input: {', 'input: { columns: writable,')}\nrequest: { update: "{{table.name}}", id: "{{input.id}}", values: "{{input}}" }\n`,
  ),
  'actions/_.delete.yaml': template(
    'Delete',
    `${idInput}\nrequest: { delete: "{{table.name}}", id: "{{input.id}}" }\n`,
  ),
};

/** An action that copies the name of a visit to a case, and writes the visit again. */
const rename = `title: Rename visit
description: Reads a visit, and writes its name and a case.
input:
  required: [id, prefix]
  properties:
    id: { $ref: visit#id }
    prefix: { $ref: visit#name }
    length: { $ref: visit#length }
steps:
  - { name: visit, action: visit.get, input: { id: "{{input.id}}" } }
  - { name: opened, action: case.create, input: { title: "{{steps.visit.name}}" } }
  - action: visit.update
    input:
      id: "{{input.id}}"
      name: "{{input.prefix}}: {{steps.visit.name}}"
      length: "{{input.length}}"
      case: { from: opened }
`;

const visit = { new_visitid: id, new_name: 'Kettle', new_length: 3, versionnumber: 70 };
const opened = { incidentid: '11111111-1111-4111-8111-111111111111', title: 'Kettle' };

const withAction = (text: string) => ({ ...base, 'actions/visit.rename.yaml': text });

/** The error of a run. */
const failure = (work: Promise<unknown>): Promise<ConnectorError> =>
  work.then(
    () => expect.fail('expected an error'),
    (error: ConnectorError) => error,
  );

describe('an action with steps', () => {
  const open = (responses: readonly unknown[], text = rename) => openYamlClient(withAction(text), responses);

  it('sends the results of earlier steps, and If-Match with the version that was read', async () => {
    const renamed = { ...visit, new_name: 'Big: Kettle' };
    const { client, requests } = open([visit, { status: 201, body: opened }, renamed]);
    const { output, meta } = await client.run('visit.rename', { id, prefix: 'Big' });
    expect(output).to.include({ id, name: 'Big: Kettle' });
    expect(meta.attempts).to.equal(3);
    expect(requests.map(({ method }) => method)).to.deep.equal(['GET', 'PATCH', 'PATCH']);
    expect(JSON.parse(requests[1]!.body as string)).to.deep.equal({ title: 'Kettle' });
    expect(requests[2]!.headers).to.include({ 'if-match': 'W/"70"' });
    expect(JSON.parse(requests[2]!.body as string)).to.deep.equal({
      new_name: 'Big: Kettle',
      'new_CaseId@odata.bind': `/incidents(${opened.incidentid})`,
    });
  });

  it('reports which steps took effect, and which did not', async () => {
    const { client } = open([
      visit,
      { status: 201, body: opened },
      { status: 412, body: { error: { code: '0x80060882', message: 'changed' } } },
    ]);
    const error = await failure(client.run('visit.rename', { id, prefix: 'Big' }));
    expect(error.code).to.equal('CONFLICT');
    expect(error.message)
      .to.contain('Step 3 (visit.update)')
      .and.to.contain('stay: Step 2 "opened" (case.create)');
    expect(error.details.steps).to.deep.equal([
      { name: 'visit', action: 'visit.get', outcome: 'done', id },
      { name: 'opened', action: 'case.create', outcome: 'done', id: opened.incidentid },
      { action: 'visit.update', outcome: 'failed' },
    ]);
  });

  it('says that nothing has changed if a read fails', async () => {
    const { client } = open([{ status: 404, body: { error: { code: '0x80040217', message: 'none' } } }]);
    const error = await failure(client.run('visit.rename', { id, prefix: 'Big' }));
    expect(error.message).to.contain('No step before it has changed anything');
    expect(error.details.steps?.map(({ outcome }) => outcome)).to.deep.equal([
      'failed',
      'not-run',
      'not-run',
    ]);
  });

  it('gives each write its own idempotency key: a repeated call creates the same row', async () => {
    const urls: string[] = [];
    for (let call = 0; call < 2; call++) {
      const { client, requests } = open([visit, { status: 201, body: opened }, visit]);
      await client.run('visit.rename', { id, prefix: 'Big' }, { idempotencyKey: 'order-7' });
      urls.push(requests[1]!.url);
    }
    expect(urls[0]).to.equal(urls[1]);
  });

  it('does not report a conflict if its own lost attempt may have changed the row', async () => {
    const { client } = openYamlClient(withAction(rename), [
      visit,
      { status: 201, body: opened },
      'reset',
      { status: 412, body: { error: { code: '0x80060882', message: 'changed' } } },
    ]);
    const error = await failure(client.run('visit.rename', { id, prefix: 'Big' }));
    expect(error.code).to.equal('REQUEST_OUTCOME_UNKNOWN');
    expect(error.details.steps?.at(-1)?.outcome).to.equal('unknown');
  });

  it('never takes a value of the input for a reference', async () => {
    const text = rename.replace('{{input.prefix}}: {{steps.visit.name}}', '{{input.prefix}}');
    const { client, requests } = open([visit, { status: 201, body: opened }, visit], text);
    await client.run('visit.rename', { id, prefix: '{{steps.visit.name}}' });
    expect(JSON.parse(requests[2]!.body as string).new_name).to.equal('{{steps.visit.name}}');
  });

  it('has the effects of its steps', () => {
    const { definition } = compileSmall(
      withAction(`${rename}  - { action: visit.delete, input: { id: { from: visit } } }\n`),
    );
    expect(definition?.actions['visit.rename']?.effects).to.deep.equal({
      readOnly: false,
      destructive: true,
      idempotent: false,
      bulk: false,
    });
  });
});

/** Writes a case and a visit of it in one change set. */
const register = `title: Register visit
description: Creates a case and its visit, both or none.
input:
  required: [title]
  properties: { title: { $ref: case#title } }
changeSet: true
returns: opened
steps:
  - { name: opened, action: case.create, input: { title: "{{input.title}}" } }
  - { action: visit.create, input: { name: "Visit for {{input.title}}", case: { from: opened } } }
  - { action: case.update, input: { id: { from: opened }, priority: high } }
`;

/** The response of a change set with these bodies. */
function changeSetResponse(bodies: readonly unknown[]) {
  const parts = bodies.map(
    (body, index) =>
      `--c\r\nContent-Type: application/http\r\nContent-ID: ${index + 1}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(body)}\r\n`,
  );
  const body = `--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${parts.join('')}--c--\r\n--b--\r\n`;
  return { status: 200, headers: { 'content-type': 'multipart/mixed; boundary=b' }, body };
}

describe('an action whose steps are a change set', () => {
  const withRegister = { ...base, 'actions/visit.register.yaml': register };

  it('sends all steps in one request, and returns the output of the named step', async () => {
    const { client, requests } = openYamlClient(withRegister, [changeSetResponse([opened, visit, opened])]);
    const { output } = await client.run('visit.register', { title: 'Kettle' });
    expect(output).to.include({ id: opened.incidentid, title: 'Kettle' });
    expect(requests).to.have.length(1);
    const [, newId] = /incidents\(([0-9a-f-]+)\)/.exec(requests[0]!.body as string)!;
    expect(requests[0]!.body).to.contain(`"new_CaseId@odata.bind":"/incidents(${newId})"`);
    expect(requests[0]!.body).to.contain('"new_name":"Visit for Kettle"');
    expect(requests[0]!.body).to.contain('"prioritycode":1');
  });

  it('names the step that failed, and says that none was carried out', async () => {
    const rejected = changeSetResponse([{ error: { code: '0x80040220', message: 'no' } }]);
    const body = rejected.body.replace('Content-ID: 1', 'Content-ID: 2').replace('200 OK', '403 Forbidden');
    const { client } = openYamlClient(withRegister, [{ ...rejected, body }]);
    const error = await failure(client.run('visit.register', { title: 'Kettle' }));
    expect(error.message).to.contain('Step 2 (visit.create) failed, so no step was carried out');
  });
});

describe('explainSteps', () => {
  it('plans each step, with stand-ins for results that are not known yet', () => {
    const { client } = openYamlClient(withAction(rename));
    const plans = client.explainSteps('visit.rename', { id, prefix: 'Big' });
    expect(plans.map(({ plan }) => plan?.method)).to.deep.equal(['GET', 'PATCH', 'PATCH']);
    const [, created, updated] = plans;
    expect(created!.assumed).to.deep.equal({ 'steps.visit.name': 'x' });
    expect(updated!.assumed).to.deep.equal({ 'steps.visit.name': 'x', 'steps.visit.version': '1' });
    expect(updated!.plan!.headers).to.include({ 'if-match': 'W/"1"' });
    expect(updated!.plan!.body).to.include({
      new_name: 'Big: x',
      'new_CaseId@odata.bind': `/incidents(${created!.plan!.createdId})`,
    });
  });

  it('has one request for an action without steps, and explain refers to it for others', () => {
    const { client } = openYamlClient(withAction(rename));
    expect(client.explainSteps('visit.get', { id })).to.have.length(1);
    expect(() => client.explain('visit.rename', { id, prefix: 'Big' })).to.throw('makes several requests');
  });
});
