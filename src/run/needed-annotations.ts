import type { ConnectorDefinition, RequestAction } from '../model/definition.ts';
import type { Table } from '../model/table.ts';
import type { PlaceholderType } from '../model/template.ts';
import { formattedValueAnnotation, lookupTableAnnotation } from '../odata/row-annotations.ts';
import { isSelected } from './codec/shape-row.ts';
import { requireTable } from './require-table.ts';

/**
 * The annotations that the decoder of an action's output reads. Dataverse sends an annotation for every column that can
 * have it, so one that is not read can be more than half of a response: a read of texts, numbers and dates needs none.
 */
export function neededAnnotations(
  { tables }: Pick<ConnectorDefinition, 'tables'>,
  { output, request }: RequestAction,
): readonly string[] {
  const needed = new Set<string>();
  if ('table' in output) {
    const table = requireTable({ tables }, output.table);
    addForTable(table, needed);
    // The parties of an activity, which the action expands itself, are lookups.
    const hasParties = (table.parties ?? []).length > 0;
    if (hasParties && request.query.some(({ name }) => name === '$expand')) addForLookup(needed);
  }
  if (output.kind === 'json' && output.type !== undefined) addForType(output.type, tables, needed);
  return order.filter((name) => needed.has(name));
}

const order: readonly string[] = [formattedValueAnnotation, lookupTableAnnotation];

function addForTable(table: Table, needed: Set<string>): void {
  for (const column of table.columns) {
    if (!isSelected(table, column)) continue;
    if (column.type === 'lookup') addForLookup(needed);
    // The label of a choice that the schema does not have.
    if (column.type === 'choice' && column.hasAllChoices !== true) needed.add(formattedValueAnnotation);
  }
  for (const { table: other } of table.expanded ?? []) addForTable(other, needed);
}

/** The name of the row, and its table: a lookup of one table in our schema may have more in an organization. */
function addForLookup(needed: Set<string>): void {
  needed.add(formattedValueAnnotation);
  needed.add(lookupTableAnnotation);
}

function addForType(
  { kind, items, members = {}, table }: PlaceholderType,
  tables: ConnectorDefinition['tables'],
  needed: Set<string>,
): void {
  if (kind === 'lookup') addForLookup(needed);
  if (kind === 'choice') needed.add(formattedValueAnnotation);
  if (kind === 'row') addForTable(requireTable({ tables }, table ?? ''), needed);
  if (items !== undefined) addForType(items, tables, needed);
  for (const { type } of Object.values(members)) addForType(type, tables, needed);
}
