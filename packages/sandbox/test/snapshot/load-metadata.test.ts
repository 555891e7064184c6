import { expect } from 'chai';
import type { MetadataTable } from 'dynamics365-connector';
import { createSandbox, type Sandbox } from '../../src/index.ts';

const parcel: MetadataTable = {
  name: 'new_parcel',
  entitySet: 'new_parcels',
  title: 'Parcel',
  plural: 'Parcels',
  key: 'new_parcelid',
  primaryName: 'new_name',
  columns: [
    { name: 'new_parcelid', title: 'Parcel', type: 'uuid' },
    { name: 'new_name', title: 'Name', type: 'string', maxLength: 200, requiredLevel: 'required' },
    { name: 'new_notes', title: 'Notes', type: 'string', maxLength: 10_000 },
    { name: 'new_weight', title: 'Weight', type: 'decimal', precision: 3, min: 0, max: 100 },
    { name: 'new_price', title: 'Price', type: 'decimal', precision: 2 },
    { name: 'new_price_base', title: 'Price (Base)', type: 'decimal', creatable: false, updatable: false },
    { name: 'new_duedate', title: 'Due date', type: 'date' },
    { name: 'new_size', title: 'Size', type: 'choice', choices: [{ value: 100_000_000, label: 'Big' }] },
    { name: 'new_case', title: 'Case', type: 'lookup', targets: ['incident'] },
    { name: 'new_route', title: 'Route', type: 'lookup', targets: ['new_route'] },
    { name: 'statecode', title: 'Status', type: 'choice', choices: [{ value: 0, label: 'Open' }] },
    {
      name: 'statuscode',
      title: 'Reason',
      type: 'choice',
      choices: [{ value: 1, label: 'New', state: 0 }],
    },
    { name: 'ownerid', title: 'Owner', type: 'lookup', targets: ['systemuser', 'team'] },
  ],
  navigations: [
    { name: 'new_Case', kind: 'manyToOne', target: 'incident', column: 'new_case' },
    { name: 'new_Route', kind: 'manyToOne', target: 'new_route', column: 'new_route' },
    { name: 'new_parcel_account', kind: 'manyToMany', target: 'account' },
  ],
  alternateKeys: [['new_name']],
};

const account: MetadataTable = {
  name: 'account',
  entitySet: 'accounts',
  title: 'Account',
  plural: 'Accounts',
  key: 'accountid',
  primaryName: 'name',
  columns: [
    { name: 'name', title: 'Company', type: 'string', maxLength: 300 },
    { name: 'new_tier', title: 'Tier', type: 'choices', choices: [{ value: 1, label: 'Gold' }] },
  ],
  navigations: [
    { name: 'new_parcel_account', kind: 'manyToMany', target: 'new_parcel' },
    { name: 'new_account_visit', kind: 'manyToMany', target: 'new_visit' },
  ],
  alternateKeys: [],
};

describe('an organization with the metadata of a snapshot', () => {
  let sandbox: Sandbox;
  before(async () => {
    const organization = { name: 'contoso', data: 'empty', metadata: [parcel, account] } as const;
    sandbox = await createSandbox({ organizations: [organization] });
  });
  after(() => sandbox.close());

  // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
  const send = async (method: string, path: string, body?: object): Promise<any> => {
    const headers = {
      Authorization: `Bearer ${sandbox.issueToken()}`,
      'Content-Type': 'application/json',
      Prefer: 'return=representation',
    };
    const url = `${sandbox.organization.origin}/api/data/v9.2/${path}`;
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
    return response.status === 204 ? undefined : await response.json();
  };

  it('has the custom table with its columns, choices, lookups and key', async () => {
    const row = await send('POST', 'new_parcels', {
      new_name: 'P1',
      new_weight: 1.2345,
      new_price: 10,
      new_duedate: '2026-02-01',
      new_size: 100_000_000,
    });
    expect(row).to.include({ new_name: 'P1', new_weight: 1.235, new_duedate: '2026-02-01', statuscode: 1 });
    expect(row).to.include.keys('new_price_base', '_transactioncurrencyid_value', '_new_case_value');
    const found = await send('GET', "new_parcels(new_name='P1')?$expand=new_Case($select=title)");
    expect(found).to.include({ new_parcelid: row.new_parcelid, new_Case: null });
    const refused = await send('POST', 'new_parcels', { new_size: 5 });
    expect(refused.error.message).to.include('5');
  });

  it('has the custom columns of standard tables, with their titles and lengths', async () => {
    const row = await send('POST', 'accounts', { name: 'n'.repeat(300), new_tier: '1' });
    expect(row.new_tier).to.equal('1');
    const path = "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='name')";
    const definition = await send('GET', `${path}/Microsoft.Dynamics.CRM.StringAttributeMetadata`);
    expect(definition.MaxLength).to.equal(300);
    expect(definition.DisplayName.UserLocalizedLabel.Label).to.equal('Company');
  });

  it('connects rows of two tables of the snapshot', async () => {
    const parcels = (await send('GET', 'new_parcels?$select=new_name')).value;
    const accounts = (await send('GET', 'accounts?$select=name')).value;
    await send('POST', `accounts(${accounts[0].accountid})/new_parcel_account/$ref`, {
      '@odata.id': `${sandbox.organization.origin}/api/data/v9.2/new_parcels(${parcels[0].new_parcelid})`,
    });
    const related = await send(
      'GET',
      `accounts(${accounts[0].accountid})/new_parcel_account?$select=new_name`,
    );
    expect(related.value).to.have.length(1);
  });

  it('names what it does not have, and has it again after a reset', async () => {
    expect(sandbox.organization.skippedMetadata).to.deep.equal([
      { name: 'new_account_visit', reason: 'Its second table is not in the snapshot.' },
    ]);
    sandbox.organization.reset();
    expect((await send('GET', 'new_parcels?$select=new_name')).value).to.deep.equal([]);
  });
});
