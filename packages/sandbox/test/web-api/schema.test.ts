import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { base, createWebApiFixture, type FixtureResponse, type WebApiFixture } from './fixture.ts';
import {
  columnDefinition,
  label,
  oneToManyDefinition,
  options,
  tableDefinition,
} from './schema-definitions.ts';

const parcel = "EntityDefinitions(LogicalName='new_parcel')";

describe('schema over HTTP', () => {
  let fixture: WebApiFixture;
  beforeEach(() => {
    fixture = createWebApiFixture();
  });
  afterEach(() => fixture.store.close());

  const post = (path: string, body: object): FixtureResponse => {
    const response = fixture.send('POST', path, body);
    expect(response.status, response.text).to.be.oneOf([200, 204]);
    return response;
  };
  const createTable = () => post('EntityDefinitions', tableDefinition('new_Parcel'));
  const addColumn = (type: string, name: string, rest: object = {}) =>
    post(`${parcel}/Attributes`, columnDefinition(type, name, rest));
  const row = (id: string, query = '') => fixture.get(`new_parcels(${id})${query}`).json;

  describe('tables', () => {
    it('POST EntityDefinitions creates a table that is usable and visible at once', () => {
      const stamp = fixture.get('RetrieveMetadataChanges').json.ServerVersionStamp;
      const { headers, status } = createTable();
      expect(status).to.equal(204);
      const { json } = fixture.get(headers['OData-EntityId']!);
      expect(headers['OData-EntityId']).to.equal(`${base}/EntityDefinitions(${json.MetadataId})`);
      expect(json).to.include({
        LogicalName: 'new_parcel',
        SchemaName: 'new_Parcel',
        EntitySetName: 'new_parcels',
        PrimaryIdAttribute: 'new_parcelid',
        PrimaryNameAttribute: 'new_name',
        OwnershipType: 'UserOwned',
        IsCustomEntity: true,
        IsManaged: false,
        HasNotes: false,
      });
      expect(json.DisplayName.UserLocalizedLabel.Label).to.equal('Parcel');
      expect(fixture.get('$metadata').text).to.contain('<EntitySet Name="new_parcels"');
      const changes = fixture.get(`RetrieveMetadataChanges(ClientVersionStamp=@s)?@s='${stamp}'`).json;
      const names = changes.EntityMetadata.map((each: { LogicalName: string }) => each.LogicalName);
      expect(names).to.include('new_parcel');
      const id = fixture.create('new_parcels', { new_name: 'First' });
      expect(row(id)).to.include({ new_name: 'First', statecode: 0, statuscode: 1 });
      expect(row(id)._ownerid_value).to.equal(fixture.userId);
    });

    it('POST EntityDefinitions accepts further columns, an entity set name and organization ownership', () => {
      const attributes = [
        ...tableDefinition('new_Parcel').Attributes,
        columnDefinition('Money', 'new_Price'),
        columnDefinition('Boolean', 'new_Fragile'),
      ];
      post(
        'EntityDefinitions',
        tableDefinition('new_Parcel', {
          Attributes: attributes,
          EntitySetName: 'new_parcelset',
          OwnershipType: 'OrganizationOwned',
        }),
      );
      const id = fixture.create('new_parcelset', { new_name: 'A', new_price: 5, new_fragile: true });
      const found = fixture.get(`new_parcelset(${id})`).json;
      expect(found).to.include({ new_price: 5, new_price_base: 5, new_fragile: true });
      expect(found).not.to.have.property('_ownerid_value');
    });

    it('PUT EntityDefinitions changes labels, change tracking, notes and activities', () => {
      createTable();
      const body = {
        ...fixture.get(parcel).json,
        DisplayName: label('Package'),
        ChangeTrackingEnabled: true,
        HasNotes: true,
        HasActivities: true,
      };
      expect(fixture.send('PUT', parcel, body, { 'MSCRM.MergeLabels': 'true' }).status).to.equal(204);
      const { json } = fixture.get(parcel);
      expect(json.DisplayName.UserLocalizedLabel.Label).to.equal('Package');
      expect(json).to.include({ ChangeTrackingEnabled: true, HasNotes: true, HasActivities: true });
      const id = fixture.create('new_parcels', { new_name: 'A' });
      fixture.create('annotations', {
        subject: 'n',
        'objectid_new_parcel@odata.bind': `/new_parcels(${id})`,
      });
      fixture.create('tasks', {
        subject: 't',
        'regardingobjectid_new_parcel_task@odata.bind': `/new_parcels(${id})`,
      });
      expect(fixture.get(`new_parcels(${id})/new_parcel_Annotations`).json.value).to.have.length(1);
      expect(fixture.get(`new_parcels(${id})/new_parcel_Tasks`).json.value).to.have.length(1);
    });

    it('DELETE EntityDefinitions deletes a custom table with its rows; a table that a lookup needs stays', () => {
      createTable();
      const changed = tableDefinition('new_Box', { Attributes: tableDefinition('new_Box').Attributes });
      post('EntityDefinitions', changed);
      post('RelationshipDefinitions', oneToManyDefinition('new_parcel', 'new_box'));
      fixture.create('new_parcels', { new_name: 'A' });
      expect(fixture.send('DELETE', parcel).json.error.code).to.equal('0x8004f01f');
      expect(fixture.send('DELETE', "EntityDefinitions(LogicalName='new_box')").status).to.equal(204);
      expect(fixture.send('DELETE', parcel).status).to.equal(204);
      expect(fixture.get(parcel).status).to.equal(404);
      expect(fixture.get('new_parcels').status).to.equal(404);
      expect(fixture.send('DELETE', "EntityDefinitions(LogicalName='account')").status).to.equal(400);
      createTable();
      expect(fixture.get('new_parcels').json.value).to.deep.equal([]);
    });

    it('POST EntityDefinitions rejects taken names, missing prefixes and missing parts', () => {
      createTable();
      const codeOf = (schemaName: string, rest: object = {}) => {
        const { status, json } = fixture.send('POST', 'EntityDefinitions', tableDefinition(schemaName, rest));
        return [status, json.error.code];
      };
      expect(codeOf('new_PARCEL')).to.deep.equal([400, '0x80044363']);
      expect(codeOf('Parcel')).to.deep.equal([400, '0x80044366']);
      expect(codeOf('new_Par cel')).to.deep.equal([400, '0x8004700b']);
      expect(codeOf('new_Other', { LogicalName: 'new_another' })).to.deep.equal([400, '0x8004700b']);
      expect(codeOf('new_Other', { Attributes: [] })).to.deep.equal([400, '0x80047014']);
      expect(codeOf('new_Other', { DisplayName: undefined })).to.deep.equal([400, '0x8004700c']);
      const integer = [columnDefinition('Integer', 'new_Number', { IsPrimaryName: true })];
      expect(codeOf('new_Other', { Attributes: integer })).to.deep.equal([400, '0x8004700e']);
      expect(fixture.get("EntityDefinitions(LogicalName='new_other')").status).to.equal(404);
    });
  });

  describe('columns', () => {
    beforeEach(createTable);

    it('POST Attributes creates text and number columns of each type with their limits', () => {
      addColumn('String', 'new_Mail', { MaxLength: 50, FormatName: { Value: 'Email' } });
      addColumn('Memo', 'new_Remarks', { MaxLength: 3000 });
      addColumn('Integer', 'new_Count', { MinValue: 0, MaxValue: 9, Format: 'None' });
      addColumn('BigInt', 'new_Big');
      addColumn('Decimal', 'new_Weight', { MinValue: 0, MaxValue: 100, Precision: 3 });
      addColumn('Double', 'new_Ratio', { MinValue: 0, MaxValue: 1, Precision: 4 });
      addColumn('Money', 'new_Price', { Precision: 2 });
      const values = {
        new_mail: 'a@b.test',
        new_remarks: 'long',
        new_count: 5,
        new_weight: 1.125,
        new_ratio: 0.5,
        new_price: 9.5,
      };
      const id = fixture.create('new_parcels', { ...values, new_big: 900_719_925_474 });
      expect(row(id)).to.include({ ...values, new_price_base: 9.5 });
      expect(fixture.send('PATCH', `new_parcels(${id})`, { new_count: 10 }).json.error.code).to.equal(
        '0x8004432f',
      );
      const tooLong = { new_mail: 'x'.repeat(51) };
      expect(fixture.send('PATCH', `new_parcels(${id})`, tooLong).json.error.code).to.equal('0x80044331');
      const mail = fixture.get(`${parcel}/Attributes(LogicalName='new_mail')`).json;
      expect(mail).to.include({ MaxLength: 50, Format: 'Email', IsCustomAttribute: true, IsManaged: false });
    });

    it('POST Attributes answers with the URL of the column', () => {
      const { headers } = addColumn('String', 'new_Code');
      const tableId = fixture.get(parcel).json.MetadataId;
      const { MetadataId: id } = fixture.get(`${parcel}/Attributes(LogicalName='new_code')`).json;
      expect(headers['OData-EntityId']).to.equal(`${base}/EntityDefinitions(${tableId})/Attributes(${id})`);
    });

    it('POST Attributes creates days, times and Yes/No columns with labels', () => {
      addColumn('DateTime', 'new_Day', { Format: 'DateOnly', DateTimeBehavior: { Value: 'DateOnly' } });
      addColumn('DateTime', 'new_At', { Format: 'DateAndTime', DateTimeBehavior: { Value: 'UserLocal' } });
      addColumn('DateTime', 'new_Fixed', { DateTimeBehavior: { Value: 'TimeZoneIndependent' } });
      addColumn('Boolean', 'new_Ready', {
        DefaultValue: true,
        OptionSet: {
          TrueOption: { Value: 1, Label: label('Ready') },
          FalseOption: { Value: 0, Label: label('Open') },
        },
      });
      const id = fixture.create('new_parcels', { new_day: '2024-05-01', new_at: '2024-05-01T08:00:00Z' });
      const found = fixture.get(`new_parcels(${id})`, { Prefer: 'odata.include-annotations="*"' }).json;
      expect(found).to.include({ new_day: '2024-05-01', new_at: '2024-05-01T08:00:00Z', new_ready: true });
      expect(found['new_ready@OData.Community.Display.V1.FormattedValue']).to.equal('Ready');
      expect(
        fixture.get(`${parcel}/Attributes(LogicalName='new_fixed')`).json.DateTimeBehavior.Value,
      ).to.equal('TimeZoneIndependent');
    });

    it('POST Attributes creates local, global and multi-select choices', () => {
      addColumn('Picklist', 'new_Size', {
        OptionSet: { IsGlobal: false, Options: options('Small', 'Large') },
      });
      addColumn('MultiSelectPicklist', 'new_Tags', {
        OptionSet: {
          Options: [
            { Value: 1, Label: label('A') },
            { Value: 2, Label: label('B') },
          ],
        },
      });
      const created = post('GlobalOptionSetDefinitions', {
        '@odata.type': 'Microsoft.Dynamics.CRM.OptionSetMetadata',
        Name: 'new_Color',
        DisplayName: label('Color'),
        IsGlobal: true,
        OptionSetType: 'Picklist',
        Options: options('Red', 'Green'),
      });
      const [, choiceId] = /\(([^)]+)\)$/.exec(created.headers['OData-EntityId']!)!;
      addColumn('Picklist', 'new_Color', {
        'GlobalOptionSet@odata.bind': `/GlobalOptionSetDefinitions(${choiceId})`,
      });
      const values = { new_size: 100_000_001, new_tags: '1,2', new_color: 100_000_000 };
      const id = fixture.create('new_parcels', values);
      const found = fixture.get(`new_parcels(${id})`, { Prefer: 'odata.include-annotations="*"' }).json;
      expect(found).to.include({
        ...values,
        'new_size@OData.Community.Display.V1.FormattedValue': 'Large',
        'new_tags@OData.Community.Display.V1.FormattedValue': 'A; B',
        'new_color@OData.Community.Display.V1.FormattedValue': 'Red',
      });
      expect(fixture.send('POST', 'new_parcels', { new_size: 1 }).json.error.code).to.equal('0x8004431a');
      expect(fixture.get("GlobalOptionSetDefinitions(Name='new_color')").json).to.include({
        IsGlobal: true,
        IsCustomOptionSet: true,
      });
    });

    it('POST Attributes creates file, image and auto-number columns', () => {
      addColumn('File', 'new_Document', { MaxSizeInKB: 1024 });
      addColumn('Image', 'new_Photo', { MaxSizeInKB: 512 });
      addColumn('String', 'new_Number', { AutoNumberFormat: 'P-{SEQNUM:5}-{DATETIMEUTC:yyyyMMdd}' });
      const [first, second] = ['A', 'B'].map((new_name) => fixture.create('new_parcels', { new_name }));
      expect(row(first!).new_number).to.equal('P-01000-20240501');
      expect(row(second!).new_number).to.equal('P-01001-20240501');
      const headers = { 'x-ms-file-name': 'a.bin', 'Content-Type': 'application/octet-stream' };
      const bytes = new Uint8Array([1, 2, 3]);
      expect(fixture.send('PATCH', `new_parcels(${first})/new_document`, bytes, headers).status).to.equal(
        204,
      );
      expect(fixture.get(`new_parcels(${first})/new_document/$value`).status).to.equal(200);
      const image = fixture.get(`${parcel}/Attributes(LogicalName='new_photo')`).json;
      expect(image).to.include({
        '@odata.type': '#Microsoft.Dynamics.CRM.ImageAttributeMetadata',
        MaxSizeInKB: 512,
      });
      const seed = { EntityName: 'new_parcel', AttributeName: 'new_number', Value: 5 };
      expect(fixture.send('POST', 'SetAutoNumberSeed', seed).status).to.equal(204);
      expect(row(fixture.create('new_parcels', {})).new_number).to.equal('P-00005-20240501');
    });

    it('PUT Attributes changes labels and limits and keeps the rest', () => {
      addColumn('String', 'new_Code', { MaxLength: 20 });
      const path = `${parcel}/Attributes(LogicalName='new_code')`;
      const body = { ...fixture.get(path).json, DisplayName: label('Article'), MaxLength: 30 };
      expect(fixture.send('PUT', path, body, { 'MSCRM.MergeLabels': 'true' }).status).to.equal(204);
      const found = fixture.get(path).json;
      expect(found.MaxLength).to.equal(30);
      expect(found.DisplayName.UserLocalizedLabel.Label).to.equal('Article');
      const cast = `${path}/Microsoft.Dynamics.CRM.StringAttributeMetadata`;
      expect(fixture.send('PUT', cast, { MaxLength: 40 }).status).to.equal(204);
      expect(fixture.get(path).json).to.include({ MaxLength: 40, SchemaName: 'new_Code' });
    });

    it('DELETE Attributes deletes a custom column with its values', () => {
      addColumn('Money', 'new_Price');
      const id = fixture.create('new_parcels', { new_name: 'A', new_price: 1 });
      expect(fixture.send('DELETE', `${parcel}/Attributes(LogicalName='new_price')`).status).to.equal(204);
      expect(row(id)).not.to.have.any.keys('new_price', 'new_price_base');
      const primary = fixture.send('DELETE', `${parcel}/Attributes(LogicalName='new_name')`);
      expect(primary.json.error.code).to.equal('0x80047002');
      const standard = "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='telephone1')";
      expect(fixture.send('DELETE', standard).status).to.equal(400);
    });

    it('POST Attributes rejects taken names, unknown types and lookups', () => {
      addColumn('String', 'new_Code');
      const codeOf = (type: string, name: string, rest: object = {}) => {
        const body = columnDefinition(type, name, rest);
        return fixture.send('POST', `${parcel}/Attributes`, body).json.error;
      };
      expect(codeOf('Memo', 'new_code').code).to.equal('0x80047013');
      expect(codeOf('String', 'code').code).to.equal('0x80044366');
      expect(codeOf('Polygon', 'new_Area').message).to.contain('PolygonAttributeMetadata cannot be created');
      expect(codeOf('Lookup', 'new_Other').message).to.contain('LookupAttributeMetadata cannot be created');
      expect(codeOf('String', 'new_Long', { MaxLength: 5000 }).code).to.equal('0x80040203');
      expect(
        codeOf('Picklist', 'new_Pick', {
          'GlobalOptionSet@odata.bind': "/GlobalOptionSetDefinitions(Name='no')",
        }).code,
      ).to.equal('0x80040217');
    });

    it('POST Attributes adds a column to a standard table', () => {
      const path = "EntityDefinitions(LogicalName='account')/Attributes";
      post(path, columnDefinition('Integer', 'new_Score'));
      const id = fixture.create('accounts', { name: 'A', new_score: 7 });
      expect(fixture.get(`accounts?$filter=new_score eq 7`).json.value[0].accountid).to.equal(id);
    });
  });

  describe('keys', () => {
    it('POST Keys creates an active key that finds and protects rows', () => {
      createTable();
      addColumn('String', 'new_Code', { MaxLength: 20 });
      const key = { SchemaName: 'new_CodeKey', DisplayName: label('Code'), KeyAttributes: ['new_code'] };
      const { headers } = post(`${parcel}/Keys`, key);
      const { json } = fixture.get(headers['OData-EntityId']!);
      expect(json).to.include({ SchemaName: 'new_CodeKey', EntityKeyIndexStatus: 'Active' });
      expect(fixture.send('PATCH', "new_parcels(new_code='X')", { new_name: 'by key' }).status).to.equal(204);
      expect(fixture.get("new_parcels(new_code='X')").json.new_name).to.equal('by key');
      expect(fixture.send('POST', 'new_parcels', { new_code: 'X' }).json.error.code).to.equal('0x80060892');
      expect(fixture.send('POST', `${parcel}/Keys`, key).json.error.code).to.equal('0x80060893');
      const same = { ...key, SchemaName: 'new_OtherKey' };
      expect(fixture.send('POST', `${parcel}/Keys`, same).json.error.code).to.equal('0x80060894');
      const column = `${parcel}/Attributes(LogicalName='new_code')`;
      expect(fixture.send('DELETE', column).json.error.code).to.equal('0x8004f01f');
      expect(fixture.send('DELETE', `${parcel}/Keys(LogicalName='new_codekey')`).status).to.equal(204);
      expect(fixture.send('DELETE', column).status).to.equal(204);
    });

    it('a key over rows with the same values has failed until ReactivateEntityKey finds them different', () => {
      createTable();
      addColumn('String', 'new_Code', { MaxLength: 20 });
      const [, second] = [1, 2].map(() => fixture.create('new_parcels', { new_code: 'X' }));
      const key = { SchemaName: 'new_CodeKey', DisplayName: label('Code'), KeyAttributes: ['new_code'] };
      const url = post(`${parcel}/Keys`, key).headers['OData-EntityId']!;
      const status = () => fixture.get(url).json.EntityKeyIndexStatus;
      expect(status()).to.equal('Failed');
      expect(fixture.get("new_parcels(new_code='X')").json.error.code).to.equal('0x80060888');
      fixture.create('new_parcels', { new_code: 'X' });
      const reactivate = () =>
        post('ReactivateEntityKey', { EntityLogicalName: 'new_parcel', EntityKeyLogicalName: 'new_codekey' });
      reactivate();
      expect(status()).to.equal('Failed');
      for (const { new_parcelid: id } of fixture.get('new_parcels').json.value) {
        if (id !== second) fixture.send('DELETE', `new_parcels(${id})`);
      }
      reactivate();
      expect(status()).to.equal('Active');
      expect(fixture.get("new_parcels(new_code='X')").json.new_parcelid).to.equal(second);
      expect(fixture.send('POST', 'new_parcels', { new_code: 'X' }).json.error.code).to.equal('0x80060892');
    });
  });

  describe('relationships', () => {
    beforeEach(createTable);

    it('POST RelationshipDefinitions creates a one-to-many relationship with its lookup', () => {
      const definition = oneToManyDefinition('account', 'new_parcel', {
        CascadeConfiguration: { Delete: 'Cascade', Assign: 'NoCascade' },
      });
      const { headers } = post('RelationshipDefinitions', definition);
      expect(fixture.get(headers['OData-EntityId']!).json).to.include({
        SchemaName: 'new_account_new_parcel',
        ReferencingAttribute: 'new_parentid',
        ReferencedEntityNavigationPropertyName: 'new_account_new_parcel',
        ReferencingEntityNavigationPropertyName: 'new_ParentId',
        IsCustomRelationship: true,
      });
      const account = fixture.create('accounts', { name: 'A' });
      const bind = { 'new_ParentId@odata.bind': `/accounts(${account})` };
      const id = fixture.create('new_parcels', { new_name: 'P', ...bind });
      expect(row(id)._new_parentid_value).to.equal(account);
      const expanded = fixture.get(
        `accounts(${account})?$expand=new_account_new_parcel($select=new_name)`,
      ).json;
      expect(expanded.new_account_new_parcel[0].new_name).to.equal('P');
      fixture.send('DELETE', `accounts(${account})`);
      expect(fixture.get(`new_parcels(${id})`).status).to.equal(404);
    });

    it('POST RelationshipDefinitions creates a many-to-many relationship', () => {
      post('RelationshipDefinitions', {
        '@odata.type': 'Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata',
        SchemaName: 'new_Parcel_Contacts',
        Entity1LogicalName: 'new_parcel',
        Entity2LogicalName: 'contact',
        IntersectEntityName: 'new_parcel_contact',
      });
      const id = fixture.create('new_parcels', { new_name: 'P' });
      const contact = fixture.create('contacts', { lastname: 'Lee' });
      const reference = { '@odata.id': `${base}/contacts(${contact})` };
      const path = `new_parcels(${id})/new_Parcel_Contacts`;
      expect(fixture.send('POST', `${path}/$ref`, reference).status).to.equal(204);
      expect(fixture.get(path).json.value[0].lastname).to.equal('Lee');
      const key = "RelationshipDefinitions(SchemaName='new_Parcel_Contacts')";
      expect(fixture.send('DELETE', key).status).to.equal(204);
      expect(fixture.get(path).status).to.equal(404);
    });

    it('a many-to-many relationship of a table with itself has a collection of each end', () => {
      const name = 'new_parcel_parcel';
      const { headers } = post('RelationshipDefinitions', {
        '@odata.type': 'Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata',
        SchemaName: name,
        Entity1LogicalName: 'new_parcel',
        Entity2LogicalName: 'new_parcel',
        IntersectEntityName: name,
      });
      expect(fixture.get(headers['OData-EntityId']!).json).to.include({
        Entity1IntersectAttribute: 'new_parcelidone',
        Entity2IntersectAttribute: 'new_parcelidtwo',
        Entity1NavigationPropertyName: name,
        Entity2NavigationPropertyName: `${name}_referenced`,
      });
      const [one, two] = ['1', '2'].map((text) => fixture.create('new_parcels', { new_name: text }));
      const reference = { '@odata.id': `${base}/new_parcels(${two})` };
      expect(fixture.send('POST', `new_parcels(${one})/${name}/$ref`, reference).status).to.equal(204);
      expect(fixture.get(`new_parcels(${one})/${name}`).json.value[0].new_name).to.equal('2');
      expect(fixture.get(`new_parcels(${one})/${name}_referenced`).json.value).to.be.empty;
      expect(fixture.get(`new_parcels(${two})/${name}_referenced`).json.value[0].new_name).to.equal('1');
    });

    it('DELETE RelationshipDefinitions deletes the lookup; standard and taken names are rejected', () => {
      const definition = oneToManyDefinition('account', 'new_parcel');
      post('RelationshipDefinitions', definition);
      expect(fixture.send('POST', 'RelationshipDefinitions', definition).json.error.code).to.equal(
        '0x8004432b',
      );
      const bare = {
        ...definition,
        SchemaName: 'systemuser_parcel',
        Lookup: columnDefinition('Lookup', 'new_B'),
      };
      expect(fixture.send('POST', 'RelationshipDefinitions', bare).json.error.code).to.equal('0x80044366');
      const key = "RelationshipDefinitions(SchemaName='new_account_new_parcel')";
      expect(fixture.send('DELETE', key).status).to.equal(204);
      expect(fixture.get(`${parcel}/Attributes(LogicalName='new_parentid')`).status).to.equal(404);
      const standard = fixture.send(
        'DELETE',
        "RelationshipDefinitions(SchemaName='contact_customer_accounts')",
      );
      expect(standard.json.error.code).to.equal('0x8004700a');
    });

    it('CreatePolymorphicLookupAttribute creates a lookup to several tables', () => {
      const relationship = (referenced: string) => ({
        SchemaName: `new_parcel_sender_${referenced}`,
        ReferencedEntity: referenced,
        ReferencingEntity: 'new_parcel',
      });
      const { json } = post('CreatePolymorphicLookupAttribute', {
        OneToManyRelationships: ['account', 'contact'].map(relationship),
        Lookup: columnDefinition('Lookup', 'new_Sender'),
      });
      expect(json.RelationshipIds).to.have.length(2);
      const contact = fixture.create('contacts', { lastname: 'Lee' });
      const id = fixture.create('new_parcels', {
        'new_Sender_contact@odata.bind': `/contacts(${contact})`,
      });
      const found = fixture.get(`new_parcels(${id})`, { Prefer: 'odata.include-annotations="*"' }).json;
      expect(found['_new_sender_value@Microsoft.Dynamics.CRM.lookuplogicalname']).to.equal('contact');
    });
  });

  describe('options', () => {
    beforeEach(createTable);
    const optionsOf = (path: string) =>
      fixture
        .get(path)
        .json.Options.map((each: { Value: number; Label: { UserLocalizedLabel: { Label: string } } }) => [
          each.Value,
          each.Label.UserLocalizedLabel.Label,
        ]);

    it('InsertOptionValue, UpdateOptionValue, OrderOption and DeleteOptionValue change a local choice', () => {
      addColumn('Picklist', 'new_Size', { OptionSet: { Options: options('Small') } });
      const column = { EntityLogicalName: 'new_parcel', AttributeLogicalName: 'new_size' };
      const { json } = post('InsertOptionValue', { ...column, Label: label('Large') });
      expect(json.NewOptionValue).to.equal(100_000_001);
      const path = `${parcel}/Attributes(LogicalName='new_size')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata/OptionSet`;
      post('UpdateOptionValue', { ...column, Value: 100_000_001, Label: label('Big'), MergeLabels: true });
      post('OrderOption', { ...column, Values: [100_000_001, 100_000_000] });
      expect(optionsOf(path)).to.deep.equal([
        [100_000_001, 'Big'],
        [100_000_000, 'Small'],
      ]);
      fixture.create('new_parcels', { new_size: 100_000_001 });
      post('DeleteOptionValue', { ...column, Value: 100_000_001 });
      expect(optionsOf(path)).to.deep.equal([[100_000_000, 'Small']]);
      const twice = { ...column, Value: 100_000_000, Label: label('X') };
      expect(fixture.send('POST', 'InsertOptionValue', twice).json.error.code).to.equal('0x80044310');
      const unknown = { ...column, AttributeLogicalName: 'new_no', Value: 1, Label: label('X') };
      expect(fixture.send('POST', 'InsertOptionValue', unknown).json.error.code).to.equal('0x80041103');
    });

    it('options of a global choice change in all columns that use it; a choice in use cannot be deleted', () => {
      post('GlobalOptionSetDefinitions', {
        Name: 'new_color',
        DisplayName: label('Color'),
        Options: options('Red'),
      });
      const bind = { 'GlobalOptionSet@odata.bind': "/GlobalOptionSetDefinitions(Name='new_color')" };
      addColumn('Picklist', 'new_Outside', bind);
      post('InsertOptionValue', { OptionSetName: 'new_color', Value: 7, Label: label('Blue') });
      expect(optionsOf("GlobalOptionSetDefinitions(Name='new_color')")).to.deep.include([7, 'Blue']);
      fixture.create('new_parcels', { new_outside: 7 });
      const again = fixture.send('POST', 'GlobalOptionSetDefinitions', { Name: 'new_Color', Options: [] });
      expect(again.json.error.code).to.equal('0x80044363');
      const path = "GlobalOptionSetDefinitions(Name='new_color')";
      expect(fixture.send('DELETE', path).json.error.code).to.equal('0x80048417');
      fixture.send('DELETE', `${parcel}/Attributes(LogicalName='new_outside')`);
      expect(fixture.send('DELETE', path).status).to.equal(204);
      expect(fixture.get(path).status).to.equal(404);
    });

    it('InsertStatusValue adds a status reason to a state', () => {
      const { json } = post('InsertStatusValue', {
        EntityLogicalName: 'new_parcel',
        AttributeLogicalName: 'statuscode',
        Label: label('Lost'),
        StateCode: 1,
      });
      const id = fixture.create('new_parcels', {});
      const body = { statecode: 1, statuscode: json.NewOptionValue };
      expect(fixture.send('PATCH', `new_parcels(${id})`, body).status).to.equal(204);
      expect(row(id)).to.include(body);
    });

    it('PublishXml and PublishAllXml answer 204', () => {
      expect(fixture.send('POST', 'PublishXml', { ParameterXml: '<importexportxml />' }).status).to.equal(
        204,
      );
      expect(fixture.send('POST', 'PublishAllXml').status).to.equal(204);
    });
  });

  describe('solutions', () => {
    const publisherBody = { uniquename: 'contoso', friendlyname: 'Contoso', customizationprefix: 'con' };

    it('publishers and solutions are rows; components are added to the solution of the header', () => {
      const publisher = fixture.create('publishers', publisherBody);
      const solution = fixture.create('solutions', {
        uniquename: 'parcels',
        friendlyname: 'Parcels',
        version: '1.0.0.0',
        'publisherid@odata.bind': `/publishers(${publisher})`,
      });
      const headers = { 'MSCRM.SolutionUniqueName': 'parcels' };
      const table = tableDefinition('con_Parcel');
      expect(fixture.send('POST', 'EntityDefinitions', table, headers).status).to.equal(204);
      const [component] = fixture.get(`solutions(${solution})/solution_solutioncomponent`).json.value;
      const { MetadataId: id } = fixture.get("EntityDefinitions(LogicalName='con_parcel')").json;
      expect(component).to.include({ componenttype: 1, objectid: id });
      const expanded = fixture.get(`solutions?$expand=publisherid&$filter=uniquename eq 'parcels'`).json
        .value[0];
      expect(expanded.publisherid.customizationprefix).to.equal('con');
      expect(expanded).to.include({ ismanaged: false, isvisible: true });
    });

    it('new options begin with the prefix of the publisher; SolutionUniqueName of an action is the header', () => {
      const body = { ...publisherBody, customizationoptionvalueprefix: 72_700 };
      const publisher = fixture.create('publishers', body);
      const solution = fixture.create('solutions', {
        uniquename: 'parcels',
        friendlyname: 'Parcels',
        version: '1.0.0.0',
        'publisherid@odata.bind': `/publishers(${publisher})`,
      });
      createTable();
      const size = columnDefinition('Picklist', 'con_Size', {
        OptionSet: { Options: [{ Label: label('S') }, { Label: label('M') }] },
      });
      const headers = { 'MSCRM.SolutionUniqueName': 'parcels' };
      expect(fixture.send('POST', `${parcel}/Attributes`, size, headers).status).to.equal(204);
      const column = { EntityLogicalName: 'new_parcel', AttributeLogicalName: 'con_size' };
      const insert = (rest: object) =>
        fixture.send('POST', 'InsertOptionValue', { ...column, Label: label('L'), ...rest });
      expect(insert({ SolutionUniqueName: 'parcels' }).json.NewOptionValue).to.equal(727_000_002);
      expect(insert({}).json.NewOptionValue).to.equal(100_000_000);
      expect(insert({ SolutionUniqueName: 'nope' }).json.error.code).to.equal('0x8004f002');
      const owner = fixture.send('POST', 'CreateCustomerRelationships', {
        OneToManyRelationships: ['account', 'contact'].map((referenced) => ({
          SchemaName: `con_parcel_owner_${referenced}`,
          ReferencedEntity: referenced,
          ReferencingEntity: 'new_parcel',
        })),
        Lookup: columnDefinition('Lookup', 'con_Owner'),
        SolutionUniqueName: 'parcels',
      });
      const components = fixture.get(`solutions(${solution})/solution_solutioncomponent`).json.value;
      const ids = components.map((each: { objectid: string }) => each.objectid);
      expect(ids).to.include.members([owner.json.AttributeId, ...owner.json.RelationshipIds]);
    });

    it('invalid prefixes, taken names and unknown solutions are rejected', () => {
      const prefix = { ...publisherBody, customizationprefix: 'c-1' };
      expect(fixture.send('POST', 'publishers', prefix).json.error.code).to.equal('0x80044366');
      fixture.create('publishers', publisherBody);
      expect(fixture.send('POST', 'publishers', publisherBody).json.error.code).to.equal('0x8004f01c');
      const headers = { 'MSCRM.SolutionUniqueName': 'nope' };
      const refused = fixture.send('POST', 'EntityDefinitions', tableDefinition('con_Parcel'), headers);
      expect(refused.json.error.code).to.equal('0x8004f002');
      expect(fixture.get("EntityDefinitions(LogicalName='con_parcel')").status).to.equal(404);
    });
  });

  it('a change that is to commit late is committed at once', () => {
    const work = () => fixture.send('POST', 'EntityDefinitions', tableDefinition('new_Parcel'));
    expect(fixture.store.commitLater(fixture.clock.now + 1000, work).status).to.equal(204);
    const id = fixture.create('new_parcels', { new_name: 'A' });
    fixture.clock.now += 2000;
    expect(row(id).new_name).to.equal('A');
    expect(fixture.get('new_parcels').json.value).to.have.length(1);
  });

  it('a change set that fails leaves the schema as it was', () => {
    const part = (id: number, path: string, body: object) =>
      `--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ${id}\r\n\r\nPOST ${base}/${path} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(body)}\r\n`;
    const parts = [
      part(1, 'EntityDefinitions', tableDefinition('new_Parcel')),
      part(2, 'accounts', { no: 1 }),
    ];
    const body = `--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${parts.join('')}--c--\r\n--b--\r\n`;
    fixture.send('POST', '$batch', body, { 'Content-Type': 'multipart/mixed; boundary=b' });
    expect(fixture.get(parcel).status).to.equal(404);
    createTable();
    fixture.create('new_parcels', { new_name: 'A' });
  });
});

