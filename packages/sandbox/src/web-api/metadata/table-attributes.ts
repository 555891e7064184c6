import { constantOf } from '../../constant.ts';
import { visibleColumns } from '../../model/attribute.ts';
import type { TableModel } from '../../model/types.ts';
import { buildAttributeDefinition } from './attribute-definition.ts';
import { commonAttributeMembers, typeMembers } from './attribute-members.ts';
import { buildCompanionDefinitions } from './companion-definitions.ts';
import type { MetadataDefinition } from './metadata-definition.ts';

const nameOf = ({ LogicalName }: MetadataDefinition): string => String(LogicalName);

/** The definitions of all columns of a table and of their companions: `EntityDefinitions(…)/Attributes`. */
export const buildAttributeDefinitions = constantOf((table: TableModel): readonly MetadataDefinition[] => {
  const defined = visibleColumns(table).filter(({ inherited }) => !inherited);
  const own = defined.map((attribute) => ({
    ...commonAttributeMembers(attribute),
    ...buildAttributeDefinition(table, attribute),
    ...typeMembers(attribute),
  }));
  const unreadable = (table.metadataColumns ?? []).map((attribute) => ({
    ...commonAttributeMembers(attribute),
    ...buildAttributeDefinition(table, attribute),
    ...typeMembers(attribute),
    IsValidForRead: attribute.type === 'PartyList',
    IsValidODataAttribute: false,
    IsLogical: attribute.type === 'PartyList',
  }));
  const companions = defined.flatMap((attribute) => buildCompanionDefinitions(table, attribute));
  return [...own, ...unreadable, ...companions]
    .map((definition, index) => ({ ...definition, ColumnNumber: index + 1 }))
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
});
