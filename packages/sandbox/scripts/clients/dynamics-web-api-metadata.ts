import type { DynamicsWebApi } from 'dynamics-web-api';
import { check, type Scenario } from './scenario.ts';

const label = (text: string) => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.Label',
  LocalizedLabels: [
    { '@odata.type': 'Microsoft.Dynamics.CRM.LocalizedLabel', Label: text, LanguageCode: 1033 },
  ],
});

/** Reads and changes of tables, columns, relationships and choices. */
export function dynamicsWebApiMetadata(client: DynamicsWebApi): readonly Scenario[] {
  return [...readScenarios(client), ...tableScenarios(client), ...choiceScenarios(client)];
}

function readScenarios(client: DynamicsWebApi): readonly Scenario[] {
  const entityKey = "LogicalName='account'";
  return [
    {
      name: 'retrieveEntities',
      run: () => client.retrieveEntities({ select: ['LogicalName', 'EntitySetName'] }),
    },
    {
      name: 'retrieveEntity with attributes',
      run: () =>
        client.retrieveEntity({
          key: entityKey,
          select: ['LogicalName'],
          expand: [{ property: 'Attributes', select: ['LogicalName', 'SchemaName'] }],
        }),
    },
    {
      name: 'retrieveAttributes with options',
      run: () =>
        client.retrieveAttributes({
          entityKey,
          castType: 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata',
          expand: [{ property: 'OptionSet' }],
        }),
    },
    {
      name: 'retrieveAttribute',
      run: () => client.retrieveAttribute({ entityKey, attributeKey: "LogicalName='name'" }),
    },
    {
      name: 'retrieveRelationships',
      run: () =>
        client.retrieveRelationships({
          castType: 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
          filter: "ReferencedEntity eq 'account'",
        }),
    },
    {
      name: 'retrieveRelationship',
      run: () => client.retrieveRelationship({ key: "SchemaName='account_primary_contact'" }),
    },
    { name: 'retrieveGlobalOptionSets', run: () => client.retrieveGlobalOptionSets() },
    {
      name: 'retrieveGlobalOptionSet',
      run: () => client.retrieveGlobalOptionSet({ key: "Name='budgetstatus'" }),
    },
    {
      name: 'retrieveCsdlMetadata',
      run: async () => {
        check((await client.retrieveCsdlMetadata()).includes('<edmx:Edmx'), 'CSDL');
      },
    },
  ];
}

function tableScenarios(client: DynamicsWebApi): readonly Scenario[] {
  const primaryName = {
    '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
    AttributeType: 'String',
    AttributeTypeName: { Value: 'StringType' },
    SchemaName: 'new_Name',
    IsPrimaryName: true,
    MaxLength: 100,
    FormatName: { Value: 'Text' },
    RequiredLevel: {
      Value: 'None',
      CanBeChanged: true,
      ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings',
    },
    DisplayName: label('Name'),
  };
  const column = {
    ...primaryName,
    SchemaName: 'new_Note',
    IsPrimaryName: undefined,
    DisplayName: label('Note'),
  };
  return [
    {
      name: 'createEntity',
      run: () =>
        client.createEntity({
          data: {
            '@odata.type': 'Microsoft.Dynamics.CRM.EntityMetadata',
            SchemaName: 'new_Machine',
            DisplayName: label('Machine'),
            DisplayCollectionName: label('Machines'),
            Description: label('A machine at a customer'),
            HasActivities: false,
            HasNotes: false,
            IsActivity: false,
            OwnershipType: 'UserOwned',
            Attributes: [primaryName],
          },
        }),
    },
    {
      name: 'createAttribute',
      run: () => client.createAttribute({ entityKey: "LogicalName='new_machine'", data: column }),
    },
    {
      name: 'updateAttribute',
      run: async () => {
        const entityKey = "LogicalName='new_machine'";
        const castType = 'Microsoft.Dynamics.CRM.StringAttributeMetadata';
        const found = await client.retrieveAttribute({
          entityKey,
          castType,
          attributeKey: "LogicalName='new_note'",
        });
        const data = { ...found, DisplayName: label('Remark') };
        await client.updateAttribute({ entityKey, castType, data, mergeLabels: true });
      },
    },
    {
      name: 'updateEntity',
      run: async () => {
        const found = await client.retrieveEntity({ key: "LogicalName='new_machine'" });
        await client.updateEntity({ data: { ...found, DisplayName: label('Device') }, mergeLabels: true });
      },
    },
    {
      name: 'createRelationship and deleteRelationship',
      run: async () => {
        const id = await client.createRelationship({
          data: {
            '@odata.type': 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
            SchemaName: 'new_account_machine',
            ReferencedEntity: 'account',
            ReferencingEntity: 'new_machine',
            Lookup: {
              '@odata.type': 'Microsoft.Dynamics.CRM.LookupAttributeMetadata',
              SchemaName: 'new_AccountId',
              DisplayName: label('Account'),
            },
          },
        });
        await client.deleteRelationship({ key: id });
      },
    },
  ];
}

function choiceScenarios(client: DynamicsWebApi): readonly Scenario[] {
  return [
    {
      name: 'createGlobalOptionSet and deleteGlobalOptionSet',
      run: async () => {
        await client.createGlobalOptionSet({
          data: {
            '@odata.type': 'Microsoft.Dynamics.CRM.OptionSetMetadata',
            Name: 'new_color',
            OptionSetType: 'Picklist',
            DisplayName: label('Color'),
            Options: [{ Value: 100_000_000, Label: label('Red') }],
          },
        });
        await client.deleteGlobalOptionSet({ key: "Name='new_color'" });
      },
    },
  ];
}
