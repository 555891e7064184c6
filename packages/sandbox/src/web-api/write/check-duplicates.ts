import type { Filter } from 'dynamics365-connector/odata';
import type { TableModel } from '../../model/types.ts';
import type { ColumnValues } from '../../store/types.ts';
import { dataverseError } from '../errors.ts';
import { getHeader } from '../headers.ts';
import type { WebApiContext } from '../types.ts';

/** The published duplicate rule of each table: rows with the same value here are duplicates. */
const duplicateRules: Readonly<Record<string, string>> = {
  account: 'emailaddress1',
  contact: 'emailaddress1',
  lead: 'emailaddress1',
};

/**
 * Duplicate detection is off through the API unless the caller sends `MSCRM.SuppressDuplicateDetection: false`
 * (or the newer `MSCRM-SuppressDuplicateDetection`). 412 when another row has the same e-mail address.
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
    filter: textEquals(column, value),
    select: [table.primaryId],
    pageSize: 2,
    actor: context.actor,
  });
  if (rows.some((row) => row.id !== write.id)) {
    const message =
      'A record was not created or updated because a duplicate of the current record already exists.';
    throw dataverseError(412, '0x80040333', message);
  }
}

function textEquals(column: string, value: string): Filter {
  const noSpan = { start: 0, end: 0 };
  const left = { kind: 'path', segments: [column], ...noSpan } as const;
  const right = { kind: 'string', value: value.replace(/[[%_]/g, '[$&]'), ...noSpan } as const;
  return { kind: 'compare', operator: 'eq', left, right, ...noSpan };
}
