import { type PrivilegeVerb, privilegeId } from '../model/privileges.ts';
import type { TableModel } from '../model/types.ts';
import { referenceId } from '../store/entity-reference.ts';
import { DataverseError } from '../store/errors.ts';
import type { ColumnValues, OrganizationStore, StoredRow } from '../store/types.ts';

const accessModes: Readonly<Record<number, string>> = {
  0: 'Read-Write',
  1: 'Administrative',
  2: 'Read',
  3: 'Support User',
  4: 'Non-interactive',
  5: 'Delegated Admin',
};

/** 403: none of the user's roles has this privilege. */
export function missingPrivilege(
  store: OrganizationStore,
  principalId: string,
  privilege: string,
  table?: TableModel,
): DataverseError {
  const values: ColumnValues = store.read('systemuser', principalId)?.values ?? {};
  const { roles, privileges } = store.security.countsOf(principalId);
  const mode = Number(values.accessmode ?? 0);
  const principal = [
    `Id=${principalId}`,
    'type=8',
    `roleCount=${roles}`,
    `privilegeCount=${privileges}`,
    `accessMode='${mode} ${accessModes[mode] ?? ''}'`,
    `AADObjectId='${values.azureactivedirectoryobjectid ?? ''}'`,
    `MetadataCachePrivilegesCount=${store.count('privilege')}`,
    `businessUnitId=${referenceId(values.businessunitid) ?? ''}`,
  ].join(', ');
  const where = table
    ? ` on OTC=${table.typeCode} for entity '${table.logicalName}' (LocalizedName='${table.displayName}')`
    : '';
  const what = `is missing ${privilege} privilege (Id=${privilegeId(privilege)})${where}.`;
  const advice = 'Consider adding missed privilege to one of the principal (user/team) roles.';
  return new DataverseError(
    403,
    '0x80040220',
    `Principal user (${principal}), ${what} context.Caller=${principalId}. ${advice}`,
  );
}

/** 403: the user has the privilege, but not for this row. */
export const missingRight = (
  principalId: string,
  verb: PrivilegeVerb,
  { id, table }: Pick<StoredRow, 'id' | 'table'>,
): DataverseError =>
  new DataverseError(
    403,
    '0x80048306',
    `Principal with id ${principalId} does not have ${verb}Access right(s) for record with id ${id} of entity ${table}`,
  );

/** 403: the user has no role. */
export const noRoles = (principalId: string): DataverseError =>
  new DataverseError(
    403,
    '0x80042f09',
    `SecLib::CheckPrivilegeForUser failed - no roles are assigned to user. Returned hr = -2147209463, User: ${principalId}`,
  );

/** 403: a column security profile does not let the user write this column. */
export const columnNotWritable = (
  principalId: string,
  { table, column, creating }: { table: TableModel; column: string; creating: boolean },
): DataverseError =>
  new DataverseError(
    403,
    creating ? '0x8004f502' : '0x8004f507',
    `Caller user with Id ${principalId} does not have ${creating ? 'create' : 'update'} permissions to a ${column} secured field on entity ${table.displayName}. The requested operation could not be completed.`,
  );
