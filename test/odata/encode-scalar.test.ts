import { expect } from 'chai';
import { encodeColumnName, encodeScalar, encodeWireName } from '../../src/odata/encode-scalar.ts';

const reject = (message: string): never => {
  throw new Error(message);
};

describe('names and choices in a request', () => {
  it('of a column are those of the schema, and a message lists them', () => {
    const type = { names: ['title', 'number'] } as unknown as Parameters<typeof encodeColumnName>[1];
    expect(encodeColumnName('title', type, reject)).to.equal('title');
    for (const name of ['name', 'title ', 7, null])
      expect(() => encodeColumnName(name, type, reject)).to.throw('must be one of: title, number');
    expect(() => encodeColumnName('title', { ...type, names: undefined } as never, reject)).to.throw(
      'must be one of: ',
    );
  });

  it('of Dataverse have letters, digits and _, at most 128', () => {
    for (const name of ['new_Ticket2', 'a'.repeat(128)]) expect(encodeWireName(name, reject)).to.equal(name);
    for (const name of ['a'.repeat(129), "a'b", 'a b', '', '1a', 5, null, ['a']])
      expect(() => encodeWireName(name, reject)).to.throw('must be a name');
  });

  it('a choice is written as its number, also when it is given as rows have it', () => {
    const type = { kind: 'choice', choices: { high: 1 } } as unknown as Parameters<typeof encodeScalar>[1];
    for (const value of [1, 'high', { value: 1, label: 'High' }])
      expect(encodeScalar(value, type, reject).text).to.equal('1');
  });
});
