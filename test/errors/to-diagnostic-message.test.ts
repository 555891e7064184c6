import { expect } from 'chai';
import { toDiagnosticMessage } from '../../src/errors/to-diagnostic-message.ts';

describe('toDiagnosticMessage', () => {
  it('begins with a small letter and has no period', () => {
    expect(toDiagnosticMessage('The table has no column “x”.')).to.equal('the table has no column “x”');
  });

  for (const name of ['Dataverse', 'FetchXML', 'LastXDays', 'PropertyName'])
    it(`does not change the name ${name}`, () =>
      expect(toDiagnosticMessage(`${name} is here.`)).to.equal(`${name} is here`));
});
