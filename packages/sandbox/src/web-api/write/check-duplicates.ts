import type { TableModel } from '../../model/types.ts';
import { columnEquals, stringLiteral } from '../../store/query/filter-nodes.ts';
import type { ColumnValues } from '../../store/types.ts';
import { DataverseError } from '../errors.ts';
import { getHeader } from '../headers.ts';
import type { WebApiContext } from '../types.ts';

/** The duplicate rule of each table: rows with the same value in this column are duplicates. */
const duplicateRules: Readonly<Record<string, string>> = {
  account: 'emailaddress1',
  contact: 'emailaddress1',
  lead: 'emailaddress1',
};

/**
 * Detects duplicates when the caller sends `MSCRM.SuppressDuplicateDetection: false` (or the newer
 * `MSCRM-SuppressDuplicateDetection`). Throws 412 when another row has the same e-mail address.
 */
export function checkDuplicates(
  context: WebApiContext,
  table: TableModel,
  write: { values: ColumnValues; id?: string },
): void {
  const { headers } = context.request;
  const suppressHeader =
    getHeader(headers, 'MSCRM.SuppressDuplicateDetection') ??
    getHeader(headers, 'MSCRM-SuppressDuplicateDetection');
  const column = duplicateRules[table.logicalName];
  const value = column ? write.values[column] : undefined;
  if (suppressHeader?.toLowerCase() !== 'false' || !column || typeof value !== 'string') return;
  const { rows } = context.org.store.query(table.logicalName, {
    filter: columnEquals(column, stringLiteral(value.replace(/[[%_]/g, '[$&]'))),
    select: [table.primaryId],
    pageSize: 2,
    actor: context.actor,
  });
  if (rows.some((row) => row.id !== write.id)) {
    const message =
      'A record was not created or updated because a duplicate of the current record already exists.';
    throw new DataverseError(412, '0x80040333', message);
  }
}
