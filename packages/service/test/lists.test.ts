import { expect } from 'chai';
import { openService, type ServiceFixture } from './fixture.ts';

describe('service: lists for forms', () => {
  let fixture: ServiceFixture;
  before(async () => {
    fixture = await openService();
    await fixture.run('account.create', { name: 'Fabrikam' });
  });
  after(() => fixture.close());

  const labels = async (path: string) => {
    const { body, text, status } = await fixture.call(`/v1/connections/contoso/lists/${path}`);
    expect(status, text).to.equal(200);
    return (body.options as readonly { readonly label: string }[]).map(({ label }) => label);
  };

  it('offer tables, columns, choices, rows, users and the values of a field', async () => {
    expect(await labels('tables')).to.include('Account');
    expect(await labels('columns?table=account')).to.include('Account Name');
    expect(await labels('choices?table=case&column=priority')).to.have.members(['High', 'Normal', 'Low']);
    expect(await labels('rows?table=account&search=Fab')).to.include('Fabrikam');
    expect(await labels('users')).to.not.be.empty;
    expect(await labels('field?operation=case.create&field=customer&search=Fab')).to.include('Fabrikam');
  });

  it('name an unknown list, operation, field and a missing parameter', async () => {
    for (const path of ['nothing', 'rows', 'field?operation=case.create&field=title', 'choices?table=case']) {
      const { body } = await fixture.call(`/v1/connections/contoso/lists/${path}`);
      expect(body.code, path).to.equal('INPUT_INVALID');
    }
    const { body } = await fixture.call('/v1/connections/contoso/lists/field?operation=case.craete&field=x');
    expect(body.code).to.equal('OPERATION_UNKNOWN');
  });
});
