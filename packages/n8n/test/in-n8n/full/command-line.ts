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

describe("n8n's command line", () => {
  let fixture: SandboxClient;
  let folder: UserFolder;
  before(async () => {
    fixture = await openSandboxClient();
    folder = await prepareUserFolder(packageName);
  });
  after(async () => {
    folder?.remove();
    await fixture?.close();
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

  it('exports the action node, its AI tool and the trigger node', async () => {
    const file = join(folder.path, 'nodes.json');
    const { exitCode, log } = await runN8nCommand(folder, 'export:nodes', `--output=${file}`);
    expect(exitCode, log).to.equal(0);
    const names = (JSON.parse(readFileSync(file, 'utf8')) as { name: string }[]).map(({ name }) => name);
    const packageNodes = names.filter((name) => name.startsWith(packageName));
    expect(packageNodes).to.have.members([actionType, `${actionType}Tool`, triggerType]);
  });

  it('executes an imported workflow that creates a case, with exit code 0', async () => {
    const credential = {
      id: credentialId,
      name: 'Contoso',
      type: credentialType,
      data: credentialDataFor(fixture.sandbox),
    };
    const imported = await runN8nCommand(
      folder,
      'import:credentials',
      `--input=${write('credential.json', [credential])}`,
    );
    expect(imported.exitCode, imported.log).to.equal(0);
    const { output } = await fixture.client.run('account.create', { name: 'Fabrikam, Inc.' });
    const customer = { __rl: true, mode: 'id', value: `account/${(output as JsonObject).id}` };
    const parameters = { resource: 'case', operation: 'create', title: 'Printer jam', customer };
    expect((await importWorkflow('workflow0create1', parameters)).exitCode).to.equal(0);
    const { exitCode, log } = await runN8nCommand(folder, 'execute', '--id=workflow0create1', '--rawOutput');
    expect(exitCode, log).to.equal(0);
    const { output: cases } = await fixture.client.run('case.list', {});
    expect((cases as JsonObject[]).map(({ title }) => title)).to.deep.equal(['Printer jam']);
  });

  it('exits with code 1 and logs the error code when the action fails', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    await importWorkflow('workflow00failed', { resource: 'case', operation: 'get', id });
    const { exitCode, log } = await runN8nCommand(folder, 'execute', '--id=workflow00failed', '--rawOutput');
    expect(exitCode, log).to.equal(1);
    expect(log).to.include('NOT_FOUND');
  });
});
