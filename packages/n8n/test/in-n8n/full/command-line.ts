import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../../../test/support/sandbox-client.ts';
import { credentialDataFor } from '../support/credential-store.ts';
import { actionType, credentialType, packageName, triggerType } from '../support/load-package.ts';
import { runN8nCommand } from '../support/n8n-command.ts';
import { prepareUserFolder, type UserFolder } from '../support/user-folder.ts';
import { connectNodes, createDynamicsNode, createNode, credentialId } from '../support/workflow-nodes.ts';

describe("n8n's command line with our package", () => {
  let bench: SandboxClient;
  let folder: UserFolder;
  before(async () => {
    bench = await openSandboxClient();
    folder = await prepareUserFolder(packageName);
  });
  after(async () => {
    folder?.remove();
    await bench?.close();
  });

  const write = (name: string, content: unknown): string => {
    const file = join(folder.path, name);
    writeFileSync(file, JSON.stringify(content));
    return file;
  };
  const importWorkflow = async (id: string, parameters: JsonObject) => {
    const nodes = connectNodes(
      createNode('n8n-nodes-base.manualTrigger'),
      createDynamicsNode(actionType, parameters),
    );
    const workflow = { id, name: id, active: false, settings: {}, ...nodes };
    return await runN8nCommand(folder, 'import:workflow', `--input=${write('workflow.json', [workflow])}`);
  };

  it('lists the action node, its variant as an AI tool, and the trigger node', async () => {
    const file = join(folder.path, 'nodes.json');
    const { exitCode, log } = await runN8nCommand(folder, 'export:nodes', `--output=${file}`);
    expect(exitCode, log).to.equal(0);
    const names = (JSON.parse(readFileSync(file, 'utf8')) as { name: string }[]).map(({ name }) => name);
    const ours = names.filter((name) => name.startsWith(packageName));
    expect(ours).to.have.members([actionType, `${actionType}Tool`, triggerType]);
  });

  it('imports a credential and a workflow and executes it with exit code 0: the case is there', async () => {
    const credential = {
      id: credentialId,
      name: 'Contoso',
      type: credentialType,
      data: credentialDataFor(bench.sandbox),
    };
    const imported = await runN8nCommand(
      folder,
      'import:credentials',
      `--input=${write('credential.json', [credential])}`,
    );
    expect(imported.exitCode, imported.log).to.equal(0);
    const { output } = await bench.client.run('account.create', { name: 'Fabrikam, Inc.' });
    const customer = { __rl: true, mode: 'id', value: `account/${(output as JsonObject).id}` };
    const parameters = { resource: 'case', operation: 'case.create', title: 'The kettle leaks', customer };
    expect((await importWorkflow('workflow0create1', parameters)).exitCode).to.equal(0);
    const { exitCode, log } = await runN8nCommand(folder, 'execute', '--id=workflow0create1', '--rawOutput');
    expect(exitCode, log).to.equal(0);
    const { output: cases } = await bench.client.run('case.list', {});
    expect((cases as JsonObject[]).map(({ title }) => title)).to.deep.equal(['The kettle leaks']);
  });

  it('ends with another exit code when the action fails, and says its code', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    await importWorkflow('workflow00failed', { resource: 'case', operation: 'case.get', id });
    const { exitCode, log } = await runN8nCommand(folder, 'execute', '--id=workflow00failed', '--rawOutput');
    expect(exitCode, log).to.equal(1);
    expect(log).to.include('NOT_FOUND');
  });
});
