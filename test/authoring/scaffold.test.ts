import { expect } from 'chai';
import { runContractTests } from '../../src/authoring/contract/run-contract-tests.ts';
import { scaffoldConnector } from '../../src/authoring/scaffold/scaffold-connector.ts';
import { type ScaffoldKind, scaffoldFile } from '../../src/authoring/scaffold/scaffold-file.ts';
import { compileManifest } from '../../src/manifest/compile-manifest.ts';
import type { ManifestPackage } from '../../src/manifest/read/manifest-package.ts';
import { readManifest } from '../../src/node/read-manifest.ts';
import { createValidator } from '../../src/validation/validator.ts';

describe('scaffolding', () => {
  let ours: ManifestPackage;
  before(async () => {
    const { packages } = await readManifest();
    ours = { ...(packages[0] as ManifestPackage), path: 'node_modules/dynamics365-connector/' };
  });
  const yaml = (files: ReadonlyMap<string, string>) =>
    new Map([...files].filter(([file]) => file.endsWith('.yaml')));
  const extend = (files: ReadonlyMap<string, string>): readonly ManifestPackage[] => [
    ours,
    { path: '', bases: [ours.path], files },
  ];

  it('files are valid together, and their tests pass', async () => {
    const files = yaml(scaffoldConnector('contoso-service', '1.0.0'));
    const wanted: readonly (readonly [ScaffoldKind, string])[] = [
      ['table', 'new_servicevisit'],
      ['action', 'servicevisit.approve'],
      ['action', 'case.escalate-now'],
      ['trigger', 'servicevisit.opened'],
    ];
    for (const [kind, name] of wanted) {
      const { file, text, diagnostics } = scaffoldFile(extend(files), kind, name);
      expect(diagnostics, name).to.deep.equal([]);
      files.set(file, text);
    }
    const validator = createValidator();
    const { definition, diagnostics } = compileManifest(extend(files), validator);
    expect(diagnostics).to.deep.equal([]);
    if (definition === undefined) return;
    expect(definition.triggers).to.have.property('servicevisit.created');
    const names: string[] = [];
    const ids = wanted.map(([, name]) => name);
    for await (const result of runContractTests({ definition, validator }, (id) => ids.includes(id))) {
      expect(result.failures, `${result.operation}: ${result.name}`).to.deep.equal([]);
      names.push(result.name);
    }
    expect(names.filter((name) => name === 'sends the id and the new value')).to.have.length(2);
    expect(names).to.include('reports what was created since the first poll');
  });

  it('refuses names that cannot be, with the next step', () => {
    const packages = extend(yaml(scaffoldConnector('own', '1.0.0')));
    for (const [kind, name, advice] of [
      ['action', 'cse.escalate', 'case'],
      ['action', 'escalate', 'case.escalate'],
      ['action', '../case.escalate', 'case.escalate'],
      ['table', 'case', 'd365 learn case'],
      ['table', 'incident', 'd365 learn case'],
      ['table', '../x', 'new_ticket'],
    ] as const)
      expect(() => scaffoldFile(packages, kind, name), name)
        .to.throw()
        .with.property('advice')
        .that.contains(advice);
    for (const name of ['Contoso', 'a b', '', '..'])
      expect(() => scaffoldConnector(name, '1.0.0'), name).to.throw('cannot be the name of a connector');
  });

  it('refuses an id of the connector that is extended', () => {
    const packages = extend(yaml(scaffoldConnector('own', '1.0.0')));
    const { diagnostics } = scaffoldFile(packages, 'action', 'case.resolve');
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['E109']);
  });
});