describe('schema over HTTP: reopened file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-schema-'));
  after(() => rmSync(folder, { recursive: true }));

  it('keeps tables, columns, keys, relationships, choices and deletions', () => {
    const file = join(folder, 'org.db');
    const first = createWebApiFixture(file);
    const send = (method: string, path: string, body?: object) => {
      const { status, text } = first.send(method, path, body);
      expect(status, text).to.equal(204);
    };
    send('POST', 'EntityDefinitions', tableDefinition('new_Parcel', { HasNotes: true }));
    send('POST', 'EntityDefinitions', tableDefinition('new_Gone'));
    send('DELETE', "EntityDefinitions(LogicalName='new_gone')");
    send('POST', 'GlobalOptionSetDefinitions', { Name: 'new_color', Options: options('Red') });
    const bind = { 'GlobalOptionSet@odata.bind': "/GlobalOptionSetDefinitions(Name='new_color')" };
    send('POST', `${parcel}/Attributes`, columnDefinition('Picklist', 'new_Color', bind));
    send('POST', `${parcel}/Attributes`, columnDefinition('String', 'new_Old'));
    send(
      'POST',
      `${parcel}/Attributes`,
      columnDefinition('String', 'new_Code', { AutoNumberFormat: '{SEQNUM:3}' }),
    );
    send('DELETE', `${parcel}/Attributes(LogicalName='new_old')`);
    send('POST', `${parcel}/Keys`, { SchemaName: 'new_CodeKey', KeyAttributes: ['new_code'] });
    send('POST', 'RelationshipDefinitions', oneToManyDefinition('account', 'new_parcel'));
    const account = first.create('accounts', { name: 'A' });
    const values = { new_color: 100_000_000, 'new_ParentId@odata.bind': `/accounts(${account})` };
    const id = first.create('new_parcels', values);
    const definition = first.get(`${parcel}?$expand=Attributes,Keys`).json;
    first.store.close();

    const second = createWebApiFixture(file);
    expect(second.get(`${parcel}?$expand=Attributes,Keys`).json).to.deep.equal(definition);
    expect(second.get("new_parcels(new_code='1000')").json.new_parcelid).to.equal(id);
    expect(second.get(`accounts(${account})/new_account_new_parcel`).json.value).to.have.length(1);
    expect(second.get("EntityDefinitions(LogicalName='new_gone')").status).to.equal(404);
    second.create('new_parcels', { new_color: 100_000_000 });
    expect(second.get("new_parcels(new_code='1001')").status).to.equal(200);
    second.store.close();
  });
});
