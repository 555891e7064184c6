import { crmNamespace } from 'dynamics365-connector/odata';
import type { ManyToManyRelationship, Model, OneToManyRelationship, TableModel } from '../../model/types.ts';
import {
  createLabel,
  createManagedProperty,
  createMetadataId,
  type MetadataDefinition,
} from './metadata-definition.ts';

/** The relationships whose lookups lead to a table. */
export function buildOneToManyOf(model: Model, { logicalName }: TableModel): readonly MetadataDefinition[] {
  return model.oneToMany
    .filter(({ referenced }) => referenced === logicalName)
    .map((relationship) => buildOneToMany(model, relationship));
}

/** The many-to-many relationships of a table. */
export function buildManyToManyOf(model: Model, { logicalName }: TableModel): readonly MetadataDefinition[] {
  return model.manyToMany
    .filter(({ ends }) => ends.some(({ table }) => table === logicalName))
    .map(buildManyToMany);
}

/** A relationship for each target of each lookup, including those without a collection on the referenced table. */
export function buildManyToOne(model: Model, table: TableModel): readonly MetadataDefinition[] {
  const named = model.relationshipsFrom(table.logicalName);
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

/** All relationships of the organization. */
export function buildAllRelationships(model: Model): readonly MetadataDefinition[] {
  return [
    ...model.oneToMany.map((one) => buildOneToMany(model, one)),
    ...model.manyToMany.map(buildManyToMany),
  ];
}

/** The members of every relationship. */
const commonMembers = {
  HasChanged: null,
  IntroducedVersion: '5.0.0.0',
  IsValidForAdvancedFind: true,
  SecurityTypes: 'Append',
  IsCustomizable: createManagedProperty(true, 'iscustomizable'),
};

/** How the related rows appear in the menu of the referenced table: under their own plural name. */
function associatedMenu(name: string): MetadataDefinition {
  return {
    Behavior: 'UseCollectionName',
    Group: 'Details',
    Order: 10_000,
    IsCustomizable: true,
    Icon: null,
    ViewId: null,
    AvailableOffline: true,
    MenuId: null,
    QueryApi: null,
    Label: createLabel('', 'menu', name),
  };
}

function buildOneToMany(model: Model, relationship: OneToManyRelationship): MetadataDefinition {
  const { name, referenced, referencing, attribute, collection } = relationship;
  const to = model.table(referenced);
  const from = model.table(referencing);
  const lookup = from && model.attribute(from, attribute);
  const navigation = lookup?.targets?.find(({ table }) => table === referenced)?.navigation;
  return {
    '@odata.type': `#${crmNamespace}OneToManyRelationshipMetadata`,
    ...commonMembers,
    MetadataId: createMetadataId('relationship', name),
    SchemaName: name,
    RelationshipType: 'OneToManyRelationship',
    ReferencedEntity: referenced,
    ReferencedAttribute: to?.primaryId ?? null,
    ReferencedEntityNavigationPropertyName: collection,
    ReferencingEntity: referencing,
    ReferencingAttribute: attribute,
    ReferencingEntityNavigationPropertyName: navigation ?? attribute,
    CascadeConfiguration: cascadeConfiguration(relationship),
    AssociatedMenuConfiguration: associatedMenu(name),
    RelationshipAttributes: [],
    RelationshipBehavior: 1,
    EntityKey: null,
    IsHierarchical: false,
    IsCustomRelationship: lookup?.custom === true,
    IsManaged: lookup?.custom !== true,
  };
}

const deletions = { cascade: 'Cascade', restrict: 'Restrict', noCascade: 'NoCascade' } as const;

/** What follows the referenced row. A relationship that is not parental affects deletion and merging only. */
function cascadeConfiguration({ onDelete, parental, attribute }: OneToManyRelationship): MetadataDefinition {
  const shared = parental ? 'Cascade' : 'NoCascade';
  return {
    Assign: shared,
    Delete: onDelete ? deletions[onDelete] : 'RemoveLink',
    Archive: onDelete ? deletions[onDelete] : 'RemoveLink',
    Merge: parental || attribute === 'regardingobjectid' ? 'Cascade' : 'NoCascade',
    Reparent: shared,
    Share: shared,
    Unshare: shared,
    RollupView: 'NoCascade',
  };
}

function buildManyToMany({
  name,
  intersect,
  ends: [one, other],
  custom,
}: ManyToManyRelationship): MetadataDefinition {
  return {
    '@odata.type': `#${crmNamespace}ManyToManyRelationshipMetadata`,
    ...commonMembers,
    Entity1AssociatedMenuConfiguration: associatedMenu(`${name}/1`),
    Entity2AssociatedMenuConfiguration: associatedMenu(`${name}/2`),
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
    IsCustomRelationship: custom === true,
    IsManaged: custom !== true,
  };
}
