import { accessParents } from '../model/access-parents.ts';
import {
  type PrivilegeDepth,
  type PrivilegeVerb,
  privilegeDepths,
  privilegeId,
  privilegeVerbs,
  tablePrivilegeName,
} from '../model/privileges.ts';
import type { TableModel } from '../model/types.ts';
import { referenceId } from '../store/entity-reference.ts';
import type { DataverseError } from '../store/errors.ts';
import type { Grant } from '../store/organization-security.ts';
import type { HiddenColumn, ReadAccess, RowScope } from '../store/read-access.ts';
import { requireTable } from '../store/require-table.ts';
import type { EntityReference, OrganizationStore, StoredRow } from '../store/types.ts';
import { missingPrivilege, missingRight, noRoles } from './access-errors.ts';
import { ColumnSecurity } from './column-security.ts';

/** The rows for which a principal has a privilege; `none` without the privilege. */
type PrivilegeScope = 'none' | 'all' | RowScope;

const depthOrder = Object.keys(privilegeDepths) as PrivilegeDepth[];

/**
 * What a user or team may do: the privileges of its roles and of its teams' roles, and the rows that are shared with it.
 * With `impersonator`, only what both may do: a privilege has the lower of both access levels.
 * https://learn.microsoft.com/power-platform/admin/how-record-access-determined
 */
export class CallerAccess implements ReadAccess {
  readonly principalId: string;
  readonly columns: ColumnSecurity;
  readonly #store: OrganizationStore;
  readonly #impersonator: CallerAccess | undefined;
  readonly #scopes = new Map<string, PrivilegeScope>();
  #principals: readonly string[] | undefined;

