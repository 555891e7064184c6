/** Names of the methods that n8n's editor calls to fill a list, as fields and methods agree on them. */

/** Values of a choice column. */
export function choicesMethodName(table: string, column: string): string {
  return `choicesOf ${table}.${column}`;
}

/** Users, by the ids that Entra knows them by. */
export const usersMethodName = 'people';

/** Rows of some tables: by their ids, or as links that name the table where there is more than one. */
export function rowsMethodName(kind: 'row' | 'lookup', tables: readonly string[]): string {
  return `${kind === 'row' || tables.length === 1 ? 'rowsOf' : 'linksTo'} ${tables.join('|')}`;
}
