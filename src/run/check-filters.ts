import { ConnectorError } from '../errors/connector-error.ts';
import type { RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { Placeholder } from '../model/template.ts';
import type { Connection } from './connection.ts';
import { placeholderValue, type TemplateScope } from './template-scope.ts';

/**
 * Checks the filters that a caller wrote himself against the organization's tables, before the action is planned.
 * QUERY_INVALID carries what is wrong and the corrected text; an action without such a filter costs nothing.
 */
export async function checkFilters(
  connection: Connection,
  action: RequestAction,
  input: JsonObject,
): Promise<void> {
  for (const slot of filterSlots(action)) {
    const filter = placeholderValue(slot, { input } as TemplateScope);
    if (typeof filter === 'string')
      await checkFilter(connection, action, { filter, name: slot.path.slice(1).join('.') });
  }
}

function filterSlots({ request }: RequestAction): readonly Placeholder[] {
  return request.query.flatMap((option) =>
    'clauses' in option
      ? option.clauses.flatMap(
          ({ parts }) =>
            parts.filter(
              (part) => typeof part === 'object' && part.position === 'condition',
            ) as Placeholder[],
        )
      : [],
  );
}

async function checkFilter(
  { queryChecker, definition }: Connection,
  action: RequestAction,
  { filter, name }: { readonly filter: string; readonly name: string },
): Promise<void> {
  const table = 'table' in action.output ? definition.tables[action.output.table] : undefined;
  const { diagnostics, corrected } = await queryChecker.check({ table: table?.logicalName ?? '', filter });
  if (!diagnostics.some(({ severity }) => severity === 'error')) return;
  const named = diagnostics.map((diagnostic) => ({
    ...diagnostic,
    location: { ...diagnostic.location, file: name },
  }));
  const count = diagnostics.length === 1 ? 'one fault' : `${diagnostics.length} faults`;
  throw new ConnectorError('QUERY_INVALID', `${action.id}: the ${name} has ${count}; nothing was sent.`, {
    operation: action.id,
    diagnostics: named,
    ...(corrected?.filter === undefined
      ? {}
      : { suggestions: [corrected.filter], advice: `Write: ${corrected.filter}` }),
  });
}
