import type { TableModel } from '../../model/types.ts';
import { buildRowShape } from '../build-row-shape.ts';
import { invalidQuery } from '../errors.ts';
import { parseODataQuery } from '../query-options.ts';
import type { Resource } from '../resource.ts';
import type { WebApiContext } from '../types.ts';

/**
 * Checks the query options of a write before anything is written. `$select` and `$expand` are checked even if the
 * response has no body.
 */
export function checkWriteQuery(context: WebApiContext, resource: Resource): void {
  if (context.options.values.has('sql')) throw invalidQuery('The query parameter sql is not supported');
  const query = parseODataQuery(context.options);
  const table = tableOf(resource);
  if (table) buildRowShape(context.org.store.model, table, query);
}

/** The table of the rows that a resource has; undefined for an operation, whose result has a type of its own. */
function tableOf(resource: Resource): TableModel | undefined {
  switch (resource.kind) {
    case 'set':
    case 'row':
    case 'collection':
    case 'lookup':
      return resource.table;
    case 'property':
      return resource.row.table;
    case 'value':
      return resource.of.row.table;
    case 'count':
    case 'references':
      return resource.of.table;
    case 'call':
      return undefined;
  }
}
