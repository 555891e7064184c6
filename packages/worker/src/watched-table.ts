import type { ConnectorDefinition, JsonObject, TriggerDefinition } from 'dynamics365-connector';
import { findTableByName } from 'dynamics365-connector/host';

/** The logical name of the table whose changes a subscription reads, as far as it is known without metadata. */
export function watchedTableName(
  { tables }: ConnectorDefinition,
  { table = '', inputs }: TriggerDefinition['watch'],
  params: JsonObject,
): string {
  const written = inputs === undefined ? table : String(params[inputs.table]);
  return findTableByName(tables, written)?.logicalName ?? written;
}
