import type { TableModel } from '../../model/types.ts';
import type { ColumnValues } from '../../store/types.ts';
import { DataverseError } from '../errors.ts';
import { findDuplicates, readDuplicateRules } from '../find-duplicates.ts';
import { getHeader } from '../headers.ts';
import type { WebApiContext } from '../types.ts';

/**
 * Detects duplicates when the caller sends `MSCRM.SuppressDuplicateDetection: false` (or the newer
 * `MSCRM-SuppressDuplicateDetection`). Throws 412 when a published rule reports another row.
 * https://learn.microsoft.com/power-apps/developer/data-platform/detect-duplicate-data
 */
export function checkDuplicates(
  context: WebApiContext,
  table: TableModel,
  write: { readonly values: ColumnValues; readonly id?: string },
): void {
  const { org, actor, request } = context;
  const suppressHeader =
    getHeader(request.headers, 'MSCRM.SuppressDuplicateDetection') ??
    getHeader(request.headers, 'MSCRM-SuppressDuplicateDetection');
  if (suppressHeader?.toLowerCase() !== 'false') return;
  const current = write.id === undefined ? undefined : org.systemStore.read(table.logicalName, write.id);
  const subject = { table, id: write.id, values: { ...current?.values, ...write.values } };
  for (const rule of readDuplicateRules(org.systemStore, table.logicalName)) {
    const isConcerned = rule.conditions.some(({ base }) => base in write.values);
    if (isConcerned && findDuplicates(org.store, { rule, subject, actor }).length > 0) throw duplicateFound();
  }
}

const duplicateFound = () =>
  new DataverseError(
    412,
    '0x80040333',
    'A record was not created or updated because a duplicate of the current record already exists.',
  );
