/** A label in English. */
export const label = (text: string) => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.Label',
  LocalizedLabels: [
    { '@odata.type': 'Microsoft.Dynamics.CRM.LocalizedLabel', Label: text, LanguageCode: 1033 },
  ],
});

/** The definition of a column, for `POST EntityDefinitions(…)/Attributes`. */
export const columnDefinition = (type: string, schemaName: string, rest: object = {}) => ({
  '@odata.type': `Microsoft.Dynamics.CRM.${type}AttributeMetadata`,
  SchemaName: schemaName,
  DisplayName: label(schemaName.replace(/^new_/, '')),
  RequiredLevel: { Value: 'None', CanBeChanged: true },
  ...rest,
});

/** The definition of a table with a primary name column, for `POST EntityDefinitions`. */
export const tableDefinition = (schemaName: string, rest: object = {}) => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.EntityMetadata',
  SchemaName: schemaName,
  DisplayName: label(schemaName.replace(/^new_/, '')),
  DisplayCollectionName: label(`${schemaName.replace(/^new_/, '')}s`),
  Description: label('A table of the test'),
  OwnershipType: 'UserOwned',
  HasActivities: false,
  HasNotes: false,
  IsActivity: false,
  Attributes: [
    columnDefinition('String', 'new_Name', {
      IsPrimaryName: true,
      MaxLength: 100,
      FormatName: { Value: 'Text' },
    }),
  ],
  ...rest,
});

/** The definition of a one-to-many relationship with its lookup. */
export const oneToManyDefinition = (referenced: string, referencing: string, rest: object = {}) => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
  SchemaName: `new_${referenced}_${referencing}`,
  ReferencedEntity: referenced,
  ReferencingEntity: referencing,
  Lookup: columnDefinition('Lookup', 'new_ParentId'),
  ...rest,
});

/** Options with the labels given; the organization numbers them. */
export const options = (...labels: readonly string[]) => labels.map((text) => ({ Label: label(text) }));
