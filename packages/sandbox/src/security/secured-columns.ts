import { columnEquals, stringLiteral } from '../store/query/filter-nodes.ts';
import { requireTable } from '../store/require-table.ts';
import type { Actor, OrganizationStore } from '../store/types.ts';
import { allowed, securedColumns } from './column-security.ts';

/** The column security profile of administrators, with the same id in all organizations. It has all secured columns. */
const administratorProfileId = '572329c1-a042-4e22-be47-367c6374ea45';

/** Adds the profile of administrators, where it is missing. */
export function seedAdministratorProfile(store: OrganizationStore, actor: Actor): void {
  const fieldsecurityprofileid = administratorProfileId;
  if (store.read('fieldsecurityprofile', fieldsecurityprofileid)) return;
  const values = { fieldsecurityprofileid, name: 'System Administrator', ismanaged: true };
  store.add('fieldsecurityprofile', values, actor);
}

/**
 * Brings the permissions of a table's columns in line with its definition: administrators have all permissions for each
 * secured column, and nobody has permissions for other columns.
 */
export function syncSecuredColumns(store: OrganizationStore, tableName: string, actor: Actor): void {
  const secured = securedColumns(requireTable(store.model, tableName)).map(({ logicalName }) => logicalName);
  const filter = columnEquals('entityname', stringLiteral(tableName));
  const { rows } = store.query('fieldpermission', { filter, actor });
  const columnOf = (row: (typeof rows)[number]) => String(row.values.attributelogicalname);
  for (const row of rows) {
    if (!secured.includes(columnOf(row))) store.delete('fieldpermission', row.id);
  }
  const known = rows.filter(({ values: { fieldsecurityprofileid: profile } }) => {
    return profile !== null && typeof profile === 'object' && profile.id === administratorProfileId;
  });
  for (const column of secured) {
    if (known.some((row) => columnOf(row) === column)) continue;
    const values = { entityname: tableName, attributelogicalname: column };
    const rights = { canread: allowed, cancreate: allowed, canupdate: allowed };
    const fieldsecurityprofileid = { table: 'fieldsecurityprofile', id: administratorProfileId };
    store.add('fieldpermission', { ...values, ...rights, fieldsecurityprofileid }, actor);
  }
}
