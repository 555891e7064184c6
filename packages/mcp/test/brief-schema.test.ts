import { expect } from 'chai';
import { loadConnector } from 'dynamics365-connector';
import { describeOperation, runtimeOf } from 'dynamics365-connector/host';
import { sampleInput } from '../../../src/authoring/contract/sample-input.ts';
import { briefSchema } from '../src/brief-schema.ts';

describe('briefSchema', () => {
  it('accepts every input that the full schema accepts, and keeps every required one', async () => {
    const { definition, validator } = runtimeOf(await loadConnector());
    for (const action of Object.values(definition.actions)) {
      const brief = briefSchema(describeOperation(definition, action));
      expect(validator.issues(brief, sampleInput(action)), action.id).to.deep.equal([]);
      const required = (action.input.required ?? []) as readonly string[];
      expect(Object.keys(brief.properties ?? {}), action.id).to.include.members([...required]);
    }
  });
});
