import type { Row } from './row-action.ts';

/** Columns that tell rows apart, in this order, where a table has them. */
const tellingColumns = [
  ...['number', 'ticketnumber', 'title', 'name', 'fullName', 'fullname', 'subject', 'label'],
  ...['customer', 'customerid', 'email', 'emailaddress1', 'priority', 'prioritycode', 'state', 'statecode'],
  ...['status', 'statuscode', 'owner', 'ownerid', 'createdOn', 'createdon', 'modifiedOn', 'modifiedon'],
];

const maxColumns = 7;

/** The columns that a list shows. */
export function columnsOf(rows: readonly Row[]): readonly string[] {
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== 'id');
  const known = tellingColumns.filter((name) => names.includes(name));
  const others = names.filter(
    (name) => !known.includes(name) && rows.some((row) => row[name] !== null && row[name] !== undefined),
  );
  return [...known, ...(known.length < 2 ? others : [])].slice(0, maxColumns);
}

/** A value in a cell: the name of a lookup, a label, a text. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  const { name, label, id } = value as {
    readonly name?: unknown;
    readonly label?: unknown;
    readonly id?: unknown;
  };
  return String(name ?? label ?? id ?? JSON.stringify(value));
}
