/** Names of the methods that n8n's editor calls to fill lists. Fields refer to them, list-methods.ts implements them. */

/** Loads the values of a choice column. */
export function choicesMethodName(table: string, column: string): string {
  return `choicesOf ${table}.${column}`;
}

/** Searches users; values are Microsoft Entra object IDs. */
export const usersMethodName = 'people';

/** Searches rows of tables; values are ids, or `table/id` for a lookup with several tables. */
export function rowsMethodName(kind: 'row' | 'lookup', tables: readonly string[]): string {
  return `${kind === 'row' || tables.length === 1 ? 'rowsOf' : 'linksTo'} ${tables.join('|')}`;
}
