import { expect } from 'chai';
import { XMLParser } from 'fast-xml-parser';
import { base, createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: metadata', () => {
  let fixture: WebApiFixture;

  before(() => {
    fixture = createWebApiFixture();
  });
  after(() => fixture.store.close());

  const incident = "EntityDefinitions(LogicalName='incident')";
  const byName = (rows: Record<string, unknown>[], name: string) =>
    rows.find((row) => row.LogicalName === name);

  it('$metadata is CSDL with entity types, entity sets and operations', () => {
    const { text, headers } = fixture.get('$metadata');
    expect(headers['Content-Type']).to.equal('application/xml');
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
    const schema = parser.parse(text)['edmx:Edmx']['edmx:DataServices'].Schema;
    const type = schema.EntityType.find((one: { Name: string }) => one.Name === 'incident');
    expect(type.Key.PropertyRef.Name).to.equal('incidentid');
    expect(type.Property).to.deep.include({ Name: '_customerid_value', Type: 'Edm.Guid' });
    expect(type.NavigationProperty.map((one: { Name: string }) => one.Name)).to.include.members([
      'customerid_account',
      'Incident_Tasks',
    ]);
    expect(schema.EntityContainer.EntitySet).to.deep.include({
      Name: 'incidents',
      EntityType: 'Microsoft.Dynamics.CRM.incident',
    });
    expect(schema.EntityContainer.FunctionImport.map((one: { Name: string }) => one.Name)).to.include(
      'WhoAmI',
    );
  });

  it('$metadata annotations show change tracking', () => {
    const term = 'Org.OData.Capabilities.V1.ChangeTracking';
    expect(fixture.get('$metadata?annotations=true').text).to.include(term);
    expect(fixture.get('$metadata').text).not.to.include(term);
  });

  it('a table definition is found by logical name and by MetadataId', () => {
    const { json } = fixture.get(`${incident}?$select=EntitySetName,PrimaryIdAttribute,ObjectTypeCode`);
    expect(json).to.include({
      EntitySetName: 'incidents',
      PrimaryIdAttribute: 'incidentid',
      ObjectTypeCode: 112,
    });
    expect(json['@odata.context']).to.equal(
      `${base}/$metadata#EntityDefinitions(EntitySetName,PrimaryIdAttribute,ObjectTypeCode)/$entity`,
    );
    expect(
      fixture.get(`EntityDefinitions(${json.MetadataId})?$select=LogicalName`).json.LogicalName,
    ).to.equal('incident');
    expect(fixture.get("EntityDefinitions(LogicalName='nope')").status).to.equal(404);
  });

  it('table definitions are filtered by values, enum members and complex values', () => {
    const list = (filter: string) =>
      fixture
        .get(`EntityDefinitions?$select=LogicalName&$filter=${filter}`)
        .json.value.map((row: { LogicalName: string }) => row.LogicalName);
    expect(list("LogicalName eq 'account'")).to.deep.equal(['account']);
    expect(list('ChangeTrackingEnabled eq true')).to.include('incident').and.not.to.include('sla');
    expect(list("OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'"))
      .to.include('contact')
      .and.not.to.include('subject');
    expect(list('CanCreateAttributes/Value eq true and IsActivity eq true')).to.include('email');
  });

  it('column definitions are expanded, listed, cast and found', () => {
    const { json } = fixture.get(
      `${incident}?$select=LogicalName&$expand=Attributes($select=LogicalName,AttributeType)`,
    );
    expect(byName(json.Attributes, 'customerid')).to.include({
      AttributeType: 'Customer',
      '@odata.type': '#Microsoft.Dynamics.CRM.LookupAttributeMetadata',
    });
    const picklists = fixture.get(
      `${incident}/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet`,
    ).json.value;
    const priority = byName(picklists, 'prioritycode') as { OptionSet: { Options: { Value: number }[] } };
    expect(priority.OptionSet.Options.map(({ Value }) => Value)).to.deep.equal([1, 2, 3]);
    expect(byName(picklists, 'title')).to.equal(undefined);
    const one = fixture.get(
      `${incident}/Attributes(LogicalName='statuscode')/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)`,
    ).json;
    expect(one.OptionSet.Options[0]).to.include({ Value: 1, State: 0 });
    expect(one.OptionSet.Options[0].Label.UserLocalizedLabel.Label).to.equal('In Progress');
  });

  it('relationship definitions have the navigation property of the lookup', () => {
    const rows = fixture.get(
      `${incident}/ManyToOneRelationships?$filter=ReferencingAttribute eq 'primarycontactid'`,
    ).json.value;
    expect(rows[0]).to.include({
      ReferencedEntity: 'contact',
      ReferencingEntityNavigationPropertyName: 'primarycontactid',
    });
    const all = fixture.get('RelationshipDefinitions/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata')
      .json.value;
    expect(all.map((row: { IntersectEntityName: string }) => row.IntersectEntityName)).to.include(
      'teammembership',
    );
  });

  it('alternate keys and new columns are visible at once', () => {
    fixture.store.addColumn('account', {
      logicalName: 'new_code',
      schemaName: 'new_Code',
      displayName: 'Code',
      type: 'String',
      required: 'None',
      validForCreate: true,
      validForUpdate: true,
      maxLength: 20,
    });
    fixture.store.addKey('account', 'new_code_key', ['new_code']);
    const path = "EntityDefinitions(LogicalName='account')";
    expect(fixture.get(`${path}/Keys`).json.value[0].KeyAttributes).to.deep.equal(['new_code']);
    expect(
      fixture.get(`${path}/Attributes(LogicalName='new_code')?$select=MaxLength`).json.MaxLength,
    ).to.equal(20);
  });

  it('global choices are found by name and included in their columns', () => {
    const { json } = fixture.get("GlobalOptionSetDefinitions(Name='budgetstatus')");
    expect(json).to.include({ Name: 'budgetstatus', IsGlobal: true });
    const names = fixture.get('GlobalOptionSetDefinitions?$select=Name').json.value;
    expect(names.map(({ Name }: { Name: string }) => Name)).to.include('incident_caseorigincode');
    const columns = "EntityDefinitions(LogicalName='opportunity')/Attributes(LogicalName='budgetstatus')";
    const column = fixture.get(
      `${columns}/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=GlobalOptionSet`,
    ).json;
    expect(column.GlobalOptionSet.Options).to.deep.equal(json.Options);
    expect(fixture.get("GlobalOptionSetDefinitions(Name='nope')").status).to.equal(404);
  });

  it('keys have their members, whether they may be changed among them', () => {
    fixture.store.addKey('account', 'account_number', ['accountnumber']);
    const columns = 'LogicalName,KeyAttributes,IsCustomizable,EntityKeyIndexStatus';
    const { value } = fixture.get(`EntityDefinitions(LogicalName='account')/Keys?$select=${columns}`).json;
    const key = value.find(({ LogicalName }: { LogicalName: string }) => LogicalName === 'account_number');
    expect(key).to.include({ LogicalName: 'account_number', EntityKeyIndexStatus: 'Active' });
    expect(key.IsCustomizable.Value).to.equal(true);
  });

  describe('RetrieveMetadataChanges', () => {
    const ask = (query: object, stamp = '') => {
      const known = stamp === '' ? '' : `,ClientVersionStamp='${stamp}'`;
      return fixture.get(
        `RetrieveMetadataChanges(Query=@q${known})?@q=${encodeURIComponent(JSON.stringify(query))}`,
      );
    };
    const equals = (name: string, text: string) => ({
      Conditions: [
        { PropertyName: name, ConditionOperator: 'Equals', Value: { Type: 'System.String', Value: text } },
      ],
      FilterOperator: 'And',
    });
    const incidentTitle = {
      Criteria: equals('LogicalName', 'incident'),
      Properties: { AllProperties: false, PropertyNames: ['LogicalName', 'EntitySetName'] },
      AttributeQuery: {
        Criteria: equals('LogicalName', 'title'),
        Properties: { AllProperties: false, PropertyNames: ['MaxLength'] },
      },
    };

    it('returns the requested tables, columns and properties', () => {
      const [entity, ...others] = ask(incidentTitle).json.EntityMetadata;
      expect(others).to.have.length(0);
      expect(entity).to.include({ LogicalName: 'incident', EntitySetName: 'incidents' });
      expect(entity).to.have.all.keys(
        ...['MetadataId', 'HasChanged', 'LogicalName', 'EntitySetName', 'Attributes'],
      );
      expect(entity.Attributes[0].MaxLength).to.equal(200);
    });

    for (const list of ["['account','incident']", 'account,incident']) {
      it(`reads the list ${list} of an In condition`, () => {
        const Value = { Type: 'System.String[]', Value: list };
        const Conditions = [{ PropertyName: 'LogicalName', ConditionOperator: 'In', Value }];
        const { EntityMetadata } = ask({ Criteria: { FilterOperator: 'And', Conditions } }).json;
        const names = EntityMetadata.map(({ LogicalName }: { LogicalName: string }) => LogicalName);
        expect(names).to.have.members(['account', 'incident']);
      });
    }

    it('returns nothing for a current stamp and everything after a change', () => {
      const { ServerVersionStamp: stamp } = ask(incidentTitle).json;
      expect(ask(incidentTitle, stamp).json.EntityMetadata).to.have.length(0);
      fixture.store.addTable({ logicalName: 'new_example', set: 'new_examples' });
      expect(ask(incidentTitle, stamp).json.EntityMetadata).to.have.length(1);
    });

    it('rejects a stamp older than 90 days and an invalid one', () => {
      const { ServerVersionStamp: stamp } = ask(incidentTitle).json;
      fixture.clock.now += 91 * 24 * 60 * 60 * 1000;
      expect(ask(incidentTitle, stamp).json.error.code).to.equal('0x80044352');
      expect(ask(incidentTitle, 'none').status).to.equal(400);
    });
  });

  it('is read-only', () => {
    expect(fixture.send('PATCH', incident, {}).status).to.equal(405);
  });
});
