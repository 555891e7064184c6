import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConnector } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { toPublishedManifest } from '../../../scripts/support/published-manifest.ts';
import { findHostGlobals } from '../../../test/support/host-globals.ts';
import { writeN8nPackage } from '../../cli/src/n8n-package.ts';
import { buildN8nPackage } from '../scripts/build.ts';

const root = join(import.meta.dirname, '../../..');

/** A stand-in for the package n8n-workflow. */
const fakeWorkflowPackage = `
exports.NodeConnectionTypes = { Main: 'main' };
exports.NodeApiError = exports.NodeOperationError = class extends Error {};
exports.sleep = async () => {};`;

const header = `manifestVersion: 1
id: contoso-service
version: 1.2.0
title: Contoso Service
description: Customer Service for Contoso.
extends: dynamics365-connector
`;
const action = `title: Escalate case
description: Marks a case as escalated.
input:
  required: [id]
  properties:
    id: { $ref: case#id }
request:
  update: case
  id: "{{input.id}}"
  values: { escalated: true }
`;

interface BuiltNode {
  readonly description: {
    readonly displayName: string;
    readonly properties: readonly { readonly options?: readonly { readonly value: string }[] }[];
  };
}

/** The package that `d365 build --for n8n` writes from ours; it has the same code. */
describe("n8n package of a connector of one's own", () => {
  let folder: string;
  let manifest: string;
  let files: readonly string[];
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');

  before(async () => {
    const packageFolder = mkdtempSync(join(tmpdir(), 'd365-n8n-'));
    const template = join(packageFolder, 'node_modules/n8n-nodes-dynamics365-customer-service');
    await buildN8nPackage(template);
    const source = JSON.parse(readFileSync(join(root, 'packages/n8n/package.json'), 'utf8'));
    writeFileSync(join(template, 'package.json'), JSON.stringify(toPublishedManifest(source)));
    manifest = join(packageFolder, 'manifest');
    mkdirSync(join(manifest, 'actions'), { recursive: true });
    writeFileSync(join(manifest, 'connector.yaml'), header);
    writeFileSync(join(manifest, 'actions/case.escalate.yaml'), action);
    writeFileSync(join(manifest, 'package.json'), JSON.stringify({ author: 'Contoso', license: 'MIT' }));
    const { definition } = runtimeOf(await loadConnector({ manifest }));
    folder = join(packageFolder, 'node_modules/n8n-nodes-contoso-service');
    const options = { manifest, out: folder, engine: source.version };
    expect(writeN8nPackage(definition, options)).to.equal('n8n-nodes-contoso-service 1.2.0');
    // A second build replaces the first one.
    writeN8nPackage(definition, options);
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
    expect(code).to.have.length(6);
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
    // CommonJS, as n8n requires it: n8n's scanner takes a second package.json for another package.
    expect(described).to.not.have.property('type');
    expect(files).to.not.include('dist/package.json');
    expect(described).to.include({ author: 'Contoso', license: 'MIT', version: '1.2.0' });
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
    expect(description.displayName).to.equal('Contoso Service');
    expect(offered).to.include.members(['escalate', 'create']);
    const { definition } = runtimeOf(await loadConnector());
    expect(definition.actions).to.not.have.property('case.escalate');
  });

  it('is not written over files of something else, nor from another version', async () => {
    const { definition } = runtimeOf(await loadConnector({ manifest }));
    const codeOf = (out: string, engine = '0.0.0') => {
      try {
        return writeN8nPackage(definition, { manifest, out, engine });
      } catch (error) {
        return (error as Error).message;
      }
    };
    const { version } = JSON.parse(read('../n8n-nodes-dynamics365-customer-service/package.json'));
    expect(codeOf(manifest, version)).to.equal(`${manifest} has files of something else.`);
    expect(codeOf(join(manifest, 'out'))).to.match(/is version .*, or is not built; this is 0\.0\.0\.$/);
  });

  it('checks inputs with the compiled checks', async () => {
    const node = load<{ execute(this: object): Promise<{ json: { error?: { code: string } } }[][]> }>(
      'dist/nodes/Dynamics365/Dynamics365.node.js',
      'Dynamics365',
    );
    const parameters: Record<string, unknown> = { resource: 'case', operation: 'escalate', id: 'no id' };
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
