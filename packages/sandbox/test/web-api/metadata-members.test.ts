import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

interface Definition extends Record<string, unknown> {
  readonly LogicalName: string;
  readonly AttributeType: string;
  readonly AttributeOf: string | null;
}

describe('Web API: members of definitions', () => {
  let fixture: WebApiFixture;
  before(() => {
    fixture = createWebApiFixture();
  });
  after(() => fixture.store.close());

  const attributesOf = (table: string): Definition[] =>
    fixture.get(`EntityDefinitions(LogicalName='${table}')/Attributes`).json.value;
  const find = (table: string, name: string) =>
    attributesOf(table).find(({ LogicalName }) => LogicalName === name);

  it('choices, Yes/No columns and lookups have companions that are no OData properties', () => {
    expect(find('incident', 'customeridname')).to.include({
      AttributeType: 'String',
      AttributeOf: 'customerid',
      IsValidODataAttribute: false,
      IsValidForCreate: false,
      SchemaName: 'CustomerIdName',
    });
    expect(find('incident', 'customeridtype')).to.include({ AttributeType: 'EntityName' });
    expect(find('account', 'statuscodename')).to.include({
      AttributeType: 'Virtual',
      AttributeOf: 'statuscode',
    });
    const names = attributesOf('account').map(({ LogicalName }) => LogicalName);
    expect(names).to.include.members(['owneridname', 'owneridyominame', 'owneridtype', 'donotemailname']);
    expect(names).to.include.members(['masteraccountidname', 'slaname', 'primarycontactidyominame']);
    expect(names).not.to.include('owningusername');
  });

  it('every companion belongs to an existing column, and every name is unique', () => {
    const tables = [...fixture.store.model.tables.values()].filter(({ set }) => set !== undefined);
    for (const { logicalName: table } of tables) {
      const attributes = attributesOf(table);
      const names = new Set(attributes.map(({ LogicalName }) => LogicalName));
      expect(names.size, table).to.equal(attributes.length);
      for (const { AttributeOf: owner, LogicalName } of attributes) {
        if (owner !== null) expect(names.has(owner), `${table}.${LogicalName}`).to.equal(true);
      }
    }
  });

  it('a companion cannot be selected', () => {
    expect(fixture.get('incidents?$select=customeridname').status).to.equal(400);
  });

  it('column definitions have the members of every column and of their type', () => {
    expect(find('account', 'name')).to.include.keys(
      ...['CanBeSecuredForRead', 'IsSortableEnabled', 'SourceType', 'ColumnNumber', 'IsValidForAdvancedFind'],
      ...['FormatName', 'ImeMode', 'DatabaseLength', 'IsAuditEnabled', 'IntroducedVersion', 'CreatedOn'],
    );
    expect(find('account', 'revenue_base')).to.include({ CalculationOf: 'revenue', IsBaseCurrency: true });
    expect(find('account', 'donotemail')).to.include({ DefaultValue: false });
    expect(find('account', 'emailaddress1')).to.include({ Format: 'Email' });
  });

  it('table definitions have the members of every table', () => {
    const { json } = fixture.get("EntityDefinitions(LogicalName='account')");
    expect(json).to.include.keys(
      ...[
        'IsAuditEnabled',
        'IsSLAEnabled',
        'Privileges',
        'ReportViewName',
        'IsStateModelAware',
        'CanCreateForms',
      ],
      ...['PrimaryImageAttribute', 'IsValidForQueue', 'IsConnectionsEnabled', 'IsDuplicateDetectionEnabled'],
    );
    const names = json.Privileges.map(({ Name }: { Name: string }) => Name);
    expect(names).to.include.members(['prvReadAccount', 'prvAssignAccount']);
  });

  it('relationship definitions have their cascade and the members of every relationship', () => {
    const path = "EntityDefinitions(LogicalName='account')/OneToManyRelationships";
    const filter = "$filter=SchemaName eq 'contact_customer_accounts'";
    const [contacts] = fixture.get(`${path}?${filter}`).json.value;
    expect(contacts.CascadeConfiguration).to.include({ Assign: 'Cascade', Delete: 'Cascade' });
    expect(contacts).to.include.keys('AssociatedMenuConfiguration', 'IsCustomizable', 'SecurityTypes');
  });
});
