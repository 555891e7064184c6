import { expect } from 'chai';
import { loadConnector, type UntypedOperations } from '../../src/index.ts';

const id = '11111111-1111-4111-8111-111111111111';
const all =
  'odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname"';

describe('annotations that an action asks for', () => {
  const preferOf = async (action: string, input: object) => {
    const connector = await loadConnector<UntypedOperations>();
    return connector.explain(action, input as never).headers.prefer;
  };

  it('are display texts and tables for a row with lookups', async () => {
    expect(await preferOf('case.get', { id })).to.equal(all);
    expect(await preferOf('case.get', { id, columns: ['title', 'customer'] })).to.equal(all);
  });

  it('are display texts for choices, since the schema may not have all labels', async () => {
    expect(await preferOf('case.get', { id, columns: ['title', 'priority'] })).to.equal(
      'odata.include-annotations="OData.Community.Display.V1.FormattedValue"',
    );
  });

  it('are none for texts, numbers and dates, for a count, and for an action without an output', async () => {
    expect(await preferOf('case.get', { id, columns: ['title', 'createdOn', 'onHoldMinutes'] })).to.equal(
      undefined,
    );
    expect(await preferOf('case.list', { columns: ['title'], limit: 5 })).to.equal('odata.maxpagesize=5');
    expect(await preferOf('case.count', {})).to.equal(undefined);
    expect(await preferOf('case.delete', { id })).to.equal(undefined);
  });
});
