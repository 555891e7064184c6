import { ConnectorError } from '../errors/connector-error.ts';
import type { RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { Placeholder } from '../model/template.ts';
import type { Connection } from './connection.ts';
import { countIssues } from './count-issues.ts';
import { placeholderValue } from './template-scope.ts';

/**
 * Checks the OData filters in an action's input against the organization's tables, before the action is planned.
 * Reads no metadata for an action without such an input. QUERY_INVALID has the diagnostics and, where possible, the
 * corrected filter.
 */
export async function checkFilters(
  connection: Connection,
  action: RequestAction,
  input: JsonObject,
): Promise<void> {
  for (const placeholder of filterPlaceholders(action)) {
    const filter = placeholderValue(placeholder, { input });
    if (typeof filter === 'string')
      await checkFilter(connection, action, { filter, name: placeholder.path.slice(1).join('.') });
  }
}

function filterPlaceholders({ request }: RequestAction): readonly Placeholder[] {
  const clauses = request.query.flatMap((option) => ('clauses' in option ? option.clauses : []));
  return clauses
    .flatMap(({ parts }) => parts)
    .filter((part) => typeof part === 'object')
    .filter(({ position }) => position === 'condition');
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
  const count = countIssues(diagnostics);
  const correctedFilter = corrected?.filter;
  throw new ConnectorError('QUERY_INVALID', `${action.id}: ${name} has ${count}; no request was sent.`, {
    operation: action.id,
    diagnostics: named,
    suggestions: correctedFilter === undefined ? undefined : [correctedFilter],
    advice: correctedFilter === undefined ? undefined : `Write: ${correctedFilter}`,
  });
}
