import { expect } from 'chai';
import fc from 'fast-check';
import { redactPath } from '../../src/http/redact-path.ts';

describe('redactPath', () => {
  const shown: Record<string, string> = {
    '/api/data/v9.2/incidents(00000000-0000-0000-0000-00000000cafe)': '/api/data/v9.2/incidents(…)',
    "/accounts(accountnumber='A)/B','x')/primarycontactid/$ref": '/accounts(…)/primarycontactid/$ref',
    '/accounts(accountnumber=%27a)%2Fsecret%27)': '/accounts(…)',
    "/accounts(name='it''s (me)')": '/accounts(…)',
    '/incidents(1)/Microsoft.Dynamics.CRM.Merge': '/incidents(…)/Microsoft.Dynamics.CRM.Merge',
    "/RetrieveTotalRecordCount(EntityNames=['account'])": '/RetrieveTotalRecordCount(…)',
    '/$batch': '/$batch',
    '/accounts/00000000-0000-0000-0000-00000000cafe': '/accounts/…',
    '/accounts/jane%40contoso.com/x': '/accounts/…',
    "/accounts(name='open": '/…',
  };
  for (const [path, expected] of Object.entries(shown)) {
    it(`returns ${expected} for ${path}`, () => {
      expect(redactPath(path)).to.equal(expected);
    });
  }

  it('never shows the text of a quoted key, and takes linear time', () => {
    const value = fc
      .array(fc.constantFrom("''", ')', '(', '/', 'secret', '%27%27', '=', ',', '$'))
      .map((x) => x.join(''));
    fc.assert(
      fc.property(value, fc.boolean(), (text, closed) => {
        const path = `/accounts(name='${text}${closed ? "')" : ''}`;
        if (closed) expect(redactPath(path)).to.equal('/accounts(…)');
        else expect(redactPath(path)).to.not.contain('secret)');
      }),
      { numRuns: 2_000 },
    );
    expect(redactPath(`/accounts(${"'".repeat(100_001)}`)).to.equal('/…');
  });
});
