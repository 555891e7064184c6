import type { TableModel } from '../../model/types.ts';
import { type ODataQuery, parseODataQuery } from '../query-options.ts';
import { readQuotedGuids } from '../quoted-guids.ts';
import type { WebApiContext } from '../types.ts';
import { checkVersionColumn } from '../version-column.ts';

/** Parses the query options of a read of rows, as the assumptions of the organization say. */
export function parseRowQuery({ options, org }: WebApiContext, table: TableModel): ODataQuery {
  const { assumptions, store } = org;
  const query = parseODataQuery(options);
  checkVersionColumn(query, assumptions);
  if (query.filter === undefined || assumptions.quotedGuid === 'refused') return query;
  return { ...query, filter: readQuotedGuids(query.filter, { model: store.model, table }) };
}
