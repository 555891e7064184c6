import { crmNamespace } from 'dynamics365-connector/odata';
import type { MetadataDefinition } from './metadata-definition.ts';

const attributeTypes =
  'BigInt Boolean DateTime Decimal Double Entity EntityName Enum File Image Integer Lookup ManagedProperty Memo Money MultiSelectPicklist Picklist State Status String UniqueIdentifier';

/** The metadata types that derive from a common type. A collection has definitions of one of these families. */
const families: readonly ReadonlySet<string>[] = [
  new Set(attributeTypes.split(' ').map((type) => `${type}AttributeMetadata`)),
  new Set(['OneToManyRelationshipMetadata', 'ManyToManyRelationshipMetadata']),
  new Set(['OptionSetMetadata', 'BooleanOptionSetMetadata']),
];

/** The definitions of a type; undefined when a collection cannot have definitions of that type. */
export function castDefinitions(
  definitions: readonly MetadataDefinition[],
  type: string,
): readonly MetadataDefinition[] | undefined {
  const family = families.find((types) => types.has(type.slice(crmNamespace.length)));
  const isPossible = definitions.some((definition) => family?.has(typeNameOf(definition)));
  if (!isPossible) return undefined;
  return definitions.filter((definition) => isOfType(definition, type));
}

/** Whether a definition has this type: `Microsoft.Dynamics.CRM.PicklistAttributeMetadata`. */
export function isOfType(definition: MetadataDefinition, type: string): boolean {
  return definition['@odata.type'] === `#${type}`;
}

function typeNameOf(definition: MetadataDefinition): string {
  return String(definition['@odata.type'] ?? '').slice(crmNamespace.length + 1);
}
