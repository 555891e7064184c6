import { parseFilter } from 'dynamics365-connector/odata';
import { DataverseError } from '../store/errors.ts';
import type { OrganizationStore } from '../store/types.ts';
import type { TableLogic } from './table-logic.ts';

/** A registration is refused if its filter cannot be evaluated for rows of its table. */
export const callbackRegistrationLogic: TableLogic = {
  before({ store, values, current }) {
    const row = { ...current?.values, ...values };
    const { filterexpression: filter, entityname: table } = row;
    if (typeof filter === 'string' && filter !== '') {
      const problem = findProblem(store, String(table), filter);
      if (problem !== undefined) throw invalidFilter(filter, String(table), problem);
    }
    return values;
  },
};

/** Why a filter cannot be evaluated; undefined if it can. */
function findProblem(store: OrganizationStore, name: string, filter: string): string | undefined {
  const parsed = parseFilter(filter);
  if (!parsed.ok) return parsed.diagnostics[0]?.message ?? 'Syntax error';
  const table = store.model.table(name);
  // A table of an app that the sandbox does not have has none of its columns either.
  if (!table) return `Could not find a property named '${/\w+/.exec(filter)?.[0]}' on type '${name}'.`;
  try {
    store.query(name, { filter: parsed.value, select: [], pageSize: 1, actor: { userId: '' } });
    return undefined;
  } catch (error) {
    if (error instanceof DataverseError) return error.message;
    throw error;
  }
}

/** https://github.com/microsoft/powerapps-tools/issues/372 */
function invalidFilter(filter: string, table: string, problem: string): DataverseError {
  const reason = problem.replace(/'(?:Microsoft\.Dynamics\.CRM\.)?(\w+)'\.$/, "'CallbackRegistration.$1'.");
  return new DataverseError(
    400,
    '0x80040203',
    `Exception parsing ${filter} submitted for attribute filterexpression of callback registration. Target entity: ${table}. Exception: Microsoft.OData.ODataException: ${reason}`,
  );
}
