import type { ManyToMany, Model, OneToMany, TableModel } from '../../model/types.ts';
import type { Definition } from './entity.ts';
import { metadataId } from './identity.ts';

/** The relationships of one table, by the names of the parts of its definition. */
export function relationshipsOf(model: Model, { logicalName }: TableModel): Definition {
  const named = (name: string, own: (one: OneToMany) => boolean) => ({
    [name]: model.oneToMany.filter(own).map((one) => oneToMany(model, one)),
  });
  return {
    ...named('ManyToOneRelationships', ({ referencing }) => referencing === logicalName),
    ...named('OneToManyRelationships', ({ referenced }) => referenced === logicalName),
    ManyToManyRelationships: model.manyToMany
      .filter(({ ends }) => ends.some(({ table }) => table === logicalName))
      .map(manyToMany),
  };
}

/** Every relationship of the organisation. */
export function allRelationships(model: Model): readonly Definition[] {
  return [...model.oneToMany.map((one) => oneToMany(model, one)), ...model.manyToMany.map(manyToMany)];
}

function oneToMany(
  model: Model,
  { name, referenced, referencing, attribute, collection }: OneToMany,
): Definition {
  const to = model.table(referenced);
  const from = model.table(referencing);
  const lookup = from && model.attribute(from, attribute);
  const navigation = lookup?.targets?.find(({ table }) => table === referenced)?.navigation;
  return {
    '@odata.type': '#Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
    MetadataId: metadataId('relationship', name),
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

function manyToMany({ name, intersect, ends: [one, other] }: ManyToMany): Definition {
  return {
    '@odata.type': '#Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata',
    MetadataId: metadataId('relationship', name),
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
