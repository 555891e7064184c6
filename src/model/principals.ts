/** Logical names of the tables that can own rows. */
export const principalTables: readonly string[] = ['systemuser', 'team'];

/** The column that is the id of every principal; the metadata of users and teams does not list it. */
export const principalKey = 'ownerid';

/** Whether the rows of a table (by logical name) are principals: users and teams. */
export function isPrincipalTable(logicalName: string): boolean {
  return principalTables.includes(logicalName);
}

/** The lookup of a row with an owner that refers to its user or team: the owner column itself has no columns of either. */
export function owningColumn(logicalName: string): 'owningteam' | 'owninguser' {
  return logicalName === 'team' ? 'owningteam' : 'owninguser';
}
