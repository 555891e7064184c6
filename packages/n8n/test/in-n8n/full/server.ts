import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../../../test/support/sandbox-client.ts';
import { credentialDataFor } from '../support/credential-store.ts';
import { actionType, credentialType, packageName, triggerType } from '../support/load-package.ts';
import { type N8nServer, startN8n } from '../support/n8n-server.ts';
import { prepareUserFolder, type UserFolder } from '../support/user-folder.ts';
import { connectNodes, createDynamicsNode } from '../support/workflow-nodes.ts';

describe('n8n server', () => {
  let fixture: SandboxClient;
  let folder: UserFolder;
  let server: N8nServer;
  let credentialId: string;
  before(async () => {
    fixture = await openSandboxClient();
    folder = await prepareUserFolder(packageName);
    server = await startN8n(folder);
    const credential = { name: 'Contoso', type: credentialType, data: credentialDataFor(fixture.sandbox) };
    ({ id: credentialId } = (await server.rest('POST', 'credentials', credential)) as { id: string });
  });
  after(async () => {
    await server?.stop();
    folder?.remove();
    await fixture?.close();
  });

  const callList = (list: string, body: JsonObject) =>
    server.rest('POST', `dynamic-node-parameters/${list}`, {
      nodeTypeAndVersion: { name: actionType, version: 1 },
      path: 'parameters.any',
      currentNodeParameters: {},
      credentials: { [credentialType]: { id: credentialId, name: 'Contoso' } },
      ...body,
    });

  it('tests the credential with WhoAmI', async () => {
    const credentials = {
      id: credentialId,
      name: 'Contoso',
      type: credentialType,
      data: credentialDataFor(fixture.sandbox),
    };
    const result = await server.rest('POST', 'credentials/test', { credentials });
    expect(result).to.include({ status: 'OK' });
  });

  it('fills lists with tables, queues and columns of the organization', async () => {
    await fixture.client.run('queue.create', { name: 'Printers' });
    const tables = (await callList('options', { methodName: 'tables' })) as JsonObject[];
    expect(tables.map(({ value }) => value)).to.include('incident');
    const queues = await callList('resource-locator-results', {
      methodName: 'rows {resource} id',
      currentNodeParameters: { resource: 'queue', operation: 'get' },
      filter: 'Print',
    });
    expect((queues as { results: JsonObject[] }).results.map(({ name }) => name)).to.deep.equal(['Printers']);
    const currentNodeParameters = { resource: 'record', operation: 'create', table: 'incident' };
    const mapped = await callList('resource-mapper-fields', {
      methodName: 'columns {table} create',
      currentNodeParameters,
    });
    expect((mapped as { fields: JsonObject[] }).fields.map((field) => field.id)).to.include('title');
  });

  it('runs an active workflow once for a new case', async () => {
    const everyMinute = { pollTimes: { item: [{ mode: 'everyMinute' }] } };
    const nodes = connectNodes(
      createDynamicsNode(triggerType, { ...everyMinute, event: 'case.created' }, { id: credentialId }),
      createDynamicsNode(
        actionType,
        {
          resource: 'case',
          operation: 'update',
          id: '={{ $json.id }}',
          additionalFields: { description: '={{ ($json.description || "") + "seen by n8n" }}' },
        },
        { id: credentialId },
      ),
    );
    const workflow = await server.rest('POST', 'workflows', { name: 'New cases', settings: {}, ...nodes });
    const { id: workflowId, versionId } = workflow as { id: string; versionId: string };
    await server.rest('POST', `workflows/${workflowId}/activate`, { versionId });
    // n8n activates the workflow after its response; cases are new after the first poll.
    const readWorkflow = async () => (await server.rest('GET', `workflows/${workflowId}`)) as JsonObject;
    while (!(await readWorkflow()).staticData) await wait(250);
    const { output: account } = await fixture.client.run('account.create', { name: 'Fabrikam, Inc.' });
    const customer = { table: 'account', id: (account as JsonObject).id! };
    const made = await fixture.client.run('case.create', { title: 'Printer jam', customer });
    const caseId = (made.output as JsonObject).id!;
    const readDescription = async () =>
      ((await fixture.client.run('case.get', { id: caseId })).output as JsonObject).description;
    // n8n polls on the minute.
    while (!(await readDescription())) await wait(500);
    expect(await readDescription()).to.equal('seen by n8n');
  });
});
