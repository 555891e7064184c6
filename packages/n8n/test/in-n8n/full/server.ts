import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../../../test/support/sandbox-client.ts';
import { credentialDataFor } from '../support/credential-store.ts';
import { actionType, credentialType, packageName, triggerType } from '../support/load-package.ts';
import { type N8nServer, startN8n } from '../support/n8n-server.ts';
import { prepareUserFolder, type UserFolder } from '../support/user-folder.ts';
import { connectNodes, createDynamicsNode } from '../support/workflow-nodes.ts';

describe('a running n8n with our package', function () {
  this.timeout(180_000);
  let bench: SandboxClient;
  let folder: UserFolder;
  let server: N8nServer;
  /** Of the stored credential. */
  let id: string;
  before(async () => {
    bench = await openSandboxClient();
    folder = await prepareUserFolder(packageName);
    server = await startN8n(folder);
    const credential = { name: 'Contoso', type: credentialType, data: credentialDataFor(bench.sandbox) };
    id = ((await server.rest('POST', 'credentials', credential)) as { id: string }).id;
  });
  after(async () => {
    await server?.stop();
    folder?.remove();
    await bench?.close();
  });

  const ask = (list: string, more: JsonObject) =>
    server.rest('POST', `dynamic-node-parameters/${list}`, {
      nodeTypeAndVersion: { name: actionType, version: 1 },
      path: 'parameters.any',
      currentNodeParameters: {},
      credentials: { [credentialType]: { id, name: 'Contoso' } },
      ...more,
    });

  it('tests the credential by asking the organization who it is', async () => {
    const credentials = { id, name: 'Contoso', type: credentialType, data: credentialDataFor(bench.sandbox) };
    const answer = await server.rest('POST', 'credentials/test', { credentials });
    expect(answer).to.include({ status: 'OK' });
  });

  it('fills lists from the organization: tables, queues, columns to map', async () => {
    await bench.client.run('queue.create', { name: 'Kettles' });
    const tables = (await ask('options', { methodName: 'getTables' })) as JsonObject[];
    expect(tables.map(({ value }) => value)).to.include('incident');
    const queues = await ask('resource-locator-results', { methodName: 'rowsOf queue', filter: 'Kett' });
    expect((queues as { results: JsonObject[] }).results.map(({ name }) => name)).to.deep.equal(['Kettles']);
    const currentNodeParameters = { operation: 'record.create', table: 'incident' };
    const mapped = await ask('resource-mapper-fields', {
      methodName: 'getColumnsToWrite',
      currentNodeParameters,
    });
    expect((mapped as { fields: JsonObject[] }).fields.map((field) => field.id)).to.include('title');
  });

  it('fires the trigger of an activated workflow, whose action changes the case, once', async () => {
    const everyMinute = { pollTimes: { item: [{ mode: 'everyMinute' }] } };
    const nodes = connectNodes(
      createDynamicsNode(triggerType, { ...everyMinute, event: 'case.created' }, { id }),
      createDynamicsNode(
        actionType,
        {
          resource: 'case',
          operation: 'case.update',
          id: '={{ $json.id }}',
          additionalFields: { description: '={{ ($json.description || "") + "seen by n8n" }}' },
        },
        { id },
      ),
    );
    const workflow = await server.rest('POST', 'workflows', { name: 'New cases', settings: {}, ...nodes });
    const { id: workflowId, versionId } = workflow as { id: string; versionId: string };
    await server.rest('POST', `workflows/${workflowId}/activate`, { versionId });
    // n8n activates behind its answer; the first poll marks the place from which cases are new.
    const stored = async () => (await server.rest('GET', `workflows/${workflowId}`)) as JsonObject;
    while (!(await stored()).staticData) await wait(250);
    const { output: account } = await bench.client.run('account.create', { name: 'Fabrikam, Inc.' });
    const customer = { table: 'account', id: (account as JsonObject).id! };
    const made = await bench.client.run('case.create', { title: 'The kettle leaks', customer });
    const caseId = (made.output as JsonObject).id!;
    const described = async () =>
      ((await bench.client.run('case.get', { id: caseId })).output as JsonObject).description;
    // n8n polls on the minute.
    while (!(await described())) await wait(500);
    expect(await described()).to.equal('seen by n8n');
  });
});
