import { expect } from 'chai';
import { checkOption } from '../../../src/odata/check/check-option.ts';
import { mutants, schema, validQueries } from './mutants.ts';

describe('query checks with generated mistakes', () => {
  it('accept 2,000 valid queries', () => {
    const wrong = validQueries(2000).filter(
      ({ option, right, table }) => checkOption(option, right, { schema, table }).diagnostics.length > 0,
    );
    expect(wrong.map(({ right }) => right)).to.deep.equal([]);
  });

  it('find at least 98 % of 2,000 mistakes and repair at least 90 % as intended', () => {
    const all = mutants(70);
    const checked = all.map((mutant) => ({
      ...mutant,
      found: checkOption(mutant.option, mutant.wrong, { schema, table: mutant.table }),
    }));
    const caught = checked.filter(({ found }) => found.diagnostics.length > 0);
    const repaired = checked.filter(({ found, right }) => found.corrected === right);
    expect(all.length).to.be.at.least(2000);
    expect(caught.length / all.length).to.be.at.least(0.98);
    expect(repaired.length / all.length).to.be.at.least(0.9);
  });
});
