import { expect } from 'chai';
import { errorCodes } from '../../src/errors/codes.ts';
import { accessCodes } from '../../src/errors/dataverse/access.ts';
import { limitsCodes } from '../../src/errors/dataverse/limits.ts';
import { queriesCodes } from '../../src/errors/dataverse/queries.ts';
import { rowsCodes } from '../../src/errors/dataverse/rows.ts';
import { serviceCodes } from '../../src/errors/dataverse/service.ts';
import { dataverseCodes } from '../../src/errors/dataverse-codes.ts';

describe('errors: Dataverse’s codes', () => {
  const parts = [accessCodes, rowsCodes, serviceCodes, queriesCodes, limitsCodes];

  it('each code is explained once', () => {
    const all = parts.flatMap((part) => Object.keys(part));
    expect(new Set(all).size).to.equal(all.length);
    expect(Object.keys(dataverseCodes)).to.have.length(all.length);
    expect(all.length).to.be.at.least(120);
  });

  it('each is written as the service writes it, and says in whole sentences what happened and what to do', () => {
    for (const [hex, { name, code, cause, advice }] of Object.entries(dataverseCodes)) {
      expect(hex, name).to.match(/^0x8[0-9a-f]{7}$/);
      expect(errorCodes, name).to.have.property(code);
      for (const text of [cause, advice]) expect(text, name).to.match(/^[A-Z].*[.)]$/);
    }
  });

  it('each name is given once', () => {
    const names = Object.values(dataverseCodes).map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
  });
});
