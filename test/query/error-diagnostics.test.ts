import { expect } from 'chai';
import { ConnectorError } from '../../src/index.ts';
import { addPlanDiagnostics, diagnoseMessage } from '../../src/query/error-diagnostics.ts';

describe('diagnostics of an error response', () => {
  const options = { $select: 'title,titel', $filter: "contains(titel,'x') and foo(title)", $expand: 'title' };

  const messages: readonly (readonly [message: string, file: string, column: number])[] = [
    ["Could not find a property named 'titel' on type 'Microsoft.Dynamics.CRM.incident'.", '$select', 7],
    [
      "'Incident' entity doesn't contain attribute with Name = 'titel' and NameMapping = 'Logical'.",
      '$select',
      7,
    ],
    ["An unknown function with name 'foo' was found.", '$filter', 25],
    [
      "Property 'title' on type 'Microsoft.Dynamics.CRM.incident' is not a navigation property or complex property.",
      '$select',
      1,
    ],
  ];
  for (const [message, file, column] of messages) {
    it(`locate the name in: ${message.slice(0, 60)}`, () => {
      expect(diagnoseMessage(options, message)[0]!.location).to.include({ file, column });
    });
  }

  it('locate the position that the message gives', () => {
    const text = 'title eqq 5';
    const message = `Syntax error at position 9 in 'title eqq 5'.`;
    expect(diagnoseMessage({ $filter: text }, message)[0]!.location).to.include({
      file: '$filter',
      column: 9,
    });
  });

  it('are empty if the message names no part of the query', () => {
    expect(diagnoseMessage(options, 'An error occurred.')).to.deep.equal([]);
  });

  it('never contain a value of the request', () => {
    const url = `https://contoso.crm.dynamics.com/api/data/v9.2/incidents?$filter=${encodeURIComponent("titel eq 'secret o''clock'")}`;
    const serverMessage =
      "Could not find a property named 'titel' on type 'Microsoft.Dynamics.CRM.incident'.";
    const error = new ConnectorError('BAD_REQUEST', 'no', { status: 400, serverMessage });
    const marked = addPlanDiagnostics({ url, body: { name: 'secret' } }, error);
    expect(marked.details.diagnostics).to.have.length(1);
    expect(JSON.stringify(marked)).to.not.contain('secret');
  });
});
