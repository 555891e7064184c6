import { isLookup } from '../model/attribute.ts';
import { tablePrivilegeName } from '../model/privileges.ts';
import type { TableModel } from '../model/types.ts';
import type { OrganizationSchema } from '../store/organization-schema.ts';
import { requireTable } from '../store/require-table.ts';
import { StoreDecorator } from '../store/store-decorator.ts';
import type * as types from '../store/types.ts';
import type { CallerAccess } from './caller-access.ts';
import { secureSchema } from './secured-schema.ts';

/**
 * The store as a user sees it who is not an administrator: queries return the rows and columns that the user can read;
 * reads of single rows and writes throw 403 without the privilege or the right to the row.
 */
export class SecuredStore extends StoreDecorator {
  readonly #access: CallerAccess;

  constructor(store: types.OrganizationStore, access: CallerAccess) {
    super(store);
    this.#access = access;
  }

  override get schema(): OrganizationSchema {
    return secureSchema(this.inner.schema, this.#access);
  }
  override insert(name: string, values: types.ColumnValues, actor: types.Actor): types.StoredRow {
    const table = requireTable(this.model, name);
    const creator = { table: 'systemuser', id: this.#access.principalId };
    const owner = (values.ownerid ?? creator) as types.EntityReference;
    this.#access.requireFor('Create', table);
    this.#access.columns.requireWritable(table, { columns: Object.keys(values) });
    if ((values.overriddencreatedon ?? null) !== null) this.#access.require('prvOverrideCreatedOnCreatedBy');
    return this.inner.transaction(() => {
      const row = this.inner.insert(name, values, actor);
      if (table.ownership === 'UserOwned') this.#checkCreation(table, row, owner);
      this.#checkReferences(table, row, values);
      return this.#visible(table, row);
    });
  }
  override update(change: Parameters<types.OrganizationStore['update']>[0]): types.StoredRow {
    const table = requireTable(this.model, change.table);
    this.#access.requireFor('Write', table);
    const before = this.inner.read(change.table, change.id);
    this.#access.columns.requireWritable(table, { columns: Object.keys(change.values), rowId: change.id });
    if (before) this.#checkUpdate(table, before, change.values);
    return this.inner.transaction(() => {
      const row = this.inner.update(change);
      this.#checkReferences(table, before ?? row, change.values);
      return this.#visible(table, row);
    });
  }
  override delete(name: string, id: string, expected?: string): void {
    this.#access.requireFor('Delete', requireTable(this.model, name));
    const row = this.inner.read(name, id);
    if (row) this.#access.requireRight('Delete', row);
    this.inner.delete(name, id, expected);
  }

  override read(name: string, id: string): types.StoredRow | undefined {
    return this.#readable(requireTable(this.model, name), () => this.inner.read(name, id));
  }
  override readByKey(name: string, key: types.ColumnValues): types.StoredRow | undefined {
    return this.#readable(requireTable(this.model, name), () => this.inner.readByKey(name, key));
  }
  override query(name: string, request: types.StoreQuery): types.StoreQueryResult {
    return this.inner.query(name, { ...request, actor: this.#actor(request.actor) });
  }
  override aggregate(name: string, request: types.AggregateRequest): types.AggregateResult {
    return this.inner.aggregate(name, { ...request, actor: this.#actor(request.actor) });
  }
  override count(name: string, request?: Parameters<types.OrganizationStore['count']>[1]): number {
    const actor = this.#actor(request?.actor ?? { userId: this.#access.principalId });
    return this.inner.count(name, { ...request, actor });
  }
  override fetchXml(xml: string, actor: types.Actor): types.FetchResult {
    return this.inner.fetchXml(xml, this.#actor(actor));
  }
  override fetch(...[query, actor, window]: Parameters<types.OrganizationStore['fetch']>): types.FetchResult {
    return this.inner.fetch(query, this.#actor(actor), window);
  }

  override associate(pair: Parameters<types.OrganizationStore['associate']>[0]): void {
    this.#checkPair(pair);
    this.inner.associate(pair);
  }
  override disassociate(pair: Parameters<types.OrganizationStore['disassociate']>[0]): void {
    this.#checkPair(pair);
    this.inner.disassociate(pair);
  }

  override changesSince(name: string, request: types.ChangesRequest): types.ChangesResult {
    this.#access.requireOrganizationRead(requireTable(this.model, name));
    return this.inner.changesSince(name, { ...request, access: this.#access });
  }
  override countChanges(name: string, since: string): number {
    this.#access.requireOrganizationRead(requireTable(this.model, name));
    return this.inner.countChanges(name, since);
  }
  #actor(actor: types.Actor): types.Actor {
    return { ...actor, access: this.#access };
  }

  #readable(table: TableModel, read: () => types.StoredRow | undefined): types.StoredRow | undefined {
    this.#access.requireFor('Read', table);
    const row = read();
    if (!row) return undefined;
    this.#access.requireRight('Read', row);
    return this.#visible(table, row);
  }

  /** The row without the values of columns that the user cannot read. */
  #visible(table: TableModel, row: types.StoredRow): types.StoredRow {
    const { security } = this.inner;
    const hidden = this.#access.hiddenColumns(table).filter(({ attributeId, sharedWith: principalIds }) => {
      return !security.sharesColumn({ objectId: row.id, attributeId, principalIds, right: 'readaccess' });
    });
    if (hidden.length === 0) return row;
    const empty = Object.fromEntries(hidden.map(({ logicalName }) => [logicalName, null]));
    return { ...row, values: { ...row.values, ...empty } };
  }

  /** A row for another owner is created and then assigned. */
  #checkCreation(table: TableModel, row: types.StoredRow, owner: types.EntityReference): void {
    this.#access.requireRight('Create', row);
    if (owner.id.toLowerCase() !== this.#access.principalId) this.#access.requireFor('Assign', table);
  }

  #checkUpdate(table: TableModel, before: types.StoredRow, values: types.ColumnValues): void {
    const { ownerid: owner, ...others } = values;
    const columns = Object.keys(others).filter((name) => name !== table.primaryId);
    if (columns.length > 0 || owner === undefined) this.#access.requireRight('Write', before);
    if (owner && table.base !== 'principal') this.#access.requireRight('Assign', before);
  }

  /** A lookup needs the right to append the row, and to append to the referenced row. */
  #checkReferences(table: TableModel, row: types.StoredRow, values: types.ColumnValues): void {
    for (const [name, value] of Object.entries(values)) {
      const attribute = this.model.attribute(table, name);
      if (!attribute || !isLookup(attribute) || attribute.type === 'Owner') continue;
      if (value === null || typeof value !== 'object') continue;
      const target = this.inner.model.table(value.table);
      if (!target || tablePrivilegeName(table, 'Append') === undefined) continue;
      this.#requireAppend(row, this.inner.read(value.table, value.id));
    }
  }

  #requireAppend(row: types.StoredRow, target: types.StoredRow | undefined): void {
    this.#access.requireRight('Append', row);
    if (target) this.#access.requireRight('AppendTo', target);
  }

  /** Pairs of roles need the privilege to assign roles, other pairs the rights to append. */
  #checkPair({ near, far }: Parameters<types.OrganizationStore['associate']>[0]): void {
    if (near.table === 'role' || far.table === 'role') {
      this.#access.require('prvAssignRole');
      return;
    }
    const [one, other] = [near, far].map(({ table, id }) => this.inner.read(table, id));
    if (one) this.#requireAppend(one, other);
  }
}
