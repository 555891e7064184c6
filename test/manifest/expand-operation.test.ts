import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { expandOperationSource } from '../../src/manifest/expand-operation.ts';
import { compile, realFiles } from './support/manifests.ts';

describe('expandedSource', () => {
  const files = realFiles();
  const { definition } = compile(files);

  it('gives the sentence of every operation: saved as a file of its own, it compiles to the same', () => {
    const written = realFiles();
    for (const id of Object.keys(definition!.actions))
      written.set(`actions/${id}.yaml`, expandOperationSource(files, id));
    for (const id of Object.keys(definition!.triggers))
      written.set(`triggers/${id}.yaml`, expandOperationSource(files, id));
    const again = compile(written);
    expect(again.diagnostics.filter(({ code }) => code !== 'M119')).to.deep.equal([]);
    const withoutFile = (operations: object) =>
      Object.fromEntries(Object.entries(operations).map(([id, { file: _, ...rest }]) => [id, rest]));
    expect(withoutFile(again.definition!.actions)).to.deep.equal(withoutFile(definition!.actions));
    expect(withoutFile(again.definition!.triggers)).to.deep.equal(withoutFile(definition!.triggers));
  });

  it('has no word of the family left, and only the tests of its table', () => {
    const text = expandOperationSource(files, 'account.list');
    expect(text)
      .to.include('title: List accounts')
      .and.include('list: account')
      .and.include('search: "{{input.search}}"');
    expect(text).not.to.match(/\{\{table|^for:|^ +table:/m);
  });

  it('gives a file of its own as it was written, comments and all', () => {
    expect(expandOperationSource(files, 'case.list')).to.equal(files.get('actions/case.list.yaml'));
  });

  it('names the nearest operations when there is none of that name', () => {
    expect(() => expandOperationSource(files, 'account.lst'))
      .to.throw(ConnectorError)
      .that.has.nested.property('details.suggestions')
      .that.includes('account.list');
  });
});
