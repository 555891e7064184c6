import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { expandOperationSource } from '../../src/manifest/expand-operation.ts';
import { compile, realFiles } from './support/manifests.ts';

describe('expandOperationSource', () => {
  const files = realFiles();
  const { definition } = compile(files);

  it('returns YAML that compiles to the same operation when it is saved as a file of its own', () => {
    const expanded = realFiles();
    for (const id of Object.keys(definition!.actions))
      expanded.set(`actions/${id}.yaml`, expandOperationSource(files, id));
    for (const id of Object.keys(definition!.triggers))
      expanded.set(`triggers/${id}.yaml`, expandOperationSource(files, id));
    const again = compile(expanded);
    expect(again.diagnostics.filter(({ code }) => code !== 'M119')).to.deep.equal([]);
    const withoutFile = (operations: object) =>
      Object.fromEntries(Object.entries(operations).map(([id, { file: _, ...rest }]) => [id, rest]));
    expect(withoutFile(again.definition!.actions)).to.deep.equal(withoutFile(definition!.actions));
    expect(withoutFile(again.definition!.triggers)).to.deep.equal(withoutFile(definition!.triggers));
  });

  it('fills in all table variables and keeps only the tests of the table', () => {
    const text = expandOperationSource(files, 'account.list');
    expect(text)
      .to.include('title: List accounts')
      .and.include('list: account')
      .and.include('search: "{{input.search}}"');
    expect(text).not.to.match(/\{\{table|^for:|^ +table:/m);
  });

  it('returns the file of an operation unchanged, with its comments', () => {
    expect(expandOperationSource(files, 'case.list')).to.equal(files.get('actions/case.list.yaml'));
  });

  it('suggests the nearest operations for an unknown id', () => {
    expect(() => expandOperationSource(files, 'account.lst'))
      .to.throw(ConnectorError)
      .that.has.nested.property('details.suggestions')
      .that.includes('account.list');
  });
});
