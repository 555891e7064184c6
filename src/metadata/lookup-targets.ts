import type { MetadataNavigation, MetadataTable } from '../model/metadata.ts';
import { principalTables } from '../model/principals.ts';

/** The metadata gives an owner column one of these two target types; the actual owners are rows of users and teams. */
const owners: readonly string[] = ['owner', 'principal'];

/** The tables that a lookup can refer to, by logical name, each with the navigation property that binds its rows. */
export function lookupTargetsOf(
  { navigations }: Pick<MetadataTable, 'navigations'>,
  columnName: string,
): readonly { readonly table: string; readonly navigation: string }[] {
  const own = navigations.filter(
    ({ kind, column }: MetadataNavigation) => kind === 'manyToOne' && column === columnName,
  );
  return own.flatMap(({ target, name: navigation }) =>
    (owners.includes(target) ? principalTables : [target]).map((table) => ({ table, navigation })),
  );
}
