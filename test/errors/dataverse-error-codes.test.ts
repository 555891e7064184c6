import { expect } from 'chai';
import { accessErrorCodes } from '../../src/errors/dataverse/access-errors.ts';
import { limitErrorCodes } from '../../src/errors/dataverse/limit-errors.ts';
import { queryErrorCodes } from '../../src/errors/dataverse/query-errors.ts';
import { rowErrorCodes } from '../../src/errors/dataverse/row-errors.ts';
import { serviceErrorCodes } from '../../src/errors/dataverse/service-errors.ts';
import { dataverseErrorCodes } from '../../src/errors/dataverse-error-codes.ts';
import { errorCodes } from '../../src/errors/error-codes.ts';

describe('dataverseErrorCodes', () => {
  const parts = [accessErrorCodes, rowErrorCodes, serviceErrorCodes, queryErrorCodes, limitErrorCodes];

  it('explain each code once', () => {
    const all = parts.flatMap((part) => Object.keys(part));
    expect(new Set(all).size).to.equal(all.length);
    expect(Object.keys(dataverseErrorCodes)).to.have.length(all.length);
    expect(all.length).to.be.at.least(120);
  });

  it('have codes in lower case, and sentences for cause and advice', () => {
    for (const [hex, { name, code, cause, advice }] of Object.entries(dataverseErrorCodes)) {
      expect(hex, name).to.match(/^0x8[0-9a-f]{7}$/);
      expect(errorCodes, name).to.have.property(code);
      for (const text of [cause, advice]) expect(text, name).to.match(/^[A-Z].*[.)]$/);
    }
  });

  it('have each name once', () => {
    const names = Object.values(dataverseErrorCodes).map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
  });
});
