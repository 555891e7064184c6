import { expect } from 'chai';
import { loadConnector } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { sampleInput } from '../../../src/authoring/contract/sample-input.ts';
import { compactSchema } from '../src/compact-schema.ts';

describe('compactSchema', () => {
  it('accepts every input that the full schema accepts, and keeps every property', async () => {
    const { definition, validator } = runtimeOf(await loadConnector());
    for (const action of Object.values(definition.actions)) {
      const compact = compactSchema(action.input);
      expect(validator.issues(compact, sampleInput(action)), action.id).to.deep.equal([]);
      expect(Object.keys(compact.properties ?? {}), action.id).to.deep.equal(
        Object.keys(action.input.properties ?? {}),
      );
    }
  });

  it('drops titles and the descriptions of nested properties', () => {
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