  /** `store`: the store without checks. */
  constructor(store: OrganizationStore, principalId: string, impersonator?: CallerAccess) {
    this.#store = store;
    this.principalId = principalId;
    this.#impersonator = impersonator;
    this.columns = new ColumnSecurity(store, principalId, () => this.#principalIds());
  }

  /** Throws 403 when the principal has no role. */
  requireRole(): void {
    if (!this.#store.security.hasRole(this.principalId)) throw noRoles(this.principalId);
  }

  /** Whether the principal has a privilege, at any level. */
  has(privilege: string): boolean {
    return this.#scopeOf(privilege) !== 'none';
  }

  /** Throws 403 when the principal lacks a privilege. */
  require(privilege: string, table?: TableModel): void {
    if (!this.has(privilege)) throw this.#missing(privilege, table);
  }

  /** Whether the principal has a privilege for a table, or the table has no privileges. */
  can(verb: PrivilegeVerb, table: TableModel): boolean {
    const privilege = tablePrivilegeName(table, verb);
    return privilege === undefined || this.has(privilege);
  }

  /** Throws 403 when the principal lacks a privilege for a table. */
  requireFor(verb: PrivilegeVerb, table: TableModel): void {
    const privilege = tablePrivilegeName(table, verb);
    if (privilege) this.require(privilege, table);
  }

  /** Throws 403 when the principal cannot read all rows of a table. */
  requireOrganizationRead(table: TableModel): void {
    const privilege = tablePrivilegeName(table, 'Read');
    if (privilege && this.#scopeOf(privilege) !== 'all') throw this.#missing(privilege, table);
  }

  readScope(table: TableModel): RowScope | undefined {
    this.requireFor('Read', table);
    const scope = this.#scopeOf(tablePrivilegeName(table, 'Read'));
    if (typeof scope === 'string' || !hasRowScopes(table)) return undefined;
    return scope;
  }

  hiddenColumns(table: TableModel): readonly HiddenColumn[] {
    return this.columns.hidden(table);
  }

  /** Throws 403 when the principal lacks the privilege or this right to a row. */
  requireRight(verb: PrivilegeVerb, row: StoredRow): void {
    const table = requireTable(this.#store.model, row.table);
    this.requireFor(verb, table);
    if (!this.hasRight(verb, row)) throw missingRight(this.principalId, verb, row);
  }

  /** Whether a row is in the scope of the principal's privilege, or shared with it with this right. */
  hasRight(verb: PrivilegeVerb, row: StoredRow): boolean {
    const table = requireTable(this.#store.model, row.table);
    const scope = this.#scopeOf(tablePrivilegeName(table, verb));
    if (typeof scope === 'string' || !hasRowScopes(table)) return scope !== 'none';
    const parent = this.#parentOf(row);
    if (parent) return this.hasRight(verb === 'Read' ? 'Read' : 'Write', parent);
    return isCovered(table, row, scope) || this.#isShared(row, verb, scope);
  }

  /** All rights to a row, as bits. */
  rightsTo(row: StoredRow): number {
    const verbs = Object.entries(privilegeVerbs) as [PrivilegeVerb, number][];
    return verbs.reduce((rights, [verb, bit]) => (this.hasRight(verb, row) ? rights | bit : rights), 0);
  }

  #isShared(row: StoredRow, verb: PrivilegeVerb, scope: RowScope): boolean {
    const shared = this.#store.security.sharedRights(row.id, scope.sharedWith);
    return (shared & privilegeVerbs[verb]) !== 0;
  }

  /** The row whose access decides; undefined when the row has an access of its own. */
  #parentOf(row: StoredRow): StoredRow | undefined {
    const parent = accessParents[row.table];
    const reference = parent && (row.values[parent.column] as EntityReference | string | null | undefined);
    if (!parent || !reference) return undefined;
    return this.#store.read(parent.table, typeof reference === 'string' ? reference : reference.id);
  }

  #missing(privilege: string, table?: TableModel): DataverseError {
    return missingPrivilege(this.#store, this.principalId, privilege, table);
  }

  /** Tables without privileges have no restrictions. */
  #scopeOf(privilege: string | undefined): PrivilegeScope {
    if (privilege === undefined) return 'all';
    const known = this.#scopes.get(privilege);
    if (known) return known;
    const scope = this.#toScope(this.#grantsOf(privilege));
    this.#scopes.set(privilege, scope);
    return scope;
  }

  /** The grants of a privilege, at most at the level that the impersonator has. */
  #grantsOf(privilege: string): readonly Grant[] {
    const { security } = this.#store;
    const id = privilegeId(privilege);
    const own = security.isAdministrator(this.principalId)
      ? [this.#administratorGrant()]
      : security.grantsOf(this.principalId, id);
    if (!this.#impersonator) return own;
    const limits = this.#impersonator.#grantsOf(privilege).map(({ depth }) => depthOrder.indexOf(depth));
    if (limits.length === 0) return [];
    const limit = Math.max(...limits);
    return own.map((grant) => ({
      ...grant,
      depth: depthOrder[Math.min(limit, depthOrder.indexOf(grant.depth))] ?? 'Basic',
    }));
  }

  #administratorGrant(): Grant {
    const unit = this.#store.read('systemuser', this.principalId)?.values.businessunitid;
    return {
      depth: 'Global',
      principal: { table: 'systemuser', id: this.principalId },
      businessUnitId: referenceId(unit) ?? '',
      includesMembers: true,
    };
  }

  #principalIds(): readonly string[] {
    this.#principals ??= [this.principalId, ...this.#store.security.teamsOf(this.principalId)];
    return this.#principals;
  }

  #toScope(grants: readonly Grant[]): PrivilegeScope {
    if (grants.length === 0) return 'none';
    if (grants.some(({ depth }) => depth === 'Global')) return 'all';
    const { security } = this.#store;
    const units = grants.flatMap(({ depth, businessUnitId }) => {
      if (depth === 'Basic') return [];
      return depth === 'Deep' ? security.businessUnitsUnder(businessUnitId) : [businessUnitId];
    });
    const owners = grants.flatMap(({ principal, includesMembers }) =>
      includesMembers ? [principal.id, this.principalId] : [principal.id],
    );
    return { owners: [...new Set(owners)], businessUnits: units, sharedWith: this.#principalIds() };
  }
}

/** Rows of tables that belong to the organization are accessible all or none. */
const hasRowScopes = ({ ownership }: TableModel): boolean =>
  ownership === 'UserOwned' || ownership === 'BusinessOwned';

function isCovered(table: TableModel, { id, values }: StoredRow, scope: RowScope): boolean {
  const idOf = (column: string): string => {
    const value = values[column] as EntityReference | string | null | undefined;
    return (typeof value === 'string' ? value : value?.id) ?? '';
  };
  if (table.ownership === 'UserOwned') {
    return scope.owners.includes(idOf('ownerid')) || scope.businessUnits.includes(idOf('owningbusinessunit'));
  }
  const unit = table.logicalName === 'businessunit' ? id : idOf('businessunitid');
  return scope.owners.includes(id) || scope.businessUnits.includes(unit);
}
