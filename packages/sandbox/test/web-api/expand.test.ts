import { expect } from 'chai';
import { base, createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: $expand', () => {
  let fixture: WebApiFixture;
  let account: string;

  beforeEach(() => {
    fixture = createWebApiFixture();
    account = fixture.create('accounts', { name: 'Litware' });
    const regarding = { 'regardingobjectid_account_task@odata.bind': `/accounts(${account})` };
    for (const subject of ['One', 'Two', 'Three']) fixture.create('tasks', { subject, ...regarding });
    fixture.create('contacts', {
      lastname: 'Stubberod',
      'parentcustomerid_account@odata.bind': `/accounts(${account})`,
    });
  });
  afterEach(() => fixture.store.close());

  const tasks = '$expand=Account_Tasks($select=subject';
  const nested = `accounts?$select=name&${tasks}),contact_customer_accounts($select=fullname;$expand=owninguser($select=fullname))`;
  const page = { Prefer: 'odata.maxpagesize=2' };

  it('returns all rows of a collection and a link with its options, for any page size', () => {
    const options = "$select=subject;$filter=contains(subject,'o');$orderby=createdon desc";
    const [row] = fixture.get(`accounts?$select=name&$expand=Account_Tasks(${options})`, page).json.value;
    expect(row.Account_Tasks).to.have.length(2);
    const link = `${base}/accounts(${account})/Account_Tasks?${options.replaceAll(';', '&')}`;
    expect(row['Account_Tasks@odata.nextLink']).to.equal(link);
    expect(fixture.get(encodeURI(link)).json.value).to.have.length(2);
  });

  it('pages collections in a query with nested expands', () => {
    const [row] = fixture.get(nested, page).json.value;
    expect(row.Account_Tasks.map(({ subject }: { subject: string }) => subject)).to.deep.equal([
      'One',
      'Two',
    ]);
    expect(row.Account_Tasks[0]).to.have.all.keys('subject', 'activityid');
    const rest = fixture.get(row['Account_Tasks@odata.nextLink'], page).json;
    expect(rest.value.map(({ subject }: { subject: string }) => subject)).to.deep.equal(['Three']);
    expect(rest).not.to.have.property('@odata.nextLink');
    expect(row.contact_customer_accounts[0].owninguser.fullname).to.equal('Ada Admin');
  });

  it('accepts $top and $orderby only for a collection and without nested expands', () => {
    const invalidPaths = [
      `accounts?${tasks};$top=1),contact_customer_accounts($expand=owninguser)`,
      'accounts?$expand=contact_customer_accounts($orderby=fullname;$expand=owninguser)',
      'accounts?$expand=primarycontactid($top=1)',
    ];
    for (const path of invalidPaths) {
      const { status, json } = fixture.get(path);
      expect(status).to.equal(400);
      expect(json.error.message).to.match(/^Only \$select and \$filter clause can be provided/);
    }
    expect(fixture.get(`accounts?${tasks};$top=1)`).json.value[0].Account_Tasks).to.have.length(1);
  });

  it('expands many-to-many relationships side by side, but not nested or combined with others', () => {
    const [teams, roles] = ['teammembership_association', 'systemuserroles_association'];
    const status = (expand: string) => fixture.get(`systemusers?$select=fullname&$expand=${expand}`).status;
    expect(status(`${teams},${roles}`)).to.equal(200);
    expect(status(`${teams},businessunitid`)).to.equal(400);
    expect(status(`${teams}($expand=businessunitid)`)).to.equal(400);
    expect(status(`businessunitid($expand=createdby($expand=${teams}))`)).to.equal(400);
  });
});
