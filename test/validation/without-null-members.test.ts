import { expect } from 'chai';
import type { JsonSchema } from '../../src/index.ts';
import { withoutNullMembers } from '../../src/validation/without-null-members.ts';

const text: JsonSchema = { type: 'string' };

describe('null members', () => {
  const schema: JsonSchema = {
    type: 'object',
    required: ['name'],
    properties: {
      name: text,
      phone: text,
      fax: { type: ['string', 'null'] },
      mode: { enum: ['a', null] },
      parent: { anyOf: [text, { type: 'null' }] },
      anything: {},
      files: { type: 'array', items: { type: 'object', properties: { kind: text } } },
    },
  };

  it('an optional member is removed if its schema allows no null, at any depth', () => {
    const value = { name: 'A', phone: null, files: [{ kind: null }, { kind: 'x' }] };
    expect(withoutNullMembers(schema, value)).to.deep.equal({ name: 'A', files: [{}, { kind: 'x' }] });
  });

  it('members that are required, unknown, or allowed to be null stay', () => {
    const value = { name: null, fax: null, mode: null, parent: null, anything: null, other: null };
    expect(withoutNullMembers(schema, value)).to.deep.equal(value);
  });
});
