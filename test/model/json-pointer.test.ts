import { expect } from 'chai';
import { parseJsonPointer, toJsonPointer } from '../../src/model/json-pointer.ts';

describe('toJsonPointer', () => {
  it('escapes "~" and "/" in names (RFC 6901)', () => {
    expect(toJsonPointer('a/b', 'm~n', 0)).to.equal('/a~1b/m~0n/0');
    expect(toJsonPointer()).to.equal('');
  });
});

describe('parseJsonPointer', () => {
  it('gives back the names that a pointer was made from', () => {
    const names = ['a/b', 'm~n', '~1', '', '0'];
    expect(parseJsonPointer(toJsonPointer(...names))).to.deep.equal(names);
    expect(parseJsonPointer('')).to.deep.equal([]);
  });
});
