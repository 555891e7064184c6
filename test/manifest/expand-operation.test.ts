import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { compileManifest, readSources } from '../../src/manifest/compile-manifest.ts';
import { expandOperationSource } from '../../src/manifest/expand-operation.ts';
import { singlePackage } from '../../src/manifest/read/manifest-package.ts';
import { compile, realFiles } from './support/manifests.ts';

describe('expandOperationSource', () => {
  const files = realFiles();
  const sources = readSources(singlePackage(files));
  const { definition } = compile(files);

  it('returns YAML that compiles to the same operation when it is saved as a file of its own', () => {
    const expanded = realFiles();
    for (const id of Object.keys(definition!.actions))
      expanded.set(`actions/${id}.yaml`, expandOperationSource(sources, id));
    for (const id of Object.keys(definition!.triggers))
      expanded.set(`triggers/${id}.yaml`, expandOperationSource(sources, id));
    const again = compile(expanded);
    expect(again.diagnostics.filter(({ code }) => code !== 'M119')).to.deep.equal([]);
    // A test of a template has another place in its file than in a file of its own.
    const withoutPlaces = (operations: Readonly<Record<string, { readonly tests: readonly object[] }>>) =>
      Object.entries(operations).map(([id, operation]) => ({
        ...{ ...operation, id, file: undefined },
        tests: operation.tests.map((test) => ({ ...test, index: undefined })),
      }));
    expect(withoutPlaces(again.definition!.actions)).to.deep.equal(withoutPlaces(definition!.actions));
    expect(withoutPlaces(again.definition!.triggers)).to.deep.equal(withoutPlaces(definition!.triggers));
  });

  it('returns YAML with `replaces` for an operation of a base, which an extension can save', () => {
    const header =
      'manifestVersion: 1\nid: own\nversion: 1.0.0\ntitle: Own\ndescription: Own.\nextends: ../base\n';
    const base = { path: '../base/', files, bases: [] };
    const own = (more: Readonly<Record<string, string>>) => [
      base,
      {
        path: '',
        files: new Map(Object.entries({ 'connector.yaml': header, ...more })),
        bases: ['../base/'],
      },
    ];
    const extended = readSources(own({}));
    const texts = ['case.resolve', 'case.create', 'case.list'].map(
      (id) => [`actions/${id}.yaml`, expandOperationSource(extended, id)] as const,
    );
    const { definition: replaced, diagnostics } = compileManifest(own(Object.fromEntries(texts)));
    expect(diagnostics.filter(({ code }) => code !== 'M119')).to.deep.equal([]);
    expect(replaced!.actions['case.resolve']).not.to.have.property('from');
    expect(replaced!.actions['case.list']!.request).to.deep.equal(definition!.actions['case.list']!.request);
  });

  it('fills in all table variables and keeps only the tests of the table', () => {
    const text = expandOperationSource(sources, 'account.list');
    expect(text)
      .to.include('title: List accounts')
      .and.include('list: account')
      .and.include('search: "{{input.search}}"');
    expect(text).not.to.match(/\{\{table|^for:|^ +table:/m);
  });

  it('returns the file of an operation unchanged, with its comments', () => {
    expect(expandOperationSource(sources, 'case.list')).to.equal(files.get('actions/case.list.yaml'));
  });

  it('suggests the nearest operations for an unknown id', () => {
    expect(() => expandOperationSource(sources, 'account.lst'))
      .to.throw(ConnectorError)
      .that.has.nested.property('details.suggestions')
      .that.includes('account.list');
  });
});
