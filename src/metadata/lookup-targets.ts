import type { MetadataNavigation, MetadataTable } from '../model/metadata.ts';
import { owningColumn, principalTables } from '../model/principals.ts';

/** The metadata gives an owner column one of these two target types; the actual owners are rows of users and teams. */
const owners: readonly string[] = ['owner', 'principal'];

/**
 * The tables that a lookup can refer to, by logical name, each with the navigation property that binds its rows. An activity
 * has its own (`createdby_email`) and inherits one (`createdby`): its own is the one.
 */
export function lookupTargetsOf(
  { navigations }: Pick<MetadataTable, 'navigations'>,
  columnName: string,
): readonly { readonly table: string; readonly navigation: string }[] {
  const own = navigations.filter(
    ({ kind, column }: MetadataNavigation) => kind === 'manyToOne' && column === columnName,
  );
  const targets = new Map<string, { readonly table: string; readonly navigation: string }>();
  for (const { target, name: navigation } of own) {
    for (const table of owners.includes(target) ? principalTables : [target])
      if (!targets.has(table)) targets.set(table, { table, navigation });
  }
  return [...targets.values()];
}

/** The navigation property that reads the users or the teams who own rows. Undefined if the table has none. */
export function ownerNavigation(
  table: Pick<MetadataTable, 'navigations'>,
  principal: string,
): string | undefined {
  return lookupTargetsOf(table, owningColumn(principal)).find((target) => target.table === principal)
    ?.navigation;
}
