import type { ConnectorDefinition, OutputShape, TriggerWatch } from '../model/definition.ts';
import type { JsonSchema } from '../model/json.ts';

/** What an operation returns: the output of an action, or the rows of a trigger. */
interface Returns {
  readonly output?: OutputShape;
  readonly watch?: Pick<TriggerWatch, 'table'>;
}

/**
 * The schema of an output that is one row of a table, or rows: most operations have it, and the table has it already, so a
 * built definition leaves it out. Undefined for any other output.
 */
export function rowOutputSchema(
  { output, watch }: Returns,
  tables: ConnectorDefinition['tables'],
): JsonSchema | undefined {
  if (output === undefined) return watch?.table === undefined ? undefined : tables[watch.table]?.rowSchema;
  if (output.kind !== 'row' && output.kind !== 'rows') return undefined;
  const items = tables[output.table]?.rowSchema;
  return output.kind === 'row' || items === undefined ? items : { type: 'array', items };
}
