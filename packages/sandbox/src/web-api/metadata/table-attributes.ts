import type { TableModel } from '../../model/types.ts';
import { buildAttributeDefinition } from './attribute-definition.ts';
import { commonAttributeMembers, typeMembers } from './attribute-members.ts';
import { buildCompanionDefinitions } from './companion-definitions.ts';
import type { MetadataDefinition } from './metadata-definition.ts';

/** The definitions of all columns of a table and of their companions: `EntityDefinitions(…)/Attributes`. */
export function buildAttributeDefinitions(table: TableModel): readonly MetadataDefinition[] {
  const own = table.attributes.map((attribute) => ({
    ...commonAttributeMembers(attribute),
    ...buildAttributeDefinition(table, attribute),
    ...typeMembers(attribute),
  }));
  const companions = table.attributes.flatMap((attribute) => buildCompanionDefinitions(table, attribute));
  return [...own, ...companions].map((definition, index) => ({ ...definition, ColumnNumber: index + 1 }));
}
