import type { Table } from '../model/table.ts';

/** Columns that tell most about a row of any table, by our names. */
const telling = [
  ...['number', 'customer', 'account', 'company', 'regarding', 'priority', 'state', 'status', 'owner'],
  ...[
    'email',
    'phone',
    'estimatedValue',
    'dueOn',
    'startOn',
    'respondBy',
    'resolveBy',
    'createdOn',
    'modifiedOn',
  ],
];

const maxMainColumns = 10;

/**
 * The few columns that tell most about a row: its id and name, what a new row needs, and the usual ones (number, customer,
 * priority, status, owner, times), in the order of the table file.
 */
export function mainColumnsOf({ columns, key, primaryName }: Table): readonly string[] {
  const isName = ({ logicalName }: { readonly logicalName: string }) =>
    [key, primaryName].includes(logicalName);
  const first = columns.filter((column) => isName(column) || column.required);
  const chosen = new Set(first.map(({ name }) => name));
  for (const name of telling) {
    if (chosen.size >= maxMainColumns) break;
    if (columns.some((column) => column.name === name)) chosen.add(name);
  }
  return columns.map(({ name }) => name).filter((name) => chosen.has(name));
}
