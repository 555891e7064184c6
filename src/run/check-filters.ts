import { ConnectorError } from '../errors/connector-error.ts';
import type { RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { Placeholder, Template } from '../model/template.ts';
import type { Connection } from './connection.ts';
import { countIssues } from './count-issues.ts';
import { outputTableOf } from './require-table.ts';
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
  const clauses = clausesOf(action.request);
  const table = outputTableOf(connection, action)?.logicalName ?? '';
  await checkClauses(connection, { operation: action.id, table, clauses }, input);
}

/** The clauses of an operation's filter, on the table with this logical name. */
export interface CheckedClauses {
  readonly operation: string;
  readonly table: string;
  readonly clauses: readonly Template[];
}

/** The same for the clauses of any operation. */
export async function checkClauses(
  connection: Connection,
  { operation, table, clauses }: CheckedClauses,
  input: JsonObject,
): Promise<void> {
  for (const placeholder of filtersIn(clauses)) {
    const filter = placeholderValue(placeholder, { input });
    const name = placeholder.path.slice(1).join('.');
    if (typeof filter === 'string') await checkFilter(connection, operation, { table, filter, name });
  }
}

/** The placeholders of an action that stand for a filter. */
export function filterInputsOf({ request }: RequestAction): readonly Placeholder[] {
  return filtersIn(clausesOf(request));
}

function clausesOf({ query }: RequestAction['request']): readonly Template[] {
  return query.flatMap((option) => ('clauses' in option ? option.clauses : []));
}

function filtersIn(clauses: readonly Template[]): readonly Placeholder[] {
  return clauses
    .flatMap(({ parts }) => parts)
    .filter((part) => typeof part === 'object')
    .filter(({ position }) => position === 'condition');
}

async function checkFilter(
  { queryChecker }: Connection,
  operation: string,
  { table, filter, name }: Readonly<Record<'table' | 'filter' | 'name', string>>,
): Promise<void> {
  const { diagnostics, corrected } = await queryChecker.check({ table, filter });
  if (!diagnostics.some(({ severity }) => severity === 'error')) return;
  const named = diagnostics.map((diagnostic) => ({
    ...diagnostic,
    location: { ...diagnostic.location, file: name },
  }));
  const count = countIssues(diagnostics);
  const correctedFilter = corrected?.filter;
  throw new ConnectorError('QUERY_INVALID', `${operation}: ${name} has ${count}; no request was sent.`, {
    operation,
    diagnostics: named,
    suggestions: correctedFilter === undefined ? undefined : [correctedFilter],
    advice: correctedFilter === undefined ? undefined : `Write: ${correctedFilter}`,
  });
}
