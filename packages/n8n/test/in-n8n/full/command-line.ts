import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { type Bench, openBench } from '../../../../../test/support/sandbox-client.ts';
import { n8n } from '../support/command.ts';
import { credentialFor } from '../support/credential.ts';
import { actionType, credentialType, packageName, triggerType } from '../support/package.ts';
import { prepareUserFolder, type UserFolder } from '../support/user-folder.ts';
import { chain, credentialId, node, ourNode } from '../support/workflow.ts';

describe("n8n's command line with our package", () => {
  let bench: Bench;
  let folder: UserFolder;
  before(async () => {
    bench = await openBench();
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
    const nodes = chain(node('n8n-nodes-base.manualTrigger'), ourNode(actionType, parameters));
    const workflow = { id, name: id, active: false, settings: {}, ...nodes };
    return await n8n(folder, 'import:workflow', `--input=${write('workflow.json', [workflow])}`);
  };

  it('lists the action node, its variant as an AI tool, and the trigger node', async () => {
    const file = join(folder.path, 'nodes.json');
    const { exitCode, said } = await n8n(folder, 'export:nodes', `--output=${file}`);
    expect(exitCode, said).to.equal(0);
    const names = (JSON.parse(readFileSync(file, 'utf8')) as { name: string }[]).map(({ name }) => name);
    const ours = names.filter((name) => name.startsWith(packageName));
    expect(ours).to.have.members([actionType, `${actionType}Tool`, triggerType]);
  });

  it('imports a credential and a workflow and executes it with exit code 0: the case is there', async () => {
    const credential = {
      id: credentialId,
      name: 'Contoso',
      type: credentialType,
      data: credentialFor(bench.sandbox),
    };
    const imported = await n8n(
      folder,
      'import:credentials',
      `--input=${write('credential.json', [credential])}`,
    );
    expect(imported.exitCode, imported.said).to.equal(0);
    const { output } = await bench.client.run('account.create', { name: 'Fabrikam, Inc.' });
    const customer = { __rl: true, mode: 'id', value: `account/${(output as JsonObject).id}` };
    const parameters = { resource: 'case', operation: 'case.create', title: 'The kettle leaks', customer };
    expect((await importWorkflow('workflow0create1', parameters)).exitCode).to.equal(0);
    const { exitCode, said } = await n8n(folder, 'execute', '--id=workflow0create1', '--rawOutput');
    expect(exitCode, said).to.equal(0);
    const { output: cases } = await bench.client.run('case.list', {});
    expect((cases as JsonObject[]).map(({ title }) => title)).to.deep.equal(['The kettle leaks']);
  });

  it('ends with another exit code when the action fails, and says its code', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    await importWorkflow('workflow00failed', { resource: 'case', operation: 'case.get', id });
    const { exitCode, said } = await n8n(folder, 'execute', '--id=workflow00failed', '--rawOutput');
    expect(exitCode, said).to.equal(1);
    expect(said).to.include('NOT_FOUND');
  });
});
