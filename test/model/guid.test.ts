import { expect } from 'chai';
import { findGuid, isGuid, isGuidOrBracedGuid } from '../../src/model/guid.ts';

const guid = '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';

describe('isGuid', () => {
  it('accepts a GUID in upper and lower case', () => {
    expect(isGuid(guid)).to.equal(true);
    expect(isGuid(guid.toUpperCase())).to.equal(true);
  });

  for (const text of [
    `{${guid}}`,
    ` ${guid}`,
    `${guid}\n`,
    guid.replaceAll('-', ''),
    guid.slice(1),
    `${guid}0`,
    '',
  ]) {
    it(`rejects ${JSON.stringify(text)}`, () => {
      expect(isGuid(text)).to.equal(false);
    });
  }
});

describe('isGuidOrBracedGuid', () => {
  it('accepts a GUID with and without braces', () => {
    expect(isGuidOrBracedGuid(guid)).to.equal(true);
    expect(isGuidOrBracedGuid(`{${guid}}`)).to.equal(true);
  });
});

describe('findGuid', () => {
  it('finds a GUID inside a text and writes it in lower case', () => {
    expect(findGuid(`guid'${guid.toUpperCase()}'`)).to.equal(guid);
    expect(findGuid('Contoso')).to.equal(undefined);
  });
});
