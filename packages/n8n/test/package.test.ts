import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConnector } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { toPublishedManifest } from '../../../scripts/support/published-manifest.ts';
import { findHostGlobals } from '../../../test/support/host-globals.ts';
import { buildN8nPackage } from '../scripts/build.ts';

const root = join(import.meta.dirname, '../../..');

/** A stand-in for the package n8n-workflow. */
const fakeWorkflowPackage = `
exports.NodeConnectionTypes = { Main: 'main' };
exports.NodeApiError = exports.NodeOperationError = class extends Error {};
exports.sleep = async () => {};`;

interface BuiltNode {
  readonly description: {
    readonly properties: readonly { readonly options?: readonly { readonly value: string }[] }[];
  };
}

describe('n8n package', function () {
  this.timeout(60_000);
  let folder: string;
  let manifest: string;
  let files: readonly string[];
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');

  before(async () => {
    const packageFolder = mkdtempSync(join(tmpdir(), 'd365-n8n-'));
    manifest = join(packageFolder, 'manifest');
    folder = join(packageFolder, 'node_modules/n8n-nodes-dynamics365-customer-service');
    for (const part of ['connector.yaml', 'actions', 'triggers', 'schemas']) {
      cpSync(join(root, part), join(manifest, part), { recursive: true });
    }
    writeFileSync(
      join(manifest, 'actions/case.escalate.yaml'),
      `title: Escalate case
description: Marks a case as escalated.
input:
  required: [id]
  properties:
    id: { $ref: ../schemas/tables/case.yaml#/properties/id }
request:
  update: case
  id: "{{input.id}}"
  values: { escalated: true }
`,
    );
    await buildN8nPackage(folder, manifest);
    const source = JSON.parse(readFileSync(join(root, 'packages/n8n/package.json'), 'utf8'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify(toPublishedManifest(source)));
    mkdirSync(join(packageFolder, 'node_modules/n8n-workflow'));
    writeFileSync(join(packageFolder, 'node_modules/n8n-workflow/index.js'), fakeWorkflowPackage);
    files = globSync('**/*', { cwd: folder });
    after(() => rmSync(packageFolder, { recursive: true, force: true }));
  });

  const load = <T>(file: string, name: string): T => {
    const exports = createRequire(join(folder, 'package.json'))(`./${file}`) as Record<string, new () => T>;
    return new exports[name]!();
  };

  it('uses no globals that n8n forbids', () => {
    const code = files.filter((file) => file.endsWith('.js'));
    expect(code).to.have.length(5);
    for (const file of code) expect(findHostGlobals(read(file)), file).to.deep.equal([]);
  });

  it('requires only its own files and n8n-workflow', () => {
    for (const file of files.filter((name) => name.endsWith('.js'))) {
      // ajv keeps code as text, which also contains require calls.
      const lines = read(file)
        .split('\n')
        .filter((line) => !line.includes('.code ='));
      const required = [...lines.join('\n').matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1]!);
      expect(
        required.filter((name) => name !== 'n8n-workflow' && !name.startsWith('.')),
        file,
      ).to.deep.equal([]);
    }
  });

  it('has no dependencies, no scripts, and every file that its package.json names', () => {
    const described = JSON.parse(read('package.json'));
    expect(described).to.not.have.any.keys('dependencies', 'scripts', 'devDependencies');
    expect(JSON.parse(read('dist/package.json')).type).to.equal('commonjs');
    expect(described.peerDependencies).to.deep.equal({ 'n8n-workflow': '*' });
    expect(files).to.include.members([...described.n8n.nodes, ...described.n8n.credentials]);
    for (const file of files.filter((name) => /\.(node|credentials)\.js$/.test(name))) {
      const [, icon] = /"?icon"?\s*[:=]\s*"file:([^"]+)"/.exec(read(file)) ?? [];
      expect(files, file).to.include(join(file, '..', icon!));
    }
  });

  it('has the license notices of the bundled libraries', () => {
    const notices = read('THIRD-PARTY-NOTICES.txt');
    for (const name of ['oauth4webapi', 'saxes', 'uuid', 'ajv']) {
      expect(notices).to.match(new RegExp(`^${name} \\d.* \\((MIT|ISC)\\)$`, 'm'));
    }
  });

  it('offers an action that was added as a YAML file', async () => {
    const { description } = load<BuiltNode>('dist/nodes/Dynamics365/Dynamics365.node.js', 'Dynamics365');
    const offered = description.properties.flatMap(({ options = [] }) => options.map(({ value }) => value));
    expect(offered).to.include('case.escalate');
    const { definition } = runtimeOf(await loadConnector());
    expect(definition.actions).to.not.have.property('case.escalate');
  });

  it('checks inputs with the compiled checks', async () => {
    const node = load<{ execute(this: object): Promise<{ json: { error?: { code: string } } }[][]> }>(
      'dist/nodes/Dynamics365/Dynamics365.node.js',
      'Dynamics365',
    );
    const parameters: Record<string, unknown> = { operation: 'case.escalate', id: 'no id' };
    const context = {
      getInputData: () => [{ json: {} }],
      getNodeParameter: (name: string, _index: number, fallback: unknown) => parameters[name] ?? fallback,
      getNode: () => ({ id: '1', name: 'x' }),
      getTimezone: () => 'UTC',
      getWorkflow: () => ({ id: '1' }),
      getExecutionId: () => '1',
      getWorkflowDataProxy: () => ({ $runIndex: 0 }),
      getCredentials: async () => ({ environmentUrl: 'https://contoso.crm.dynamics.com' }),
      continueOnFail: () => true,
      helpers: {},
    };
    const [[item] = []] = await node.execute.call(context);
    expect(item!.json.error).to.include({ code: 'INPUT_INVALID' });
  });
});
