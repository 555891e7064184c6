import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: members of definitions', () => {
  let fixture: WebApiFixture;

  before(() => {
    fixture = createWebApiFixture();
  });
  after(() => fixture.store.close());

  const table = (name: string) => `EntityDefinitions(LogicalName='${name}')`;
  const column = (of: string, name: string) => `${table(of)}/Attributes(LogicalName='${name}')`;

  it('have one order, whatever the order of $select', () => {
    const select =
      '$select=RequiredLevel,SchemaName,LogicalName,DisplayName,Description,IsPrimaryId,AttributeType';
    const { '@odata.context': _, ...json } = fixture.get(`${column('account', 'name')}?${select}`).json;
    expect(Object.keys(json)).to.deep.equal([
      ...['@odata.type', 'MetadataId', 'AttributeType', 'IsPrimaryId', 'LogicalName', 'SchemaName'],
      ...['Description', 'DisplayName', 'RequiredLevel'],
    ]);
  });

  it('of columns are sorted by name, and the common class is not named', () => {
    const rows = fixture.get(`${table('businessunit')}/Attributes?$select=LogicalName`).json.value;
    const names = rows.map(({ LogicalName }: { LogicalName: string }) => LogicalName);
    expect(names).to.deep.equal([...names].sort());
    const typeOf = (name: string) => rows[names.indexOf(name)]['@odata.type'];
    expect(typeOf('address1_addressid')).to.equal(undefined);
    expect(typeOf('address1_addresstypecodename')).to.equal(undefined);
    expect(typeOf('address1_city')).to.equal('#Microsoft.Dynamics.CRM.StringAttributeMetadata');
  });

  it('describe tables and columns; without a description, there is no label', () => {
    const text = (path: string) => fixture.get(path).json.Description.UserLocalizedLabel?.Label ?? null;
    expect(text(table('contact'))).to.match(/^Person with whom a business unit has a relationship/);
    expect(text(column('account', 'accountcategorycode'))).to.match(/^Select a category/);
    expect(text(column('incident', 'title'))).to.equal(null);
  });

  it('say which settings of standard tables can be changed', () => {
    const { json } = fixture.get(table('contact'));
    expect(json.IsCustomizable).to.include({ Value: true, CanBeChanged: false });
    expect(json.IsAuditEnabled).to.include({ CanBeChanged: true });
    expect(json).to.include({ IsActivityParty: true, IsSLAEnabled: false, SyncToExternalSearchIndex: true });
    expect(json.MobileOfflineFilters).to.include('<entity name="contact">');
    expect(fixture.get(table('incident')).json).to.include({ IsSLAEnabled: true });
    expect(fixture.get(table('annotation')).json).to.include({ IsActivityParty: false });
  });
});
