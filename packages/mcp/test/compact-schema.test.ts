import { expect } from 'chai';
import { loadConnector } from 'dynamics365-connector';
import { sampleInput } from '../../../src/authoring/contract/sample-input.ts';
import { compactSchema } from '../src/compact-schema.ts';

describe('a slim schema', () => {
  it('takes every input that the full one takes, and shows each property', async () => {
    const { definition, validator } = await loadConnector();
    for (const action of Object.values(definition.actions)) {
      const small = compactSchema(action.input);
      expect(validator.issues(small, sampleInput(action)), action.id).to.deep.equal([]);
      expect(Object.keys(small.properties ?? {}), action.id).to.deep.equal(
        Object.keys(action.input.properties ?? {}),
      );
    }
  });

  it('leaves out what a name says, and the words below the first level', () => {
    const person = {
      title: 'Person',
      description: 'Who called.',
      type: 'object',
      additionalProperties: false,
      required: ['id'],
      properties: { id: { title: 'Id', description: 'A GUID.', type: 'string' }, name: { type: 'string' } },
    };
    expect(compactSchema({ type: 'object', properties: { person } })).to.deep.equal({
      type: 'object',
      properties: {
        person: {
          description: 'Who called.',
          type: 'object',
          required: ['id'],
          properties: { id: { type: 'string' } },
        },
      },
    });
  });
});
