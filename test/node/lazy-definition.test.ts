import { expect } from 'chai';
import { checkManifest } from '../../src/index.ts';
import type { ConnectorDefinition } from '../../src/model/definition.ts';
import { readIndexedDefinition, writeIndexedDefinition } from '../../src/node/lazy-definition.ts';

describe('the text of a built definition', () => {
  let definition: ConnectorDefinition;
  let text: string;
  let read: ConnectorDefinition;
  before(async () => {
    const compiled = await checkManifest();
    definition = compiled.definition ?? expect.fail('the manifest has errors');
    const written = writeIndexedDefinition(definition);
    text = written.text;
    read = readIndexedDefinition(Buffer.from(text), JSON.parse(JSON.stringify(written.index)));
  });

  it('is JSON of the definition without the schemas of rows, which its tables have; in ASCII', () => {
    const { actions, triggers, ...others } = JSON.parse(text);
    const { actions: wholeActions, triggers: wholeTriggers, ...wholeOthers } = definition;
    expect(others).to.deep.equal(wholeOthers);
    const wholes: Readonly<Record<string, object>> = { ...wholeActions, ...wholeTriggers };
    for (const [id, operation] of Object.entries({ ...actions, ...triggers }))
      expect(wholes[id]).to.deep.include(operation);
    for (const id of ['case.get', 'case.list']) expect(actions[id]).to.not.have.property('outputSchema');
    expect(actions['case.resolve']).to.have.property('outputSchema');
    expect(triggers['case.created']).to.not.have.property('outputSchema');
    expect(text).to.match(/^[ -~]+$/);
  });

  it('gives a row its schema, whatever is read first', () => {
    const written = writeIndexedDefinition(definition);
    const { actions } = readIndexedDefinition(Buffer.from(written.text), written.index);
    expect(actions['case.list']?.outputSchema).to.deep.equal({
      type: 'array',
      items: definition.tables.case?.rowSchema,
    });
    expect(actions['case.list']?.outputSchema).to.be.frozen;
  });

  it('gives the same definition when its parts are read one by one', () => {
    expect(read).to.deep.equal(definition);
    expect(JSON.parse(JSON.stringify(read))).to.deep.equal(JSON.parse(JSON.stringify(definition)));
  });

  it('gives each part once, frozen, because the checks of a schema are kept by its identity', () => {
    const action = read.actions['case.get'] ?? expect.fail('there is no case.get');
    expect(read.actions['case.get']).to.equal(action);
    expect(action.input).to.equal(action.input);
    for (const part of [read, read.actions, action, action.input, action.input.properties]) {
      expect(part).to.be.frozen;
    }
  });

  it('is read without an index, and with the index of another text', () => {
    const { index } = writeIndexedDefinition({ ...definition, title: 'Another' });
    expect(readIndexedDefinition(Buffer.from(text), undefined)).to.deep.equal(definition);
    expect(readIndexedDefinition(Buffer.from(text), index)).to.deep.equal(definition);
  });

  it('may have no action, no trigger and no table', () => {
    const empty = { ...definition, actions: {}, triggers: {}, tables: {} };
    const written = writeIndexedDefinition(empty);
    expect(JSON.parse(written.text)).to.deep.equal(empty);
    expect(readIndexedDefinition(Buffer.from(written.text), written.index)).to.deep.equal(empty);
  });
});
