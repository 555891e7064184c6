import type { ManyToManyRelationship, Model, OneToManyRelationship, TableModel } from '../../model/types.ts';
import { createMetadataId, type MetadataDefinition } from './metadata-definition.ts';

/** The relationships of one table, by the names of the parts of its definition. */
export function buildTableRelationships(model: Model, table: TableModel): MetadataDefinition {
  const { logicalName } = table;
  const named = (name: string, own: (one: OneToManyRelationship) => boolean) => ({
    [name]: model.oneToMany.filter(own).map((one) => buildOneToMany(model, one)),
  });
  return {
    ManyToOneRelationships: buildManyToOne(model, table),
    ...named('OneToManyRelationships', ({ referenced }) => referenced === logicalName),
    ManyToManyRelationships: model.manyToMany
      .filter(({ ends }) => ends.some(({ table }) => table === logicalName))
      .map(buildManyToMany),
  };
}

/** Every lookup to every table it may point at; those that no collection leads back to are relationships as well. */
function buildManyToOne(model: Model, table: TableModel): readonly MetadataDefinition[] {
  const named = model.oneToMany.filter(({ referencing }) => referencing === table.logicalName);
  const isNamed = (attribute: string, referenced: string) =>
    named.some((one) => one.attribute === attribute && one.referenced === referenced);
  const others = table.attributes.flatMap(({ logicalName: attribute, targets = [] }) =>
    targets
      .filter((target) => !isNamed(attribute, target.table))
      .map((target) => ({
        name: `${table.logicalName}_${target.navigation}_${target.table}`,
        referenced: target.table,
        collection: '',
        referencing: table.logicalName,
        attribute,
      })),
  );
  return [...named, ...others].map((one) => buildOneToMany(model, one));
}

/** Every relationship of the organization. */
export function buildAllRelationships(model: Model): readonly MetadataDefinition[] {
  return [
    ...model.oneToMany.map((one) => buildOneToMany(model, one)),
    ...model.manyToMany.map(buildManyToMany),
  ];
}

function buildOneToMany(
  model: Model,
  { name, referenced, referencing, attribute, collection }: OneToManyRelationship,
): MetadataDefinition {
  const to = model.table(referenced);
  const from = model.table(referencing);
  const lookup = from && model.attribute(from, attribute);
  const navigation = lookup?.targets?.find(({ table }) => table === referenced)?.navigation;
  return {
    '@odata.type': '#Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
    MetadataId: createMetadataId('relationship', name),
    SchemaName: name,
    RelationshipType: 'OneToManyRelationship',
    ReferencedEntity: referenced,
    ReferencedAttribute: to?.primaryId ?? null,
    ReferencedEntityNavigationPropertyName: collection,
    ReferencingEntity: referencing,
    ReferencingAttribute: attribute,
    ReferencingEntityNavigationPropertyName: navigation ?? attribute,
    IsCustomRelationship: name.includes('_') && name.startsWith('new_'),
    IsManaged: true,
  };
}

function buildManyToMany({
  name,
  intersect,
  ends: [one, other],
}: ManyToManyRelationship): MetadataDefinition {
  return {
    '@odata.type': '#Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata',
    MetadataId: createMetadataId('relationship', name),
    SchemaName: name,
    RelationshipType: 'ManyToManyRelationship',
    IntersectEntityName: intersect,
    Entity1LogicalName: one.table,
    Entity1IntersectAttribute: one.column,
    Entity1NavigationPropertyName: one.navigation,
    Entity2LogicalName: other.table,
    Entity2IntersectAttribute: other.column,
    Entity2NavigationPropertyName: other.navigation,
    IsManaged: true,
  };
}
