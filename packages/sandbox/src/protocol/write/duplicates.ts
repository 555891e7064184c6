import type { Filter } from 'dynamics365-connector/odata';
import type { TableModel } from '../../model/types.ts';
import type { Values } from '../../store/types.ts';
import { header } from '../headers.ts';
import { refuse } from '../refusal.ts';
import type { Exchange } from '../types.ts';

/** The published duplicate rule of each table: rows with the same value here are duplicates. */
const rules: Readonly<Record<string, string>> = {
  account: 'emailaddress1',
  contact: 'emailaddress1',
  lead: 'emailaddress1',
};

/**
 * Duplicate detection is off through the API unless the caller sends `MSCRM.SuppressDuplicateDetection: false`
 * (or the newer `MSCRM-SuppressDuplicateDetection`). 412 when another row has the same e-mail address.
 */
export function checkDuplicates(
  exchange: Exchange,
  table: TableModel,
  write: { values: Values; id?: string },
): void {
  const { headers } = exchange.request;
  const wanted =
    header(headers, 'MSCRM.SuppressDuplicateDetection') ??
    header(headers, 'MSCRM-SuppressDuplicateDetection');
  const column = rules[table.logicalName];
  const value = column ? write.values[column] : undefined;
  if (wanted?.toLowerCase() !== 'false' || !column || typeof value !== 'string') return;
  const { rows } = exchange.org.store.query(table.logicalName, {
    filter: textIs(column, value),
    select: [table.primaryId],
    pageSize: 2,
    actor: exchange.actor,
  });
  if (rows.some((row) => row.id !== write.id)) {
    const message =
      'A record was not created or updated because a duplicate of the current record already exists.';
    throw refuse(412, '0x80040333', message);
  }
}

function textIs(column: string, value: string): Filter {
  const place = { start: 0, end: 0 };
  const left = { kind: 'path', segments: [column], ...place } as const;
  const right = { kind: 'string', value: value.replace(/[[%_]/g, '[$&]'), ...place } as const;
  return { kind: 'compare', operator: 'eq', left, right, ...place };
}
